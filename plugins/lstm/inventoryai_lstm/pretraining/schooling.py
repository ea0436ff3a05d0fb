"""Teaching the network from nothing, with stops: what was learnt so far lies in a folder."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import torch

from inventoryai.forecasting import Frequency
from inventoryai_lstm import weights
from inventoryai_lstm.learning import Learner
from inventoryai_lstm.lessons import Lesson
from inventoryai_lstm.network import Network
from inventoryai_lstm.pretraining.plot import draw
from inventoryai_lstm.pretraining.real import Source
from inventoryai_lstm.pretraining.recipe import Recipe

_REMEMBERS: Final = 0.998

CHECKPOINT: Final = "checkpoint.safetensors"
LOG: Final = "losses.csv"
PLOT: Final = "losses.svg"


@dataclass(slots=True)
class Schooling:
    """A network being taught.

    Attributes:
        recipe: How.
        folder: Where checkpoint, log and plot are.
        learner: The network, after ``learner.steps`` steps.
        losses: Step, frequency and loss of each step.
        kept_every: Steps from one checkpoint to the next.
    """

    recipe: Recipe
    folder: Path
    learner: Learner
    losses: list[tuple[int, Frequency, float]] = field(default_factory=list)
    kept_every: int = 50

    @classmethod
    def begun(cls, recipe: Recipe, folder: Path) -> "Schooling":
        """From the checkpoint in the folder, where there is one of the same recipe; else from nothing.

        Raises:
            ValueError: The checkpoint is of another recipe.
        """
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(recipe.seed)
        kept = folder / CHECKPOINT
        if not kept.exists():
            return cls(recipe, folder, Learner(Network(), remembers=_REMEMBERS))
        notes, words = weights.unpacked(kept.read_bytes())
        if json.loads(words["recipe"]) != asdict(recipe):
            raise ValueError(f"{kept} is of another recipe: {words['recipe']}; take another folder")
        learner = Learner.going_on(notes, int(words["steps"]), _REMEMBERS)
        return cls(recipe, folder, learner, _read_log(folder / LOG, learner.steps))

    def teach(self, sources: Mapping[Frequency, Sequence[Source]]) -> None:
        """All steps that are left; what was learnt is kept now and then."""
        start, first = time.monotonic(), self.learner.steps
        while self.learner.steps < self.recipe.steps:
            step = self.learner.steps
            sample = self.recipe.sample(step, sources)
            loss = self.learner.learn(Lesson.of(sample), self.recipe.rate_at(step))
            self.losses.append((step, sample.histories.frequency, loss))
            if self.learner.steps % self.kept_every == 0 or self.learner.steps == self.recipe.steps:
                self._keep()
            self._tell((time.monotonic() - start) / (self.learner.steps - first))

    def result(self) -> bytes:
        """The weights to be shipped: the running mean."""
        return weights.packed(self.learner.mean.state_dict(), {"recipe": json.dumps(asdict(self.recipe))})

    def _keep(self) -> None:
        """The checkpoint, the log and its plot; a stop while they are written leaves the old checkpoint."""
        words = {"steps": str(self.learner.steps), "recipe": json.dumps(asdict(self.recipe))}
        fresh = self.folder / f"{CHECKPOINT}.new"
        fresh.write_bytes(weights.packed(self.learner.notes(), words))
        lines = [f"{step},{frequency},{loss:.6f}\n" for step, frequency, loss in self.losses]
        (self.folder / LOG).write_text("step,frequency,loss\n" + "".join(lines))
        (self.folder / PLOT).write_text(draw(self.losses))
        fresh.replace(self.folder / CHECKPOINT)

    def _tell(self, seconds: float) -> None:
        """A bar on one line: what is done, what it costs now, and how long it still takes."""
        done, steps = self.learner.steps, self.recipe.steps
        if done % 10 and done != steps:
            return
        bar = "#" * round(30 * done / steps)
        recent = [loss for _, _, loss in self.losses[-100:]]
        left = seconds * (steps - done) / 60
        text = f"\r[{bar:30}] {done}/{steps}  loss {sum(recent) / len(recent):.4f}  {left:.0f} min left "
        print(text, end="\n" if done == steps else "", flush=True)  # noqa: T201 - it is a command


def _read_log(path: Path, steps: int) -> list[tuple[int, Frequency, float]]:
    """The losses of the steps before the checkpoint."""
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    rows = [line.split(",") for line in lines]
    return [(int(step), Frequency(name), float(loss)) for step, name, loss in rows if int(step) < steps]
