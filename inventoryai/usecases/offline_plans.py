"""Plans made straight from files: what to order, from a file of sales and perhaps one of stock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain import positions
from inventoryai.domain.demand import Demand
from inventoryai.domain.engines import AUTO
from inventoryai.domain.files import ParsedStock
from inventoryai.domain.forecasts import (
    HIGHEST_LEVEL,
    LONGEST_HORIZON,
    LOWEST_LEVEL,
    ForecastRequest,
    ForecastStatus,
)
from inventoryai.domain.periods import Frequency
from inventoryai.domain.planning import PlanningDefaults, Policy
from inventoryai.domain.replenishment import (
    LeadTimeTooLong,
    Recommendation,
    horizon_needed,
    levels_needed,
    most_urgent_first,
    recommend,
)
from inventoryai.domain.supply_terms import OwnTerms, ServiceLevelUnsupported, SupplyTerms
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai.usecases.offline import (
    HORIZON,
    FileForecast,
    ForecastFile,
    SalesFile,
    Stage,
    Watch,
    unwatched,
)
from inventoryai.usecases.prediction import Predictions

T = TypeVar("T")
_LEVELS: Final = (Decimal(str(LOWEST_LEVEL)), Decimal(str(HIGHEST_LEVEL)))


@dataclass(frozen=True, slots=True)
class StockFile:
    """A file of stock on hand."""

    path: Path
    options: ReadOptions


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What a plan is told.

    Attributes:
        engine: An engine's name, or ``auto``.
        horizon: Days to forecast, at the least; a plan takes as many more as it needs.
        defaults: On what terms every product is bought.
        money_decimals: Decimals of the currency.
        seed: Where random draws come from.
    """

    engine: str = AUTO
    horizon: int = HORIZON
    defaults: PlanningDefaults = field(default_factory=PlanningDefaults)
    money_decimals: int = 0
    seed: int = 0

    def terms(self, products: int) -> SupplyTerms:
        """The terms of so many products, of which nothing is known but their sales."""
        return SupplyTerms.of([OwnTerms()] * products, self.defaults)

    def request(self) -> ForecastRequest:
        """The forecast that the plan needs.

        Raises:
            HorizonOutOfRange: No forecast goes so few or so many days ahead.
            LeadTimeTooLong: No forecast could reach beyond lead time and review.
            ServiceLevelUnsupported: No forecast says anything about such a level.
        """
        asked = ForecastRequest(self.horizon, self.engine)
        terms, level = self.terms(1), self.defaults.service_level
        longest = LONGEST_HORIZON[Frequency.DAY]
        needed = int(terms.lead_days()[0]) + self.defaults.review_days
        if needed > longest:
            raise LeadTimeTooLong(needed=needed, longest=longest)
        if not _LEVELS[0] <= level <= _LEVELS[1]:
            raise ServiceLevelUnsupported(
                service_level=str(level), lowest=LOWEST_LEVEL, highest=HIGHEST_LEVEL
            )
        horizon = max(asked.horizon, horizon_needed(terms, self.defaults.review_days))
        return replace(asked, horizon=horizon, levels=levels_needed(terms))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FilePlan:
    """What to order of every product of a sales file.

    Attributes:
        question: What was asked.
        forecast: What it rests on; its horizon may be longer than the one asked for.
        stock: The stock file as understood; None without one, when nothing is on hand.
        uncounted: How many products were sold and are not in the stock file.
        unsold: How many are in the stock file and were never sold.
        recommendations: Most urgent first; ``product`` is the place in the forecast's ``skus``.
    """

    question: PlanQuestion
    forecast: FileForecast
    stock: ParsedStock | None
    uncounted: int
    unsold: int
    recommendations: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Works out what to order of every product of a sales file, most urgent first.

    What is on hand comes from a stock file: a product that is not in it has none, and one that is in it
    and was never sold has an unknown demand. Days without stock are known from it only if it names days,
    which a list of today's stock need not do. Nothing is on order, and every product is bought on the
    same terms. The forecast goes as far ahead as was asked, and farther where lead time and review ask
    for more.
    """

    forecast: ForecastFile

    async def __call__(
        self,
        file: SalesFile,
        question: PlanQuestion,
        stock: StockFile | None = None,
        watch: Watch = unwatched,
    ) -> FilePlan:
        """The plan.

        Raises:
            FileProblem: A file cannot be taken, or there is no sale.
            EngineUnknown: There is no such engine.
            HorizonOutOfRange, LeadTimeTooLong, ServiceLevelUnsupported: See ``PlanQuestion.request``.
        """
        request = question.request()
        counted = None if stock is None else await self._read(stock, file, watch)
        columns = None if counted is None else counted.columns
        found = await self.forecast(file, request, seed=question.seed, counted=columns, watch=watch)
        watch(Stage.PLAN, 0, None)
        recommendations = await self._run(
            recommend,
            _demand(found.predictions),
            _on_hand(found.skus, counted),
            question.terms(len(found.skus)),
            Policy(found.as_of, question.defaults.review_days, question.money_decimals),
        )
        sold = found.sales.columns.skus
        return FilePlan(
            question=question,
            forecast=found,
            stock=counted,
            uncounted=len(set(sold) - set(columns.skus if columns else ())),
            unsold=len(found.skus) - len(sold),
            recommendations=tuple(most_urgent_first(recommendations)),
        )

    async def _read(self, stock: StockFile, sales: SalesFile, watch: Watch) -> ParsedStock:
        watch(Stage.READ, 0, None)
        options = sales.limited(stock.options)
        return await self._run(self.forecast.reader.read_stock, stock.path, options)

    async def _run(self, function: Callable[..., T], *args: object) -> T:
        limits = self.forecast.limits
        return await self.forecast.processes.run(
            function, *args, deadline=limits.deadline, memory=limits.memory
        )


def _demand(predictions: Predictions) -> Demand:
    prediction = predictions.prediction
    failures = {
        product: outcome.reason
        for product, outcome in enumerate(predictions.outcomes)
        if outcome.status is ForecastStatus.FAILED and outcome.reason is not None
    }
    return Demand(prediction.levels, prediction.mean, prediction.totals, failures)


def _on_hand(skus: Sequence[str], counted: ParsedStock | None) -> positions.StockColumns:
    """What there is of each product; the latest count of each counts."""
    nothing: NDArray[np.int64] = np.zeros(len(skus), dtype=np.int64)
    on_hand = nothing.copy()
    if counted is not None:
        place = {sku: product for product, sku in enumerate(skus)}
        latest = counted.columns.latest()
        products = np.array([place[latest.skus[sku]] for sku in latest.sku.tolist()], dtype=np.int64)
        on_hand[products] = latest.on_hand
    return positions.StockColumns(on_hand, nothing, nothing, positions.OpenOrders.of([]))
