"""Learning a company's own demand: from the shipped weights, in small steps, as long as it helps.

It is learnt twice. The first time without the last periods, which tell after how many epochs it no longer
helps; the second time for so many epochs from everything, as the newest periods teach the most. What is kept
lies between the weights that were shipped and those that were learnt, and forecasts better than either where
a company's past is not quite its future (Wortsman et al. 2022): the farther on the way, the more products
there were to learn from, by the n / (n + k) of credibility theory (Bühlmann 1967).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import torch

from inventoryai.forecasting import Panel, Training
from inventoryai_lstm import weights
from inventoryai_lstm.exam import Exam
from inventoryai_lstm.histories import HORIZON
from inventoryai_lstm.learning import Learner
from inventoryai_lstm.lessons import Lesson
from inventoryai_lstm.network import Network
from inventoryai_lstm.series import FOLLOWING, SHORTEST, Series

_BATCH: Final = 128
_LESSONS: Final = 40
"""Batches in an epoch, at most."""
_PRODUCTS: Final = 64
"""Products for a batch in an epoch: each is shown about twice, as many that are alike teach no more."""
_PERIODS: Final = 12
"""The same for few products with a long past, in which habits come back: periods for a batch in an epoch."""
_FEW: Final = (4, 16)
"""Batches in an epoch, for the shortest and the longest past of few products."""
_AT_LEAST: Final = 0.6
"""How far from the shipped weights to the learnt ones those lie that are kept, however few the products."""
_DOUBTED: Final = 500
"""So many products are believed half: what is kept lies in the middle of the way that is left."""
EPOCHS: Final = 16
PATIENCE: Final = 3
"""Epochs without a gain after which the first learning ends."""
_RATE: Final = 6e-4
_WARMING: Final = 40
"""Steps until the rate is whole."""
_REMEMBERS: Final = 0.98


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What is learnt from.

    Attributes:
        products: How many are long enough to teach anything.
        horizon: Periods that are looked ahead.
        lessons: Batches in an epoch.
    """

    series: Series
    products: int
    horizon: int
    lessons: int

    @classmethod
    def of(cls, panel: Panel, until: int) -> Self:
        """A panel without its last periods."""
        series = Series.of(panel, until)
        known = series.known()
        products = int((known >= SHORTEST + FOLLOWING).sum())
        longest = int(known.max())
        horizon = min(HORIZON[panel.frequency], longest - SHORTEST)
        lessons = np.clip(products // _PRODUCTS, np.clip(longest // _PERIODS, *_FEW), _LESSONS)
        return cls(series, products, horizon, int(lessons))

    def lesson(self, seed: int, epoch: int, place: int) -> Lesson:
        """A batch; it depends on where it stands alone, so that a stop changes nothing."""
        random = np.random.default_rng([seed, epoch, place])
        return Lesson.of(self.series.sample(random, _BATCH, self.horizon, self.series.reach()))

    def teach(self, learner: Learner, seed: int, epoch: int, tell: Callable[[float], None]) -> None:
        """One epoch.

        Args:
            learner: Who learns.
            seed: Where the choice of products and days comes from.
            epoch: Which one it is.
            tell: Called with how many epochs are done, as a fraction, after each batch.
        """
        for place in range(self.lessons):
            share = (epoch + place / self.lessons) / EPOCHS
            warm = min(1.0, (learner.steps + 1) / _WARMING)
            learner.learn(self.lesson(seed, epoch, place), _RATE * warm * 0.5 * (1 + np.cos(np.pi * share)))
            tell(epoch + (place + 1) / self.lessons)


@dataclass(slots=True)
class _Standing:
    """How far learning is.

    Attributes:
        learner: Who learns.
        loss: The least that the exam has cost.
        best: After how many epochs that was; 0 for the weights that were shipped.
        epoch: How many are done, the first or the second time.
        again: Whether it is the second time, when everything teaches.
    """

    learner: Learner
    loss: float
    best: int = 0
    epoch: int = 0
    again: bool = False

    @property
    def enough(self) -> bool:
        """Whether the last periods say that more would not help."""
        return self.epoch >= EPOCHS or self.epoch - self.best >= PATIENCE

    @property
    def done(self) -> float:
        """Which share of learning twice is done."""
        if self.again:
            return 0.5 + 0.5 * self.epoch / max(1, self.best)
        return 0.5 * self.epoch / EPOCHS

    def checkpoint(self) -> bytes:
        """All that is needed to go on from here."""
        words = {"loss": repr(self.loss), "best": self.best, "epoch": self.epoch, "again": int(self.again)}
        words["steps"] = self.learner.steps
        return weights.packed(self.learner.notes(), {name: str(word) for name, word in words.items()})

    @classmethod
    def at(cls, checkpoint: bytes) -> Self:
        """Where learning was; raises ValueError, KeyError or RuntimeError for what is no checkpoint."""
        notes, words = weights.unpacked(checkpoint)
        learner = Learner.going_on(notes, int(words["steps"]), _REMEMBERS)
        best, epoch = int(words["best"]), int(words["epoch"])
        return cls(learner, float(words["loss"]), best, epoch, again=words["again"] == "1")


def taught_further(network: Network, panel: Panel, seed: int, progress: Training) -> bytes:
    """Weights that were taught further on a panel, or those that there were, where that did not help.

    Args:
        network: Where learning starts.
        panel: What is learnt from; its last periods judge first, and teach then.
        seed: Where the choice of products and days comes from.
        progress: Told of every batch, and given what to go on from after every epoch.

    Raises:
        ValueError: No product has enough periods.
    """
    exam, everything = Exam.of(panel, seed), _Course.of(panel, 0)
    believed = everything.products / (everything.products + _DOUBTED)
    school = _School(network, _AT_LEAST + (1 - _AT_LEAST) * believed, seed, progress)
    standing = school.begun(exam)
    if not standing.again:
        school.try_out(standing, exam, _Course.of(panel, exam.horizon))
        standing = _Standing(school.learner(), standing.loss, standing.best, again=True)
        progress.keep(standing.checkpoint())
    school.teach_all(standing, everything)
    progress(1.0)
    learnt = school.between(standing.learner.mean).state_dict()
    return weights.packed(learnt, {"epochs": str(standing.best), "loss": f"{standing.loss:.6f}"})


@dataclass(frozen=True, slots=True, eq=False)
class _School:
    """Where a network is taught.

    Attributes:
        network: As it was before.
        share: How far from that to what was learnt the weights lie that are kept.
        seed: Where the choice of products and days comes from.
        progress: Told of every batch, and given what to go on from after every epoch.
    """

    network: Network
    share: float
    seed: int
    progress: Training

    def learner(self) -> Learner:
        """Somebody who has learnt nothing yet."""
        start = Network()
        start.load_state_dict(self.network.state_dict())
        return Learner(start, _REMEMBERS)

    def begun(self, exam: Exam) -> _Standing:
        """Where an earlier attempt was, or the beginning.

        A checkpoint that cannot be read costs what was learnt before it, and no more.
        """
        checkpoint = self.progress.checkpoint
        if checkpoint is not None:
            with suppress(ValueError, KeyError, RuntimeError):
                standing = _Standing.at(checkpoint)
                self.progress(standing.done)
                return standing
        return _Standing(self.learner(), exam.cost(self.network))

    def try_out(self, standing: _Standing, exam: Exam, course: _Course) -> None:
        """Teach without the last periods, as long as those say that it helps."""
        while not standing.enough:
            epoch = standing.epoch
            course.teach(standing.learner, self.seed, epoch, lambda done: self.progress(0.5 * done / EPOCHS))
            standing.epoch += 1
            loss = exam.cost(self.between(standing.learner.mean))
            if loss < standing.loss:
                standing.loss, standing.best = loss, standing.epoch
            self.progress.keep(standing.checkpoint())

    def teach_all(self, standing: _Standing, course: _Course) -> None:
        """Teach everything, for as many epochs as have helped."""
        half = 0.5 / max(1, standing.best)
        while standing.epoch < standing.best:
            epoch = standing.epoch
            course.teach(standing.learner, self.seed, epoch, lambda done: self.progress(0.5 + done * half))
            standing.epoch += 1
            self.progress.keep(standing.checkpoint())

    def between(self, end: Network) -> Network:
        """The network on the way from what there was to what was learnt."""
        between = Network()
        ends = end.state_dict()
        shares = {
            name: torch.lerp(weight, ends[name].to(weight.device), self.share)
            for name, weight in self.network.state_dict().items()
        }
        between.load_state_dict(shares)
        return between
