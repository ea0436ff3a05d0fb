"""Histories as engines are shown them: demand, days without stock, holidays, promotions."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Calendar, Panel
from inventoryai.forecasting.covariates import (
    HOLIDAY,
    PROMOTION,
    Covariate,
    Spans,
    covered_days,
    holiday_covariate,
    promotion_covariate,
    with_covariates,
)
from inventoryai.ports.holidays import Holidays
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.histories import History


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which histories, and what beside them.

    Attributes:
        calendar: Where they end.
        horizon: Periods ahead of which what is known beside demand is told, too.
        covariates: Their names; what no engine makes use of is not looked up.
    """

    calendar: Calendar
    horizon: int
    covariates: Collection[str] = ()

    @property
    def until(self) -> int:
        """The first day after the horizon, in days since 1970-01-01."""
        return self.calendar.frequency.first_day(self.calendar.end + self.horizon)


@dataclass(frozen=True, slots=True)
class AssembleHistories:
    """Reads the histories of some products of a company.

    A day on which a product had no stock and no sale is not known, and not a day of 0. Holidays are
    those of the company's country, promotions those that it has entered.
    """

    begin: UnitOfWork
    holidays: Holidays

    async def __call__(self, scope: InCompany, products: Sequence[ProductId], wanted: Wanted) -> Panel:
        """A panel of these products, in their order, with the covariates that are wanted."""
        as_of = wanted.calendar.as_of
        async with self.begin(scope) as work:
            country = (await work.companies.get()).country
            history = await History.read(work, products, as_of)
            spans = Spans.of([])
            if PROMOTION in wanted.covariates:
                first = int(history.lines.day.min(initial=as_of))
                spans = await work.promotions.spans(products, first, wanted.until)
        return await asyncio.to_thread(self._panel, history, country, spans, wanted)

    def _panel(self, history: History, country: str, spans: Spans, wanted: Wanted) -> Panel:
        panel = history.on(wanted.calendar)
        columns: dict[str, Covariate] = {}
        if HOLIDAY in wanted.covariates:
            days = self.holidays.between(country, *covered_days(panel, wanted.horizon))
            columns[HOLIDAY] = holiday_covariate(panel, wanted.horizon, [one.day for one in days])
        if PROMOTION in wanted.covariates:
            columns[PROMOTION] = promotion_covariate(panel, wanted.horizon, spans)
        return with_covariates(panel, columns)
