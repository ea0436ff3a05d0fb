"""How good forecasts were, on the wire."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct

from inventoryai.domain.errors import Locale
from inventoryai.domain.forecasts import ForecastStatus
from inventoryai.domain.periods import Frequency, as_date
from inventoryai.forecasting import accuracy as measured
from inventoryai.usecases.accuracy import ForecastAccuracy, ProductDetails
from inventoryai.usecases.realised import RealisedAccuracy
from inventoryai_http.schemas.forecasts import ProductForecast
from inventoryai_http.schemas.marks import MARKS_EXAMPLE, Accuracy, Marks, rounded
from inventoryai_http.schemas.reasons import Reason


class EngineAccuracy(Struct, frozen=True):
    """One engine on all products: on how many no other one had a lower ``spl``, and its mean part."""

    engine: str
    leads: int
    mean_weight: float
    accuracy: Accuracy

    @classmethod
    def of(cls, tally: measured.Tally) -> "EngineAccuracy":
        """As it is sent."""
        mean_weight = rounded(tally.mean_weight)
        return cls(tally.engine, tally.leads, mean_weight, Accuracy.of_summary(tally.summary))


class EngineMarks(Struct, frozen=True):
    """One engine on one product, and its part in the product's forecast, 0 to 1."""

    engine: str
    weight: float
    marks: Marks

    @classmethod
    def of(cls, one: measured.EngineMarks) -> "EngineMarks":
        """As it is sent."""
        return cls(one.engine, rounded(one.weight), Marks.of(one.marks))


class ProductAccuracy(Struct, frozen=True):
    """One product: whose forecast it got, how each engine did on past windows, and how it did since."""

    product_id: UUID
    sku: str
    status: ForecastStatus
    engine: str
    reason: Reason | None
    engines: list[EngineMarks]
    realised: Marks | None


class Realised(Struct, frozen=True):
    """The forecast itself against the sales since: over ``periods`` of it, of ``sampled`` products.

    ``accuracy`` is that of what the engines said. Of the products that planners had changed,
    ``with_overrides`` is that of what they had said before each period began, and ``without_overrides``
    that of what the engines said of the same products; both are null where planners had said nothing.
    """

    periods: int
    sampled: int
    accuracy: Accuracy
    with_overrides: Accuracy | None
    without_overrides: Accuracy | None

    @classmethod
    def of(cls, found: RealisedAccuracy) -> "Realised":
        """As it is sent."""
        both = [
            None if one is None else Accuracy.of_summary(one)
            for one in (found.with_overrides, found.without_overrides)
        ]
        return cls(found.periods, found.sampled, Accuracy.of_summary(found.summary), *both)


class AccuracyPage(Struct, frozen=True):
    """How good a forecast is: by engine on all products, by product and engine, and against what came."""

    engines: list[EngineAccuracy]
    realised: Realised | None
    items: list[ProductAccuracy]
    next_cursor: str | None

    example: ClassVar[dict[str, Any]] = {
        "engines": [{"engine": "ets", "leads": 130, "mean_weight": 0.55, "accuracy": Accuracy.example}],
        "realised": {"periods": 9, "sampled": 240, "accuracy": Accuracy.example}
        | dict.fromkeys(("with_overrides", "without_overrides")),
        "items": [
            {
                "product_id": "01935c71-4f0e-7b32-b2a4-55e3b0f1c001",
                "sku": "RIZ-25",
                "status": "ok",
                "engine": "auto",
                "reason": None,
                "engines": [{"engine": "ets", "weight": 0.6, "marks": MARKS_EXAMPLE}],
                "realised": MARKS_EXAMPLE,
            }
        ],
        "next_cursor": None,
    }

    @classmethod
    def of(cls, found: ForecastAccuracy, cursor: str | None, locale: Locale) -> "AccuracyPage":
        """As it is sent."""
        since = {} if found.realised is None else found.realised.marks
        return cls(
            engines=[EngineAccuracy.of(tally) for tally in found.engines],
            realised=None if found.realised is None else Realised.of(found.realised),
            items=[_product(one, since.get(one.product_id), locale) for one in found.products.items],
            next_cursor=cursor,
        )


def _product(
    one: measured.ProductAccuracy, since: Mapping[str, float | None] | None, locale: Locale
) -> ProductAccuracy:
    reason = one.outcome.reason
    return ProductAccuracy(
        product_id=one.product_id,
        sku=one.sku,
        status=one.outcome.status,
        engine=one.outcome.engine,
        reason=None if reason is None else Reason.of_code(reason.code, reason.data, locale),
        engines=[EngineMarks.of(engine) for engine in one.engines],
        realised=None if since is None else Marks.of(since),
    )


class History(Struct, frozen=True):
    """Demand by period from ``starts_on``, as it was known when the forecast was made; null is unknown."""

    starts_on: date
    values: list[float | None]


class ProductForecastDetails(Struct, frozen=True):
    """One product's forecast, the history behind it, and how good it was.

    ``history`` ends where the forecast begins, and is at most the last 1,000 periods. ``actual`` is the
    demand of the first periods of the forecast, as far as they are over, and ``realised`` judges by it what
    the engines said; ``forecast`` holds what is expected now, overridden or not.
    """

    forecast: ProductForecast
    frequency: Frequency
    history: History
    engines: list[EngineMarks]
    actual: list[float | None]
    realised: Marks | None

    example: ClassVar[dict[str, Any]] = {
        "forecast": ProductForecast.example,
        "frequency": "day",
        "history": {"starts_on": "2026-02-27", "values": [3.0, None]},
        "engines": [{"engine": "ets", "weight": 1.0, "marks": MARKS_EXAMPLE}],
        "actual": [4.0],
        "realised": MARKS_EXAMPLE,
    }

    @classmethod
    def of(cls, found: ProductDetails, locale: Locale) -> "ProductForecastDetails":
        """As it is sent."""
        frequency = found.run.request.frequency
        return cls(
            forecast=ProductForecast.of(found.expected, found.run, locale),
            frequency=frequency,
            history=History(
                as_date(frequency.first_day(found.history_starts)), _numbers(found.history.tolist())
            ),
            engines=[EngineMarks.of(engine) for engine in found.engines],
            actual=_numbers(found.actual.tolist()),
            realised=None if found.realised is None else Marks.of(found.realised),
        )


def _numbers(values: list[float]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]
