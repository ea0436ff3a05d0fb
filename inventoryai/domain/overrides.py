"""A planner's word against a forecast's: what they expect of some periods, why, and until when it holds."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NewType
from uuid import UUID

from inventoryai.domain.errors import FieldCheck, Invalid, NotFound
from inventoryai.domain.forecast_runs import ForecastId, ForecastRun, ProductForecast
from inventoryai.domain.identity import UserId
from inventoryai.domain.periods import Frequency, as_date, as_day
from inventoryai.domain.products import SKU_LENGTH, NumberOutOfRange, ProductId
from inventoryai.domain.text import clean

OverrideId = NewType("OverrideId", UUID)
MOST_DEMAND: Final = 1e12
LARGEST_FACTOR: Final = 100.0
REASON_LENGTH: Final = 500
_LAST_MOMENT: Final = datetime.max.replace(tzinfo=UTC)


class OverrideNotFound(NotFound):
    """No such override in this company, or it was withdrawn already."""

    code = "override.not_found"
    en = "There is no such override."
    fr = "Cette correction n’existe pas."


class OverrideProductUnclear(Invalid):
    """A change of nothing in particular."""

    code = "override.product_unclear"
    en = "Name the product by its sku or by its product_id, one of the two."
    fr = "Désignez le produit par sku ou par product_id, l’un des deux."


class OverrideUnclear(Invalid):
    """Neither what demand will be nor how many times what was forecast, or both."""

    code = "override.change_unclear"
    en = "Say what changes in one way: mean (demand of one period), or factor (times what was forecast)."
    fr = "Dites d’une seule façon ce qui change : mean (demande d’une période) ou factor (multiplicateur)."


class OverrideOutsideForecast(Invalid):
    """Days that the forecast says nothing of."""

    code = "override.outside_forecast"
    en = "from and to must lie within the forecast, from {first} to {last}, and to must not precede from."
    fr = "from et to doivent être dans la prévision, du {first} au {last}, et to ne doit pas précéder from."


class OverrideExpired(Invalid):
    """It would never hold."""

    code = "override.expired"
    en = "expires_at must lie in the future."
    fr = "expires_at doit être dans le futur."


class OverrideExpiresTooLate(Invalid):
    """A moment that is beyond the last year once it is put into UTC."""

    code = "override.expires_too_late"
    en = "expires_at must lie before the year 10000 in UTC; leave it out for an override that never expires."
    fr = "expires_at doit précéder l’an 10000 en UTC ; omettez-le pour une correction qui n’expire jamais."


class OverrideOfNothing(Invalid):
    """The forecast of this product failed: there are no numbers to change."""

    code = "override.nothing_forecast"
    en = "The forecast of this product failed, so there is nothing to change."
    fr = "La prévision de cet article a échoué : il n’y a rien à corriger."


@dataclass(frozen=True, slots=True)
class Override:
    """A planner's change of one product's forecast.

    Attributes:
        forecast_id: The run it was made on; None once that is deleted.
        starts_on: The first day of the first period that it changes.
        ends_on: The last day of the last one.
        frequency: What one period was in that run: ``mean`` is the demand of one.
        mean: The demand that the planner expects of each period, else None.
        factor: How many times what is forecast they expect, else None.
        author: The full name of who made it, where it can still be seen.
        expires_at: From when on it holds no more; None for never.
        withdrawn_at: When somebody took it back.
    """

    id: OverrideId
    forecast_id: ForecastId | None
    product_id: ProductId
    sku: str
    starts_on: date
    ends_on: date
    frequency: Frequency
    mean: float | None
    factor: float | None
    reason: str
    author_id: UserId
    author: str | None
    created_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it changes forecasts that are read now."""
        return self.withdrawn_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Signature:
    """Under which id an override is kept, who made it, and when."""

    id: OverrideId
    author_id: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class NewOverride:
    """What a planner says when changing a forecast; ``first`` and ``last`` are days of its periods."""

    first: date
    last: date
    reason: str
    product_id: ProductId | None = None
    sku: str | None = None
    mean: float | None = None
    factor: float | None = None
    expires_at: datetime | None = None

    def checked(self, run: ForecastRun, now: datetime) -> tuple[date, date, str]:
        """The first and the last day of the periods that are meant, and the reason as it is kept.

        Raises:
            InvalidFields: Every field that breaks a rule is named.
        """
        check = FieldCheck()
        check("product_id", self._one_product)
        check("sku", lambda: None if self.sku is None else clean(self.sku, most=SKU_LENGTH))
        check("mean" if self.factor is None else "factor", self._one_change)
        days = check("from", lambda: self._periods(run))
        reason = check("reason", lambda: clean(self.reason, most=REASON_LENGTH))
        check("expires_at", lambda: self._still_to_come(now))
        check.done()
        if days is None or reason is None:
            raise AssertionError("a check that raised nothing has a value")
        return *days, reason

    def signed(self, by: Signature, run: ForecastRun, forecast: ProductForecast) -> Override:
        """The override of one product of a run; its author's name is looked up where it is read.

        Raises:
            InvalidFields: It cannot be; see ``checked``.
            OverrideOfNothing: The product has no forecast.
        """
        first, last, reason = self.checked(run, by.at)
        if forecast.mean is None:
            raise OverrideOfNothing
        return Override(
            id=by.id,
            forecast_id=run.id,
            product_id=forecast.product_id,
            sku=forecast.sku,
            starts_on=first,
            ends_on=last,
            frequency=run.request.frequency,
            mean=self.mean,
            factor=self.factor,
            reason=reason,
            author_id=by.author_id,
            author=None,
            created_at=by.at,
            expires_at=self.expires_at,
        )

    def _one_product(self) -> None:
        if (self.product_id is None) == (self.sku is None):
            raise OverrideProductUnclear

    def _one_change(self) -> None:
        value, most = (self.mean, MOST_DEMAND) if self.factor is None else (self.factor, LARGEST_FACTOR)
        if value is None or None not in {self.mean, self.factor}:
            raise OverrideUnclear
        if not (math.isfinite(value) and 0 <= value <= most):
            raise NumberOutOfRange(least=0, most=int(most))

    def _periods(self, run: ForecastRun) -> tuple[date, date]:
        edges = period_edges(run)
        first, last = edges[0], edges[-1] - timedelta(days=1)
        if not first <= self.first <= self.last <= last:
            raise OverrideOutsideForecast(first=str(first), last=str(last))
        starts = max(edge for edge in edges if edge <= self.first)
        ends = min(edge for edge in edges if edge > self.last)
        return starts, ends - timedelta(days=1)

    def _still_to_come(self, now: datetime) -> None:
        if self.expires_at is not None and self.expires_at <= now:
            raise OverrideExpired
        if self.expires_at is not None and self.expires_at > _LAST_MOMENT:
            raise OverrideExpiresTooLate


def period_edges(run: ForecastRun) -> list[date]:
    """The first day of each period of a run that has begun, and the day after the last."""
    if run.starts_on is None:
        raise RuntimeError(f"forecast {run.id} has not begun")
    frequency = run.request.frequency
    first = frequency.of_day(as_day(run.starts_on))
    days = [frequency.first_day(first + step) for step in range(run.request.horizon + 1)]
    return [as_date(day) for day in days]
