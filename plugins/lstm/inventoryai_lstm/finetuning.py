"""Learning a company's own demand: from the shipped weights, in small steps, as long as it helps.

What is kept lies between the weights that were shipped and those that were learnt: it forecasts
better than either where a company's past is not quite its future (Wortsman et al. 2022).
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from inventoryai.forecasting import Frequency, Panel, Training
from inventoryai_lstm import devices, weights
from inventoryai_lstm.histories import CONTEXT, REACH
from inventoryai_lstm.learning import Learner, under
from inventoryai_lstm.lessons import Lesson, loss_of
from inventoryai_lstm.network import Network
from inventoryai_lstm.series import SHORTEST, Series

_HORIZON: Final = {Frequency.DAY: 28, Frequency.WEEK: 13, Frequency.MONTH: 12}
_BATCH: Final = 128
_LESSONS: Final = 40
"""Batches in an epoch, at most: small companies have seen all they have in fewer."""
_CUTS: Final = 256
"""Places at which series can be cut, for a batch in an epoch."""
_FARTHER: Final = 0.6
"""How far from the shipped weights to those that were learnt the kept ones lie."""
EPOCHS: Final = 12
PATIENCE: Final = 3
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
        lessons: Batches in an epoch.
    """

    series: Series
    horizon: int
    exam: tuple[Lesson, ...]
    lessons: int

    @classmethod
    def of(cls, panel: Panel, seed: int) -> "_Course":
        """Raises ValueError when no product is long enough to learn from and to be judged by."""
        longest = int(panel.lengths.max())
        horizon = min(_HORIZON[panel.frequency], (longest - SHORTEST) // 4)
        if horizon < 1:
            raise ValueError(f"at least {SHORTEST + 4} periods of a product are needed to learn from it")
        series = Series.of(panel, horizon)
        cuts = np.maximum(series.demand.shape[1] - series.begins() - SHORTEST, 0).sum()
        lessons = int(np.clip(cuts // _CUTS, 4, _LESSONS))
        return cls(series, horizon, _exam(Series.of(panel), horizon, seed), lessons)

    def lesson(self, seed: int, epoch: int, place: int) -> Lesson:
        """A batch; it depends on where it stands alone, so that a stop changes nothing."""
        random = np.random.default_rng([seed, epoch, place])
        return Lesson.of(self.series.sample(random, _BATCH, self.horizon, _reach(self.series)))


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
        if epoch - best.epoch >= PATIENCE:
            break
        for place in range(course.lessons):
            share = (epoch + place / course.lessons) / EPOCHS
            rate = _RATE * min(1.0, (learner.steps + 1) / 40) * 0.5 * (1 + np.cos(np.pi * share))
            learner.learn(course.lesson(seed, epoch, place), rate)
            progress((epoch + (place + 1) / course.lessons) / EPOCHS)
        between = _between(network, learner.mean)
        loss = _cost(between, course)
        if loss < best.loss:
            best = _Best(_copied(between), loss, epoch + 1)
        progress.keep(_checkpoint(learner, best, epoch + 1))
    progress(1.0)
    return weights.packed(best.weights, {"epochs": str(best.epoch), "loss": f"{best.loss:.6f}"})


def _begun(network: Network, course: _Course, checkpoint: bytes | None) -> tuple[Learner, _Best, int]:
    """Who learns, the best so far, and the epoch that comes next.

    A checkpoint that cannot be read costs what was learnt before it, and no more.
    """
    if checkpoint is not None:
        with suppress(ValueError, KeyError, RuntimeError):
            return _going_on(checkpoint)
    start = Network()
    start.load_state_dict(network.state_dict())
    return Learner(start, _REMEMBERS), _Best(_copied(network), _cost(network, course), 0), 0


def _going_on(checkpoint: bytes) -> tuple[Learner, _Best, int]:
    notes, words = weights.unpacked(checkpoint)
    learner = Learner.going_on(notes, int(words["steps"]), _REMEMBERS)
    kept = weights.restored(under("best", notes)).state_dict()
    return learner, _Best(kept, float(words["loss"]), int(words["best"])), int(words["epoch"])


def _checkpoint(learner: Learner, best: _Best, epoch: int) -> bytes:
    notes = learner.notes() | {f"best.{name}": tensor for name, tensor in best.weights.items()}
    words = {"steps": learner.steps, "loss": repr(best.loss), "best": best.epoch, "epoch": epoch}
    return weights.packed(notes, {name: str(word) for name, word in words.items()})


def _between(start: Network, end: Network) -> Network:
    """The network between two."""
    between = Network()
    ends = end.state_dict()
    shares = {
        name: torch.lerp(weight, ends[name].to(weight.device), _FARTHER)
        for name, weight in start.state_dict().items()
    }
    between.load_state_dict(shares)
    return between


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
    size = (_reach(series), horizon)
    parts = np.array_split(rows, -(-len(rows) // _BATCH))
    return tuple(Lesson.of(series.cut(part, np.full(len(part), periods - horizon), size)) for part in parts)


def _reach(series: Series) -> int:
    """Periods of the past that are shown."""
    there, frequency = int(series.demand.shape[1]), series.frequency
    return max(CONTEXT[frequency], min(REACH[frequency], there))


def _cost(network: Network, course: _Course) -> float:
    """What the answers to the exam cost, a product."""
    network.to(devices.fast()).eval()
    with torch.inference_mode():
        exam = [(lesson.on(devices.fast()), len(lesson.actual)) for lesson in course.exam]
        losses = [float(loss_of(network, lesson)) * products for lesson, products in exam]
    return sum(losses) / sum(len(lesson.actual) for lesson in course.exam)
