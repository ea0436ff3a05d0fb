"""Learning a company's own demand: from the shipped weights, in small steps, as long as it helps."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from inventoryai.forecasting import Frequency, Panel, Training
from inventoryai_lstm import weights
from inventoryai_lstm.histories import CONTEXT, REACH
from inventoryai_lstm.learning import Learner
from inventoryai_lstm.lessons import Lesson, loss_of
from inventoryai_lstm.network import Network
from inventoryai_lstm.series import SHORTEST, Sample, Series

_HORIZON: Final = {Frequency.DAY: 28, Frequency.WEEK: 13, Frequency.MONTH: 12}
_BATCH: Final = 128
_LESSONS: Final = 40
"""Batches in an epoch."""
EPOCHS: Final = 12
_PATIENCE: Final = 3
"""Epochs without a gain after which learning ends."""
_RATE: Final = 6e-4
_JUDGED: Final = 2_000
"""Products whose last periods tell whether an epoch has helped, at most."""
_REMEMBERS: Final = 0.98


@dataclass(slots=True)
class _Best:
    """The weights that did best on the last periods, and what they cost there."""

    weights: dict[str, Tensor]
    loss: float
    epoch: int


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What is learnt from and what is judged by.

    Attributes:
        series: Without the last periods.
        horizon: Periods that are looked ahead.
        exam: The last periods of some products, and what is known before them.
    """

    series: Series
    horizon: int
    exam: tuple[Lesson, ...]

    @classmethod
    def of(cls, panel: Panel, seed: int) -> "_Course":
        """Raises ValueError when no product is long enough to learn from and to be judged by."""
        longest = int(panel.lengths.max())
        horizon = min(_HORIZON[panel.frequency], (longest - SHORTEST) // 4)
        if horizon < 1:
            raise ValueError(f"at least {SHORTEST + 4} periods of a product are needed to learn from it")
        return cls(Series.of(panel, horizon), horizon, _exam(Series.of(panel), horizon, seed))

    def reach(self) -> int:
        """Periods of the past that are shown."""
        frequency, there = self.series.frequency, self.series.demand.shape[1]
        return max(CONTEXT[frequency], min(REACH[frequency], there))

    def lesson(self, seed: int, epoch: int, place: int) -> Lesson:
        """A batch; it depends on where it stands alone, so that a stop changes nothing."""
        random = np.random.default_rng([seed, epoch, place])
        return Lesson.of(self.series.sample(random, _BATCH, self.horizon, self.reach()))


def taught_further(network: Network, panel: Panel, seed: int, progress: Training) -> bytes:
    """Weights that were taught further on a panel, or those that there were, where that did not help.

    Args:
        network: Where learning starts.
        panel: What is learnt from; its last periods judge, and teach nothing.
        seed: Where the choice of products and days comes from.
        progress: Told of every epoch, and given what to go on from.

    Raises:
        ValueError: No product has enough periods.
    """
    course = _Course.of(panel, seed)
    learner, best, first = _begun(network, course, progress.checkpoint)
    progress(first / EPOCHS)
    for epoch in range(first, EPOCHS):
        if epoch - best.epoch >= _PATIENCE:
            break
        for place in range(_LESSONS):
            share = (epoch + place / _LESSONS) / EPOCHS
            rate = _RATE * min(1.0, (learner.steps + 1) / 40) * 0.5 * (1 + np.cos(np.pi * share))
            learner.learn(course.lesson(seed, epoch, place), rate)
            progress((epoch + (place + 1) / _LESSONS) / EPOCHS)
        loss = _cost(learner.mean, course)
        if loss < best.loss:
            best = _Best(_copied(learner.mean), loss, epoch + 1)
        progress.keep(_checkpoint(learner, best, epoch + 1))
    progress(1.0)
    return weights.packed(best.weights, {"epochs": str(best.epoch), "loss": f"{best.loss:.6f}"})


def _begun(network: Network, course: _Course, checkpoint: bytes | None) -> tuple[Learner, _Best, int]:
    """Who learns, the best so far, and the epoch that comes next."""
    if checkpoint is not None:
        notes, words = weights.unpacked(checkpoint)
        learner = Learner.going_on(notes, int(words["steps"]), _REMEMBERS)
        kept = {name[5:]: tensor for name, tensor in notes.items() if name.startswith("best.")}
        return learner, _Best(kept, float(words["loss"]), int(words["best"])), int(words["epoch"])
    start = Network()
    start.load_state_dict(network.state_dict())
    return Learner(start, _REMEMBERS), _Best(_copied(network), _cost(network, course), 0), 0


def _checkpoint(learner: Learner, best: _Best, epoch: int) -> bytes:
    notes = learner.notes() | {f"best.{name}": tensor for name, tensor in best.weights.items()}
    words = {"steps": learner.steps, "loss": repr(best.loss), "best": best.epoch, "epoch": epoch}
    return weights.packed(notes, {name: str(word) for name, word in words.items()})


def _copied(network: Network) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def _exam(series: Series, horizon: int, seed: int) -> tuple[Lesson, ...]:
    """The last periods of each product, some hundreds at a time."""
    periods = series.demand.shape[1]
    rows = np.flatnonzero(periods - horizon - series.begins() >= SHORTEST)
    if not len(rows):
        raise ValueError(f"no product has {SHORTEST + horizon} periods, which are needed to learn from it")
    if len(rows) > _JUDGED:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _JUDGED, replace=False))
    reach = max(CONTEXT[series.frequency], min(REACH[series.frequency], periods))
    parts = np.array_split(rows, -(-len(rows) // 256))
    return tuple(_lesson(series, part, (reach, horizon)) for part in parts)


def _lesson(series: Series, rows: np.ndarray, size: tuple[int, int]) -> Lesson:
    cuts = np.full(len(rows), series.demand.shape[1] - size[1])
    sample: Sample = series.cut(rows, cuts, size)
    return Lesson.of(sample)


def _cost(network: Network, course: _Course) -> float:
    """What the answers to the exam cost, a product."""
    network.eval()
    with torch.inference_mode():
        losses = [float(loss_of(network, lesson)) * len(lesson.actual) for lesson in course.exam]
    return sum(losses) / sum(len(lesson.actual) for lesson in course.exam)
