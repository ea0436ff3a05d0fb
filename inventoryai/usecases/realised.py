"""Forecasts judged by the sales that have come since, as they were made and as planners changed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.forecast_runs import ForecastRun
from inventoryai.domain.periods import as_day
from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Prediction
from inventoryai.forecasting.accuracy import marks_at
from inventoryai.forecasting.overriding import Changes
from inventoryai.forecasting.realised import realised
from inventoryai.forecasting.summaries import Summary
from inventoryai.ports.storage import Work
from inventoryai.usecases.histories import History, ordinal_of_first
from inventoryai.usecases.overrides import Standing

MOST_REALISED: Final = 500
"""Products whose sales since are looked up for one answer, of all and of those that planners changed."""

Marks = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class RealisedAccuracy:
    """How a run did against the sales that came since.

    Attributes:
        periods: How many periods of it are over.
        sampled: Of how many products they were looked up, evenly spaced among all.
        summary: Their marks as one.
        marks: Those of each product that was looked up.
        with_overrides: The marks of the products that planners had changed, as they had changed them before
            each period began; None if there are none.
        without_overrides: Those of the same products as the engines had forecast them.
    """

    periods: int
    sampled: int
    summary: Summary
    marks: Mapping[ProductId, Marks]
    with_overrides: Summary | None
    without_overrides: Summary | None


@dataclass(frozen=True, slots=True, eq=False)
class Since:
    """What is needed to judge a run by what came since.

    Attributes:
        products: Those that are judged.
        sample: Those of them that stand for all.
        history: Their sales as they are known today.
        forecast: What was forecast of them.
        standing: What planners said about the run, and did not withdraw.
    """

    run: ForecastRun
    products: Sequence[ProductId]
    sample: Sequence[ProductId]
    history: History
    forecast: Prediction
    standing: Standing

    @classmethod
    async def read(
        cls, work: Work, run: ForecastRun, until: int | None, asked: Sequence[ProductId]
    ) -> Self | None:
        """What is known before the day ``until``; None while that is nothing new."""
        if run.starts_on is None or until is None or until <= as_day(run.starts_on):
            return None
        standing = await Standing.of(work, run, None)
        touched = list(dict.fromkeys(one.product_id for one in standing.overrides))[-MOST_REALISED:]
        sample = await work.accuracies.sample(run.id, MOST_REALISED)
        wanted = list(dict.fromkeys([*sample, *asked, *touched]))
        products, forecast = await work.accuracies.predictions(run, wanted)
        history = await History.read(work, products, until)
        return cls(run, products, sample, history, forecast, standing)

    def judged(self) -> RealisedAccuracy | None:
        """How it did; None while no period is over."""
        panel = self.history.panel(self.run.request.frequency)
        found = realised(panel, ordinal_of_first(self.run), self.forecast)
        if found is None:
            return None
        touched = self._touched(found.periods)
        changed = realised(panel, ordinal_of_first(self.run), self._changed()) if len(touched) else None
        return RealisedAccuracy(
            periods=found.periods,
            sampled=len(self.sample),
            summary=Summary.of(found.scores.subset(self._places(self.sample))),
            marks={one: marks_at(found.scores, place) for place, one in enumerate(self.products)},
            with_overrides=None if changed is None else Summary.of(changed.scores.subset(touched)),
            without_overrides=None if changed is None else Summary.of(found.scores.subset(touched)),
        )

    def _changed(self) -> Prediction:
        return self.standing.foreseen(self.forecast, self.products)

    def _touched(self, periods: int) -> NDArray[np.int64]:
        """The products of which planners had changed one of the first periods before it began."""
        changes = Changes.of(self.standing.overrides, self.products)
        counting = changes.covered(self.standing.edges, foreseen=True)[:, :periods].any(axis=1)
        return np.unique(changes.product[counting])

    def _places(self, products: Sequence[ProductId]) -> NDArray[np.int64]:
        place = {product: index for index, product in enumerate(self.products)}
        return np.array([place[product] for product in products if product in place], dtype=np.int64)
