"""Forecasts made straight from a file: no server, no database, nothing kept.

The functions in the middle are those that the jobs of a company call, so that the same sales give the
same forecast, whichever way they come.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np

from inventoryai.domain.engines import AUTO
from inventoryai.domain.files import NO_DAY, ParsedSales, StockColumns
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.periods import Frequency, as_date, as_day
from inventoryai.domain.planning import days_behind
from inventoryai.domain.sales import daily_totals
from inventoryai.domain.sightings import StockSightings
from inventoryai.domain.unreadable import FileProblem
from inventoryai.forecasting import Calendar, Panel, as_of_day, assemble_panel
from inventoryai.forecasting.stock_outs import stock_out_days
from inventoryai.ports.processes import Processes
from inventoryai.ports.spreadsheets import ReadOptions, SpreadsheetReader
from inventoryai.usecases.cold_start import chances_by_category, warmed_up
from inventoryai.usecases.prediction import Predict, Predictions

HORIZON: Final = 28
"""Periods ahead, where nobody says how many."""


class NoSalesInFile(FileProblem):
    """Every line of the file was rejected or left out.

    Attributes:
        parsed: What was understood all the same: the lines, and what is wrong with each.
    """

    code = "file.no_sales"
    en = "None of the {rows} lines could be taken as a sale: {rejected} are faulty, {ignored} are no demand."
    fr = (
        "Aucune des {rows} lignes n’a pu être prise comme vente : {rejected} sont fautives, "
        "{ignored} ne sont pas une demande."
    )

    def __init__(self, parsed: ParsedSales) -> None:
        super().__init__(rows=parsed.rows, rejected=parsed.rejected, ignored=sum(parsed.ignored.values()))
        self.parsed = parsed


class Stage(StrEnum):
    """What is being done at the moment."""

    READ = "read"
    FORECAST = "forecast"
    PLAN = "plan"
    BACKTEST = "backtest"


Watch = Callable[[Stage, int, int | None], None]
"""Told at the start of every stage and in between: of how many products it is done, and of how many it
will be, None where that is not known."""


def unwatched(_stage: Stage, _done: int, _total: int | None) -> None:
    """For whoever need not know how far it is."""


@dataclass(frozen=True, slots=True)
class OfflineLimits:
    """What reading a file, or working out a plan, may cost: seconds, and bytes of memory."""

    deadline: float = 600.0
    memory: int = 2 << 30


@dataclass(frozen=True, slots=True)
class SalesFile:
    """A file of sales, and the day on which it is looked at: what is dated later is rejected."""

    path: Path
    today: date
    options: ReadOptions

    def limited(self, options: ReadOptions) -> ReadOptions:
        """Options of a file in which nothing may be later than today."""
        return replace(options, latest_day=as_day(self.today))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FileForecast:
    """A forecast of every product of a sales file.

    Attributes:
        sales: The file as understood.
        skus: The n products: those of the file in order of first appearance, then any others.
        names: Their names, None where the file has none.
        request: What was asked.
        as_of: The first day that the forecast knows nothing of.
        days_behind: How many days ago the sales end, if that is more than a week.
        first: Ordinal of the first period that is forecast.
        predictions: Of the n products, in their order.
    """

    sales: ParsedSales
    skus: tuple[str, ...]
    names: tuple[str | None, ...]
    request: ForecastRequest
    as_of: date
    days_behind: int | None
    first: int
    predictions: Predictions

    def days(self) -> list[date]:
        """The first day of each period that is forecast."""
        ordinals = self.first + np.arange(self.request.horizon)
        return [as_date(day) for day in self.request.frequency.first_days(ordinals).tolist()]


@dataclass(frozen=True, slots=True)
class ForecastFile:
    """Forecasts every product of a sales file.

    Histories end on the last day with any sale of the file, or yesterday when that day is today, which
    is not over. Lines that cannot be taken are counted and named; the others are forecast. Where a file
    of stock names the days of its counts, days on which it found nothing and nothing was sold are unknown.
    New products are forecast after others of their category, where the file has a column of categories.
    """

    reader: SpreadsheetReader
    processes: Processes
    predict: Predict
    limits: OfflineLimits = OfflineLimits()

    async def __call__(
        self,
        file: SalesFile,
        request: ForecastRequest,
        *,
        seed: int = 0,
        counted: StockColumns | None = None,
        watch: Watch = unwatched,
    ) -> FileForecast:
        """The forecast.

        Args:
            file: The sales.
            request: What is asked.
            seed: Where random draws come from.
            counted: What is known of the stock; its products are forecast too, if only to say that nothing
                is known of their sales.
            watch: Told how far it is.

        Raises:
            FileProblem: The file cannot be taken, or holds no sale.
            EngineUnknown, EngineOptionsInvalid: No such engine, or not with these options.
        """
        if request.engine != AUTO:
            self.predict.catalogue.get(request.engine).check(request.options)
        watch(Stage.READ, 0, None)
        parsed = await self.read(file)
        skus, seen = _known(parsed.columns.skus, counted)
        panel, as_of = histories(parsed, seen, len(skus), file.today, request.frequency)
        done = 0.0

        def progress(products: float) -> None:
            nonlocal done
            done += products
            watch(Stage.FORECAST, round(done), len(skus))

        progress(0)
        found = await self.predict(panel, request, seed, progress)
        return FileForecast(
            sales=parsed,
            skus=skus,
            names=parsed.names + (None,) * (len(skus) - len(parsed.names)),
            request=request,
            as_of=as_of,
            days_behind=days_behind(as_of, file.today),
            first=panel.end,
            predictions=await asyncio.to_thread(self._warmed_up, panel, found, parsed, request),
        )

    def _warmed_up(
        self, panel: Panel, found: Predictions, parsed: ParsedSales, request: ForecastRequest
    ) -> Predictions:
        engines = self.predict.catalogue.asked(request.engine)
        least = min((engine.minimum_history for engine in engines), default=1)
        chances = chances_by_category(panel, parsed.categories, least)
        return warmed_up(panel, found, chances, len(panel))

    async def read(self, file: SalesFile) -> ParsedSales:
        """The file as understood, at least one sale.

        Raises:
            FileProblem: The file cannot be taken, or holds no sale.
        """
        parsed = await self.processes.run(
            self.reader.read_sales,
            file.path,
            file.limited(file.options),
            deadline=self.limits.deadline,
            memory=self.limits.memory,
        )
        if not parsed.accepted:
            raise NoSalesInFile(parsed)
        return parsed


def _known(sold: tuple[str, ...], counted: StockColumns | None) -> tuple[tuple[str, ...], StockSightings]:
    """The products that were sold, then those that were only counted, and what was seen of their stock."""
    if counted is None:
        return sold, StockSightings.of([])
    already = frozenset(sold)
    skus = sold + tuple(sku for sku in counted.skus if sku not in already)
    return skus, seen_on_days(counted, skus)


def seen_on_days(counted: StockColumns, skus: Sequence[str]) -> StockSightings:
    """What counts that name their day saw.

    Args:
        counted: The counts.
        skus: Products to number, those of the counts among them.
    """
    place = {sku: index for index, sku in enumerate(skus)}
    daily = counted.daily()
    product = np.array([place[sku] for sku in daily.skus], dtype=np.int32)[daily.sku]
    order = np.argsort(product, kind="stable")
    order = order[daily.day[order] != NO_DAY]
    return StockSightings(product[order], daily.day[order], daily.on_hand[order] == 0)


def histories(
    parsed: ParsedSales, seen: StockSightings, count: int, today: date, frequency: Frequency
) -> tuple[Panel, date]:
    """The demand of a file's products, and the first day that it does not know.

    Args:
        parsed: At least one sale.
        seen: What is known of the stock.
        count: How many products the panel has: those of the file, and others without a history.
        today: What is dated today or later is left out.
        frequency: What one period is.
    """
    totals = daily_totals(parsed.columns)
    as_of = as_of_day(int(totals.day.max()), as_day(today))
    calendar = Calendar.of_lines(totals.sku, totals.day, frequency=frequency, as_of=as_of)
    lines = (totals.sku, totals.day, totals.demand())
    unknown = stock_out_days(seen, *lines, calendar=calendar)
    panel = assemble_panel(*lines, count, calendar=calendar, unknown=unknown)
    return panel, as_date(as_of)
