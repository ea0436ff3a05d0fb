"""Plans and recommendations as rows."""

from typing import Final

import asyncpg

from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.plans import (
    Plan,
    PlanId,
    PlanRequest,
    PlanSummary,
    RankedRecommendation,
    RecommendationRow,
)
from inventoryai.domain.products import ProductId
from inventoryai.domain.replenishment import Recommendation, RecommendationStatus
from inventoryai_postgres.repositories.job_rows import JOB_COLUMNS, job_of
from inventoryai_postgres.texts import from_json, to_json

PLAN_COLUMNS: Final = f"""
plan.id, plan.forecast_id, plan.asked_forecast_id, plan.asked_service_level, plan.asked_review_days,
plan.created_at, plan.as_of, plan.products, plan.to_order, plan.urgent, plan.cost, plan.days_behind,
{JOB_COLUMNS}
"""
RECOMMENDATION_COLUMNS: Final = (
    "rank, product_id, place, status, order_quantity, order_by, urgent, reorder_point, safety_stock, "
    "order_up_to, on_hand, on_order, days_of_cover, stockout_risk, cost, explanation"
)


def plan_of(row: asyncpg.Record) -> Plan:
    """The plan in a row of ``PLAN_COLUMNS``."""
    request = PlanRequest(
        forecast_id=row["asked_forecast_id"],
        service_level=row["asked_service_level"],
        review_days=row["asked_review_days"],
    )
    return Plan(
        id=PlanId(row["id"]),
        request=request,
        forecast_id=ForecastId(row["forecast_id"]),
        created_at=row["created_at"],
        as_of=row["as_of"],
        summary=_summary_of(row),
        job=job_of(row),
    )


def _summary_of(row: asyncpg.Record) -> PlanSummary | None:
    if row["products"] is None:
        return None
    return PlanSummary(
        products=row["products"],
        to_order=row["to_order"],
        urgent=row["urgent"],
        cost=row["cost"],
        days_behind=row["days_behind"],
    )


def record_of(ranked: RankedRecommendation) -> tuple[object, ...]:
    """The values of ``RECOMMENDATION_COLUMNS``, in their order."""
    one = ranked.recommendation
    return (
        ranked.rank,
        ranked.product_id,
        one.product,
        one.status.value,
        one.order_quantity,
        one.order_by,
        one.urgent,
        one.reorder_point,
        one.safety_stock,
        one.order_up_to,
        one.on_hand,
        one.on_order,
        one.days_of_cover,
        one.stockout_risk,
        one.cost,
        to_json(one.explanation),
    )


def recommendation_row_of(row: asyncpg.Record) -> RecommendationRow:
    """The recommendation in a row of ``RECOMMENDATION_COLUMNS`` with its product's SKU and name."""
    return RecommendationRow(
        product_id=ProductId(row["product_id"]),
        sku=row["sku"],
        name=row["name"],
        rank=row["rank"],
        recommendation=_recommendation_of(row),
    )


def _recommendation_of(row: asyncpg.Record) -> Recommendation:
    return Recommendation(
        product=row["place"],
        status=RecommendationStatus(row["status"]),
        order_quantity=row["order_quantity"],
        order_by=row["order_by"],
        urgent=row["urgent"],
        reorder_point=row["reorder_point"],
        safety_stock=row["safety_stock"],
        order_up_to=row["order_up_to"],
        on_hand=row["on_hand"],
        on_order=row["on_order"],
        days_of_cover=row["days_of_cover"],
        stockout_risk=row["stockout_risk"],
        cost=row["cost"],
        explanation=from_json(row["explanation"]),
    )
