"""The demand of some products as it is known today, and what is needed to make a panel of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from zoneinfo import ZoneInfo

from inventoryai.domain.forecast_runs import ForecastRun, NothingToForecast
from inventoryai.domain.periods import Frequency, as_day
from inventoryai.domain.products import ProductId
from inventoryai.domain.sightings import StockSightings
from inventoryai.forecasting import Calendar, Panel, as_of_day, assemble_panel
from inventoryai.forecasting.stock_outs import stock_out_days
from inventoryai.ports.clock import Clock
from inventoryai.ports.sales_storage import DemandHistory
from inventoryai.ports.storage import Work


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Lines of demand before the day ``until``, and what was seen of the stock, of ``count`` products.

    ``begins`` is the first day of the company, whose sales others may have begun.
    """

    count: int
    begins: int | None
    until: int
    lines: DemandHistory
    seen: StockSightings

    @classmethod
    async def read(cls, work: Work, products: Sequence[ProductId], until: int) -> Self:
        """What is known of some products, in their order."""
        zone = ZoneInfo((await work.companies.get()).time_zone)
        lines = await work.sales.history(products, until)
        seen = await work.stock.sightings(products, zone)
        return cls(len(products), await work.sales.first_day(), until, lines, seen)

    def panel(self, frequency: Frequency) -> Panel:
        """Whole histories: days without stock and without a sale are unknown."""
        return self.on(_calendar(self.lines, frequency, self.begins, self.until))

    def on(self, calendar: Calendar) -> Panel:
        """As ``panel``, ending where all histories of a run do."""
        lines = (self.lines.product, self.lines.day, self.lines.quantity)
        unknown = stock_out_days(self.seen, *lines, calendar=calendar)
        return assemble_panel(*lines, self.count, calendar=calendar, unknown=unknown)


async def common_calendar(
    work: Work, clock: Clock, frequency: Frequency, products: Sequence[ProductId]
) -> Calendar:
    """The calendar that all products share: histories end on the last day with any sale of the company.

    When that day is today, which is not over, they end on the day before.

    Raises:
        NothingToForecast: The company has no sales.
    """
    last_day = await work.sales.last_day()
    if last_day is None:
        raise NothingToForecast
    company = await work.companies.get()
    today = clock.now().astimezone(ZoneInfo(company.time_zone)).date()
    as_of = as_of_day(last_day, as_day(today))
    if frequency is Frequency.DAY:
        return Calendar.closing(frequency, as_of)
    history = await work.sales.history(products, as_of)
    return _calendar(history, frequency, await work.sales.first_day(), as_of)


def _calendar(lines: DemandHistory, frequency: Frequency, begins: int | None, as_of: int) -> Calendar:
    """The calendar of some products' lines, which other products of the company may have begun before."""
    calendar = Calendar.of_lines(lines.product, lines.day, frequency=frequency, as_of=as_of)
    if calendar.begins is None or begins is None:
        return calendar
    return replace(calendar, begins=min(begins, calendar.begins))


def ordinal_of_first(run: ForecastRun) -> int:
    """The first period that a run forecasts.

    Raises:
        ValueError: The run has not begun.
    """
    if run.starts_on is None:
        raise ValueError("a run that has not begun starts nowhere")
    return run.request.frequency.of_day(as_day(run.starts_on))
