"""The job of a plan: forecast, stock and terms of supply made into order recommendations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import numpy as np

from inventoryai.domain.companies import Company
from inventoryai.domain.demand import Demand, require_daily
from inventoryai.domain.forecast_runs import ForecastColumns, ForecastRun
from inventoryai.domain.forecasts import ForecastStatus, HistoryEmpty, Reason
from inventoryai.domain.jobs import Lease
from inventoryai.domain.money import exponent
from inventoryai.domain.planning import PlanningDefaults, Policy, days_behind
from inventoryai.domain.plans import PlanId, PlanSummary, RankedRecommendation
from inventoryai.domain.positions import OpenOrders, StockColumns
from inventoryai.domain.products import ProductId
from inventoryai.domain.replenishment import Recommendation, most_urgent_first, recommend
from inventoryai.domain.supply_terms import SupplyTerms
from inventoryai.ports.clock import Clock
from inventoryai.ports.processes import Processes
from inventoryai.ports.storage import InCompany, UnitOfWork, Work
from inventoryai.usecases.overrides import columns_as_expected
from inventoryai.usecases.replenishment import defaults_for, local_today


@dataclass(frozen=True, slots=True)
class PlanningLimits:
    """What working out one plan may cost: seconds, and bytes of memory."""

    deadline: float = 600.0
    memory: int = 2 << 30


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a plan is worked out from, and the products in their order."""

    products: Sequence[ProductId]
    demand: Demand
    stock: StockColumns
    terms: SupplyTerms
    policy: Policy


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Works out what to order of every product of a forecast, and stores it, most urgent first.

    Where planners have overridden the forecast, it orders by what they expect.
    """

    begin: UnitOfWork
    clock: Clock
    processes: Processes
    limits: PlanningLimits = PlanningLimits()

    async def __call__(self, lease: Lease) -> None:
        """Raises ``HorizonTooShort``, ``ServiceLevelUnsupported`` or ``DailyForecastNeeded``."""
        plan_id = PlanId(UUID(lease.payload["plan_id"]))
        async with self.begin(InCompany.of(lease)) as work:
            plan = await work.plans.get(plan_id)
            run = await work.forecasts.get(plan.forecast_id)
            company = await work.companies.get()
            situation = await _situation(work, run, company, defaults_for(plan.request), self.clock.now())
        found = await self.processes.run(
            recommend,
            situation.demand,
            situation.stock,
            situation.terms,
            situation.policy,
            deadline=self.limits.deadline,
            memory=self.limits.memory,
        )
        ranked = ranking(found, situation.products)
        behind = days_behind(situation.policy.as_of, local_today(self.clock, company))
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            await work.plans.land(plan_id, situation.policy.as_of, summary(found, behind), ranked)
            await work.jobs.advance(lease, len(found), len(found))
            await work.jobs.succeed(lease)


async def _situation(
    work: Work, run: ForecastRun, company: Company, defaults: PlanningDefaults, now: datetime
) -> Situation:
    require_daily(run.request.frequency)
    columns = await columns_as_expected(work, run, now)
    products = {product.id: product for product in await work.products.every(columns.products)}
    positions = {one.product_id: one for one in await work.stock.positions(ids=columns.products)}
    if run.starts_on is None:
        raise RuntimeError(f"forecast {run.id} succeeded without a first day")
    return Situation(
        products=columns.products,
        demand=demand_of(columns, run.request.levels),
        stock=StockColumns.of([positions.get(one) for one in columns.products], OpenOrders.of([])),
        terms=SupplyTerms.of([products[one] for one in columns.products], defaults),
        policy=Policy(run.starts_on, defaults.review_days, exponent(company.currency)),
    )


def demand_of(columns: ForecastColumns, levels: Sequence[float]) -> Demand:
    """Stored forecasts as the demand that a plan is made from."""
    failures = {
        index: outcome.reason or Reason.of(HistoryEmpty())
        for index, outcome in enumerate(columns.outcomes)
        if outcome.status is ForecastStatus.FAILED
    }
    return Demand(np.asarray(levels, dtype=np.float64), columns.mean, columns.totals, failures)


def ranking(
    recommendations: Sequence[Recommendation], products: Sequence[ProductId]
) -> list[RankedRecommendation]:
    """Recommendations with their place in the plan."""
    ordered = most_urgent_first(recommendations)
    return [
        RankedRecommendation(products[one.product], rank, one) for rank, one in enumerate(ordered, start=1)
    ]


def summary(recommendations: Sequence[Recommendation], behind: int | None) -> PlanSummary:
    """What a plan comes to; the cost is that of the products whose cost is known, if there are any."""
    costs = [one.cost for one in recommendations if one.cost is not None]
    return PlanSummary(
        products=len(recommendations),
        to_order=sum(1 for one in recommendations if one.order_quantity),
        urgent=sum(1 for one in recommendations if one.urgent),
        cost=sum(costs, Decimal(0)) if costs else None,
        days_behind=behind,
    )
