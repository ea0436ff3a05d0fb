"""Plans and recommendations: asking what to order, and reading the answer."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from inventoryai.domain.companies import Company, Membership
from inventoryai.domain.demand import require_daily
from inventoryai.domain.forecast_runs import ForecastRun, NothingToForecast
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.jobs import JobId, JobKind, JobState, NewJob
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.periods import as_day
from inventoryai.domain.planning import PlanningDefaults
from inventoryai.domain.plans import NewPlan, Plan, PlanId, PlanNotFound, PlanRequest, RecommendationRow
from inventoryai.domain.replenishment import horizon_needed, levels_needed
from inventoryai.domain.supply_terms import SupplyTerms
from inventoryai.forecasting import as_of_day
from inventoryai.ports.clock import Clock
from inventoryai.ports.forecast_storage import RecommendationFilter
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.queue import JobQueue
from inventoryai.ports.storage import InCompany, UnitOfWork, Work
from inventoryai.usecases.forecasts import QueueForecast


def defaults_for(request: PlanRequest) -> PlanningDefaults:
    """What a plan reckons with where a product has no terms of its own."""
    usual = PlanningDefaults()
    return PlanningDefaults(
        review_days=usual.review_days if request.review_days is None else request.review_days,
        service_level=usual.service_level if request.service_level is None else request.service_level,
    )


@dataclass(frozen=True, slots=True)
class StartPlan:
    """Asks what to order today, how much and by when, for all products.

    A plan uses the forecast that is named, else the newest daily one of all products that reaches far
    enough and knows the newest sales, else it has one made first. The service level and the review
    period of the request hold for products that have none of their own.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    queue: JobQueue
    queue_forecast: QueueForecast

    async def __call__(self, member: Membership, request: PlanRequest) -> Plan:
        """The plan, queued; raises ``ForecastNotFound`` or ``DailyForecastNeeded``."""
        async with self.begin(InCompany.of(member)) as work:
            run = await self._forecast(work, member, request)
            new = NewPlan(
                id=PlanId(self.identifiers.new()),
                request=request,
                forecast_id=run.id,
                created_by=member.user_id,
                created_at=self.clock.now(),
            )
            job = NewJob(
                id=JobId(self.identifiers.new()),
                kind=JobKind.PLAN,
                user_id=member.user_id,
                payload={"plan_id": str(new.id)},
                unit="products",
                after_id=None if run.job.state is JobState.SUCCEEDED else run.job.id,
            )
            await work.jobs.add(job)
            await work.plans.add(new, job.id)
            plan = await work.plans.get(new.id)
        await self.queue.wake([job.id] if job.after_id is None else [run.job.id])
        return plan

    async def _forecast(self, work: Work, member: Membership, request: PlanRequest) -> ForecastRun:
        if request.forecast_id is not None:
            run = await work.forecasts.get(request.forecast_id)
            require_daily(run.request.frequency)
            return run
        defaults = defaults_for(request)
        terms = SupplyTerms.of(await work.products.every(), defaults)
        horizon, levels = horizon_needed(terms, defaults.review_days), levels_needed(terms)
        newest = await work.forecasts.find_newest_daily(horizon)
        if newest is not None and await self._up_to_date(work, newest, levels):
            return newest
        return await self.queue_forecast(work, member, ForecastRequest(horizon=horizon, levels=levels))

    async def _up_to_date(self, work: Work, run: ForecastRun, levels: tuple[float, ...]) -> bool:
        """Whether a run knows the newest sales, and says enough about the tails."""
        last_day = await work.sales.last_day()
        if last_day is None:
            raise NothingToForecast
        as_of = as_of_day(last_day, as_day(local_today(self.clock, await work.companies.get())))
        known = run.as_of is not None and as_day(run.as_of) == as_of
        return known and run.request.levels[0] <= levels[0] and levels[-1] <= run.request.levels[-1]


def local_today(clock: Clock, company: Company) -> date:
    """The company's today."""
    return clock.now().astimezone(ZoneInfo(company.time_zone)).date()


@dataclass(frozen=True, slots=True)
class GetPlan:
    """A plan: its state, its today, and what it came to."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, plan_id: PlanId) -> Plan:
        """Raises ``PlanNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            return await work.plans.get(plan_id)


@dataclass(frozen=True, slots=True)
class ListPlans:
    """The company's plans, newest first."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest) -> Page[Plan]:
        """One page."""
        async with self.begin(InCompany.of(member)) as work:
            return Page.cut(await work.plans.list(page), page, lambda plan: str(plan.id))


@dataclass(frozen=True, slots=True)
class ListRecommendations:
    """What to order, most urgent first, each line with the explanation of its numbers.

    Without a plan named, those of the newest plan that succeeded.
    """

    begin: UnitOfWork

    async def __call__(
        self, member: Membership, plan_id: PlanId | None, page: PageRequest, only: RecommendationFilter
    ) -> Page[RecommendationRow]:
        """One page; raises ``PlanNotFound`` when there is no such plan, or none at all yet."""
        async with self.begin(InCompany.of(member)) as work:
            plan = await (work.plans.find_newest() if plan_id is None else work.plans.get(plan_id))
            if plan is None:
                raise PlanNotFound
            rows = await work.plans.recommendations(plan.id, page, only)
        return Page.cut(rows, page, lambda row: str(row.rank))
