"""Plans and their recommendations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inventoryai.domain.forecast_runs import ForecastNotFound
from inventoryai.domain.jobs import JobId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.plans import (
    NewPlan,
    Plan,
    PlanId,
    PlanNotFound,
    PlanSummary,
    RankedRecommendation,
    RecommendationRow,
)
from inventoryai.ports.forecast_storage import RecommendationFilter
from inventoryai_postgres.constraints import expecting
from inventoryai_postgres.copying import staging
from inventoryai_postgres.cursors import id_after
from inventoryai_postgres.failures import REACHING
from inventoryai_postgres.repositories.plan_rows import (
    PLAN_COLUMNS,
    RECOMMENDATION_COLUMNS,
    plan_of,
    recommendation_row_of,
    record_of,
)
from inventoryai_postgres.session import Session

_ADD = """
insert into plans (company_id, id, job_id, forecast_id, asked_forecast_id, asked_service_level,
                   asked_review_days, created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_FORGET = "delete from recommendations where company_id = $1 and plan_id = $2"
_LAND = "insert into recommendations select * from staged_recommendations"
_SUMMARISE = """
update plans set as_of = $3, products = $4, to_order = $5, urgent = $6, cost = $7, days_behind = $8
where company_id = $1 and id = $2
"""
_SELECT = f"""
select {PLAN_COLUMNS} from plans as plan join jobs as job on job.id = plan.job_id where plan.company_id = $1
"""
_GET = f"{_SELECT} and plan.id = $2"
_LIST = f"{_SELECT} and ($2::uuid is null or plan.id < $2) order by plan.id desc limit $3"
_NEWEST = f"{_SELECT} and job.state = 'succeeded' order by plan.id desc limit 1"
_RECOMMENDATIONS = f"""
select sku, name, {", ".join(f"one.{column}" for column in RECOMMENDATION_COLUMNS.split(", "))}
from recommendations as one
join products on (products.company_id, products.id) = (one.company_id, one.product_id)
where one.company_id = $1 and plan_id = $2 and rank > $3::bigint and ($4::boolean is null or urgent = $4)
order by rank limit $5
"""


@dataclass(frozen=True, slots=True)
class PostgresPlans:
    """Plans of the scope's company."""

    session: Session

    async def add(self, new: NewPlan, job_id: JobId) -> None:
        """Keeps a new plan; raises ``ForecastNotFound`` if its run was deleted in the meantime."""
        with expecting("plans_forecast_fkey", ForecastNotFound()):
            await self.session.execute(
                _ADD,
                self.session.company_id,
                new.id,
                job_id,
                new.forecast_id,
                new.request.forecast_id,
                new.request.service_level,
                new.request.review_days,
                new.created_by,
                new.created_at,
            )

    async def land(
        self,
        plan_id: PlanId,
        as_of: date,
        summary: PlanSummary,
        recommendations: Sequence[RankedRecommendation],
    ) -> None:
        """Keeps what a plan came to, instead of what it came to before."""
        key = (self.session.company_id, plan_id)
        await self.session.execute(_FORGET, *key)
        table = "staged_recommendations"
        async with staging(self.session, table, "like recommendations"):
            with REACHING:
                await self.session.connection.copy_records_to_table(
                    table,
                    records=((*key, *record_of(one)) for one in recommendations),
                    columns=["company_id", "plan_id", *RECOMMENDATION_COLUMNS.split(", ")],
                )
            await self.session.execute(_LAND)
        numbers = (summary.products, summary.to_order, summary.urgent, summary.cost, summary.days_behind)
        await self.session.execute(_SUMMARISE, *key, as_of, *numbers)

    async def get(self, plan_id: PlanId) -> Plan:
        """A plan; raises ``PlanNotFound``."""
        row = await self.session.fetchrow(_GET, self.session.company_id, plan_id)
        if row is None:
            raise PlanNotFound
        return plan_of(row)

    async def list(self, page: PageRequest) -> Sequence[Plan]:
        """Plans, newest first."""
        after = id_after(page)
        rows = await self.session.fetch(_LIST, self.session.company_id, after, page.limit + 1)
        return [plan_of(row) for row in rows]

    async def find_newest(self) -> Plan | None:
        """The newest plan that succeeded."""
        row = await self.session.fetchrow(_NEWEST, self.session.company_id)
        return None if row is None else plan_of(row)

    async def recommendations(
        self, plan_id: PlanId, page: PageRequest, only: RecommendationFilter
    ) -> Sequence[RecommendationRow]:
        """Recommendations of a plan, most urgent first."""
        after = page.number_after() or 0
        rows = await self.session.fetch(
            _RECOMMENDATIONS, self.session.company_id, plan_id, after, only.urgent, page.limit + 1
        )
        return [recommendation_row_of(row) for row in rows]
