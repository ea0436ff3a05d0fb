"""Plans and recommendations on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import Struct

from inventoryai.domain import plans
from inventoryai.domain.errors import Locale
from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.jobs import JobState
from inventoryai.domain.order_reasons import sentences
from inventoryai.domain.replenishment import RecommendationStatus
from inventoryai_http.schemas.jobs import JOB_EXAMPLE, JobSummary


class NewPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """What to plan with; what is left unsaid is the company's default, or the newest forecast."""

    forecast_id: UUID | None = None
    service_level: Decimal | None = None
    review_days: int | None = None

    example: ClassVar[dict[str, Any]] = {"service_level": 0.95, "review_days": 7}

    def understood(self) -> plans.PlanRequest:
        """What it says, for the use case.

        Raises:
            ServiceLevelInvalid, ReviewDaysInvalid: It cannot be planned with.
        """
        forecast_id = None if self.forecast_id is None else ForecastId(self.forecast_id)
        return plans.PlanRequest(forecast_id, self.service_level, self.review_days)


class PlanSummary(Struct, frozen=True):
    """What a plan came to; ``days_behind`` says how old its data is, when that is over a week."""

    products: int
    to_order: int
    urgent: int
    cost: Decimal | None
    days_behind: int | None


class Plan(Struct, frozen=True):
    """A plan; ``as_of`` is its today."""

    id: UUID
    forecast_id: UUID
    service_level: Decimal | None
    review_days: int | None
    state: JobState
    as_of: date | None
    summary: PlanSummary | None
    created_at: datetime
    job: JobSummary

    example: ClassVar[dict[str, Any]] = {
        "id": "01935c90-22bb-7a02-9a20-4c3d2e1f0a00",
        "forecast_id": "01935c80-11aa-7f01-8f10-3b2c1d0e9f00",
        "service_level": 0.95,
        "review_days": 7,
        "state": "running",
        "as_of": "2026-03-01",
        "summary": {"products": 60, "to_order": 12, "urgent": 4, "cost": 1850000, "days_behind": None},
        "created_at": "2026-03-01T09:10:00Z",
        "job": JOB_EXAMPLE,
    }

    @classmethod
    def of(cls, plan: plans.Plan, locale: Locale) -> "Plan":
        """As it is sent."""
        summary = plan.summary
        return cls(
            id=plan.id,
            forecast_id=plan.forecast_id,
            service_level=plan.request.service_level,
            review_days=plan.request.review_days,
            state=plan.job.state,
            as_of=plan.as_of,
            summary=None if summary is None else msgspec.convert(summary, PlanSummary, from_attributes=True),
            created_at=plan.created_at,
            job=JobSummary.of(plan.job, locale),
        )


class Recommendation(Struct, frozen=True):
    """What to order of one product, and why; where demand is unknown, so are the numbers.

    ``explanation`` holds what every number can be recomputed from; ``reasons`` tells it in words.
    """

    product_id: UUID
    sku: str
    name: str
    rank: int
    status: RecommendationStatus
    urgent: bool
    order_quantity: Decimal | None
    order_by: date | None
    reorder_point: Decimal | None
    safety_stock: Decimal | None
    order_up_to: Decimal | None
    on_hand: Decimal
    on_order: Decimal
    days_of_cover: int | None
    stockout_risk: float | None
    cost: Decimal | None
    reasons: list[str]
    explanation: dict[str, Any]

    example: ClassVar[dict[str, Any]] = {
        "product_id": "01935c71-4f0e-7b32-b2a4-55e3b0f1c001",
        "sku": "RIZ-25",
        "name": "Riz parfumé 25 kg",
        "rank": 1,
        "status": "ok",
        "urgent": True,
        "order_quantity": 60,
        "order_by": "2026-03-01",
        "reorder_point": 58,
        "safety_stock": 19.5,
        "order_up_to": 95,
        "on_hand": 42,
        "on_order": 0,
        "days_of_cover": 10,
        "stockout_risk": 0.62,
        "cost": 870000,
        "reasons": ["Rounded up from 53 to 60, a whole number of packs of 5."],
        "explanation": {"version": 1, "status": "ok"},
    }

    @classmethod
    def of(cls, row: plans.RecommendationRow, locale: Locale) -> "Recommendation":
        """As it is sent."""
        one = row.recommendation
        own = {"product_id", "sku", "name", "rank", "reasons"}
        same = {name: getattr(one, name) for name in cls.__struct_fields__ if name not in own}
        return cls(
            product_id=row.product_id,
            sku=row.sku,
            name=row.name,
            rank=row.rank,
            reasons=sentences(one.explanation, locale),
            **same,
        )
