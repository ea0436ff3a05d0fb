"""What an engine is taught: a company's histories, without the periods by which it is judged later."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from inventoryai.domain.engines import EngineInfo
from inventoryai.domain.forecast_runs import NothingToForecast
from inventoryai.domain.models import LEAST_PRODUCTS, MOST_PRODUCTS, TooLittleToLearn, TrainingRequest
from inventoryai.domain.periods import as_date
from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Panel
from inventoryai.forecasting.evaluation import shortened
from inventoryai.forecasting.provenance import data_hash, versions
from inventoryai.ports.clock import Clock
from inventoryai.ports.model_storage import Lineage
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.assembling import AssembleHistories, Wanted
from inventoryai.usecases.automatic import farthest
from inventoryai.usecases.histories import common_calendar
from inventoryai.usecases.prediction import WINDOWS


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is learnt, and what is held back.

    Attributes:
        whole: Whole histories, with all that any engine makes use of.
        shown: The same without the periods that are held back, with what the engine makes use of.
        everything: Whole histories with that.
        horizon: How far ahead forecasts are judged; twice as many periods are held back.
        lineage: Where the model will come from.
    """

    whole: Panel
    shown: Panel
    everything: Panel
    horizon: int
    lineage: Lineage

    @property
    def until(self) -> int:
        """Ordinal of the first period that is held back."""
        return self.whole.end - WINDOWS * self.horizon

    @property
    def ends(self) -> date:
        """The first day that nobody has seen."""
        return as_date(self.whole.frequency.first_day(self.whole.end))


@dataclass(frozen=True, slots=True)
class PrepareLesson:
    """All products that are not archived and old enough, as they were before the periods held back.

    Those are two windows as long as those on which the automatic plan judges engines today, so that it
    never judges a model by what that has seen. Of more than 10,000 products, so many are taken, evenly
    spaced.
    """

    begin: UnitOfWork
    clock: Clock
    assemble: AssembleHistories

    async def __call__(
        self, scope: InCompany, request: TrainingRequest, engine: EngineInfo, covariates: Sequence[str]
    ) -> Lesson:
        """A lesson for an engine.

        Args:
            scope: The company.
            request: What is to be trained.
            engine: The engine.
            covariates: What any engine that it is compared with makes use of.

        Raises:
            NothingToForecast: There are no products, or no sales.
            TooLittleToLearn: Too few products are old enough.
        """
        async with self.begin(scope) as work:
            products = _some([product.id for product in await work.products.every()])
            if not products:
                raise NothingToForecast
            calendar = await common_calendar(work, self.clock, request.frequency, products)
        panel = await self.assemble(scope, products, Wanted(calendar, 0, covariates))
        return await asyncio.to_thread(_lesson, engine, products, panel)


def _some(products: list[ProductId]) -> list[ProductId]:
    """All products, or as many as are learnt from, evenly spaced."""
    if len(products) <= MOST_PRODUCTS:
        return products
    places = np.linspace(0, len(products) - 1, MOST_PRODUCTS).astype(np.int64).tolist()
    return [products[place] for place in places]


def _lesson(engine: EngineInfo, products: Sequence[ProductId], panel: Panel) -> Lesson:
    horizon = farthest(panel, WINDOWS)
    before = shortened(panel, WINDOWS * horizon)
    old_enough = np.flatnonzero(before.known() >= max(1, engine.minimum_history))
    until = as_date(panel.frequency.first_day(panel.end - WINDOWS * horizon))
    if len(old_enough) < LEAST_PRODUCTS:
        raise TooLittleToLearn(
            engine=engine.name,
            needed=LEAST_PRODUCTS,
            history=max(1, engine.minimum_history),
            until=str(until),
            found=len(old_enough),
        )
    whole = panel.subset(old_enough)
    everything = whole.taking(engine.covariates)
    taught = [products[place] for place in old_enough.tolist()]
    content = data_hash(taught, everything, panel.end - WINDOWS * horizon)
    lineage = Lineage(content, versions(engine.distribution), len(taught), until)
    shown = before.subset(old_enough).taking(engine.covariates)
    return Lesson(whole, shown, everything, horizon, lineage)
