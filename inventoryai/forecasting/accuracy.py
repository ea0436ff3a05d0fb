"""How the engines of one run did on past windows: product by product, and each of them on all together."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.engines import AUTO
from inventoryai.domain.forecasts import ForecastOutcome
from inventoryai.domain.products import ProductId
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.measures import MARKS, Scores
from inventoryai.forecasting.summaries import Summary, Sums

_NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Tally:
    """How one engine did on many products, in sums, so that the tallies of a run's parts can be added.

    Attributes:
        engine: Its name; ``auto`` for the combination that was chosen.
        sums: Of its marks.
        leads: On how many products no other engine has a lower ``spl``.
        weight: Its parts in the forecasts, summed over the products.
        weighed: How many products there are.
    """

    engine: str
    sums: Sums
    leads: int
    weight: float
    weighed: int

    def __add__(self, other: Self) -> Self:
        return replace(
            self,
            sums=self.sums + other.sums,
            leads=self.leads + other.leads,
            weight=self.weight + other.weight,
            weighed=self.weighed + other.weighed,
        )

    @property
    def summary(self) -> Summary:
        """The marks of all products as one."""
        return Summary.of_sums(self.sums)

    @property
    def mean_weight(self) -> float:
        """The part that the engine has in a forecast, on average."""
        return self.weight / self.weighed if self.weighed else 0.0


@dataclass(frozen=True, slots=True)
class EngineMarks:
    """How one engine did on one product: each mark by its name in ``Scores``, None where it has none."""

    engine: str
    weight: float
    marks: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class ProductAccuracy:
    """One product of a run, and how the engines that were tried did on it."""

    product_id: ProductId
    sku: str
    outcome: ForecastOutcome
    engines: tuple[EngineMarks, ...]


def marks_at(scores: Scores, product: int) -> Mapping[str, float | None]:
    """The marks of one product, None where it has none."""
    found = {mark: float(getattr(scores, mark)[product]) for mark in MARKS}
    return {mark: None if math.isnan(value) else value for mark, value in found.items()}


def tallies(trials: Sequence[Trial]) -> list[Tally]:
    """A tally for each trial; the combination leads nobody, as it is made of the others."""
    leading = leaders(trials)
    return [
        Tally(
            engine=trial.engine,
            sums=Sums.of(trial.scores),
            leads=int((leading == place).sum()),
            weight=float(np.nansum(trial.weight)),
            weighed=len(trial.weight),
        )
        for place, trial in enumerate(trials)
    ]


def leaders(trials: Sequence[Trial]) -> NDArray[np.int64]:
    """int64[n], the place of the trial with the lowest ``spl`` of each product; -1 where nobody has one."""
    losses = [
        np.full(len(trial.scores), np.inf)
        if trial.engine == AUTO
        else np.nan_to_num(trial.scores.spl, nan=np.inf)
        for trial in trials
    ]
    if not losses:
        return np.empty(0, dtype=np.int64)
    rows = np.stack(losses)
    best: NDArray[np.int64] = np.where(np.isinf(rows).all(axis=0), _NOBODY, rows.argmin(axis=0))
    return best


def added(parts: Iterable[Tally]) -> tuple[Tally, ...]:
    """One tally for each engine, in the order in which they first came, the combination last."""
    found: dict[str, Tally] = {}
    for part in parts:
        found[part.engine] = found[part.engine] + part if part.engine in found else part
    return tuple(sorted(found.values(), key=lambda tally: tally.engine == AUTO))


def chosen(trials: Sequence[Trial]) -> int:
    """The place of the trial of what was kept: the combination where there is one, else the only engine."""
    return next((place for place, trial in enumerate(trials) if trial.engine == AUTO), 0)
