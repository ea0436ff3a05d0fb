"""Plans: order recommendations for all products on one day, from one forecast."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NewType
from uuid import UUID

from inventoryai.domain.errors import NotFound
from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import Job
from inventoryai.domain.planning import checked_review_days, checked_service_level
from inventoryai.domain.products import ProductId
from inventoryai.domain.replenishment import Recommendation

PlanId = NewType("PlanId", UUID)


class PlanNotFound(NotFound):
    """No such plan in this company."""

    code = "plan.not_found"
    en = "There is no such plan."
    fr = "Ce plan n’existe pas."


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is asked of a plan; what is None is the company's default.

    Raises:
        ServiceLevelInvalid, ReviewDaysInvalid: A number cannot be what it is said to be.
    """

    forecast_id: ForecastId | None = None
    service_level: Decimal | None = None
    review_days: int | None = None

    def __post_init__(self) -> None:
        if self.service_level is not None:
            checked_service_level(self.service_level)
        if self.review_days is not None:
            checked_review_days(self.review_days)


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as it begins; its forecast may still be running."""

    id: PlanId
    request: PlanRequest
    forecast_id: ForecastId
    created_by: UserId
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What a plan came to.

    ``days_behind`` is how long before the real day the data ends, when that is over a week; else None.
    """

    products: int
    to_order: int
    urgent: int
    cost: Decimal | None
    days_behind: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as its company sees it. Its state is its job's; ``as_of`` is the plan's today."""

    id: PlanId
    request: PlanRequest
    forecast_id: ForecastId
    created_at: datetime
    as_of: date | None
    summary: PlanSummary | None
    job: Job


@dataclass(frozen=True, slots=True)
class RankedRecommendation:
    """A recommendation and its place in the plan, the most urgent being 1."""

    product_id: ProductId
    rank: int
    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation as it is listed."""

    product_id: ProductId
    sku: str
    name: str
    rank: int
    recommendation: Recommendation
