from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest
from bookkeeping import Books, rising_id
from people import NOON

from inventoryai.domain.forecast_runs import ForecastId, ForecastNotFound, NewForecastRun
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.jobs import JobId, JobKind, JobState
from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai.domain.plans import (
    NewPlan,
    PlanId,
    PlanNotFound,
    PlanRequest,
    PlanSummary,
    RankedRecommendation,
    RecommendationRow,
)
from inventoryai.domain.replenishment import Recommendation, RecommendationStatus
from inventoryai.ports.forecast_storage import RecommendationFilter
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

AS_OF = date(2024, 5, 2)
SUMMARY = PlanSummary(products=3, to_order=2, urgent=1, cost=Decimal("1234.50"), days_behind=9)
KNOWN = Recommendation(
    product=0,
    status=RecommendationStatus.OK,
    order_quantity=Decimal("12.500"),
    order_by=AS_OF,
    urgent=True,
    reorder_point=Decimal("7.125"),
    safety_stock=Decimal("2.001"),
    order_up_to=Decimal("19.625"),
    on_hand=Decimal(3),
    on_order=Decimal("4.125"),
    days_of_cover=5,
    stockout_risk=0.1 + 0.2,
    cost=Decimal("1234.50"),
    explanation={"steps": [{"before": 12.25, "after": 12.5, "reason": "pack"}], "position": 7.125},
)
UNKNOWN = Recommendation(
    product=1,
    status=RecommendationStatus.UNKNOWN,
    order_quantity=None,
    order_by=None,
    urgent=False,
    reorder_point=None,
    safety_stock=None,
    order_up_to=None,
    on_hand=Decimal(0),
    on_order=Decimal(0),
    days_of_cover=None,
    stockout_risk=None,
    cost=None,
    explanation={"reason": {"code": "forecast.history_empty", "data": {}}},
)


@pytest.fixture
async def books(begin: PostgresUnitOfWork) -> Books:
    return await Books.open(begin, "A", "B", "C")


async def forecast(books: Books) -> ForecastId:
    admin = books.founded.admin.id
    new = NewForecastRun(ForecastId(rising_id()), ForecastRequest(horizon=14), None, 0, admin, NOON)
    job = books.new_job(JobKind.FORECAST)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
        await work.forecasts.add(new, job.id)
    return new.id


async def add(books: Books, request: PlanRequest | None = None) -> tuple[PlanId, JobId]:
    forecast_id = await forecast(books)
    new = NewPlan(PlanId(rising_id()), request or PlanRequest(), forecast_id, books.founded.admin.id, NOON)
    job = books.new_job(JobKind.PLAN)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
        await work.plans.add(new, job.id)
    return new.id, job.id


def ranked(books: Books) -> list[RankedRecommendation]:
    return [
        RankedRecommendation(books.products["B"], 1, KNOWN),
        RankedRecommendation(books.products["C"], 2, replace(KNOWN, product=2, urgent=False)),
        RankedRecommendation(books.products["A"], 3, UNKNOWN),
    ]


async def land(books: Books, plan_id: PlanId, summary: PlanSummary = SUMMARY) -> None:
    async with books.begin(books.scope) as work:
        await work.plans.land(plan_id, AS_OF, summary, ranked(books))


async def listed(
    books: Books, plan_id: PlanId, page: PageRequest | None = None, *, urgent: bool | None = None
) -> list[RecommendationRow]:
    async with books.begin(books.scope) as work:
        only = RecommendationFilter(urgent)
        return list(await work.plans.recommendations(plan_id, page or PageRequest(), only))


async def test_a_plan_begins_with_what_was_asked(books: Books) -> None:
    asked = PlanRequest(ForecastId(uuid4()), Decimal("0.975"), 14)
    for request in (asked, PlanRequest()):
        plan_id, job_id = await add(books, request)
        async with books.begin(books.scope) as work:
            plan = await work.plans.get(plan_id)
        assert (plan.request, plan.as_of, plan.summary) == (request, None, None)
        assert (plan.job.id, plan.job.state) == (job_id, JobState.QUEUED)


@pytest.mark.parametrize("summary", [SUMMARY, replace(SUMMARY, cost=None, days_behind=None)])
async def test_what_a_plan_came_to_is_kept(books: Books, summary: PlanSummary) -> None:
    plan_id, _ = await add(books)
    await land(books, plan_id, summary)
    async with books.begin(books.scope) as work:
        plan = await work.plans.get(plan_id)
    assert (plan.as_of, plan.summary) == (AS_OF, summary)


async def test_every_number_of_a_recommendation_is_read_back(books: Books) -> None:
    plan_id, _ = await add(books)
    await land(books, plan_id)
    found = await listed(books, plan_id)
    assert [(one.rank, one.sku, one.name) for one in found] == [(1, "B", "B"), (2, "C", "C"), (3, "A", "A")]
    assert [RankedRecommendation(one.product_id, one.rank, one.recommendation) for one in found] == ranked(
        books
    )


async def test_recommendations_come_page_by_page_most_urgent_first(books: Books) -> None:
    plan_id, _ = await add(books)
    await land(books, plan_id)
    first = await listed(books, plan_id, PageRequest(limit=1))
    rest = await listed(books, plan_id, PageRequest(limit=5, after=str(first[0].rank)))
    assert [one.rank for one in first] == [1, 2]
    assert [one.rank for one in rest] == [2, 3]
    assert await listed(books, plan_id, PageRequest(after="99999999999999999")) == []
    with pytest.raises(CursorInvalid):
        await listed(books, plan_id, PageRequest(after="first"))


async def test_urgent_ones_can_be_asked_for_alone(books: Books) -> None:
    plan_id, _ = await add(books)
    await land(books, plan_id)
    assert [one.rank for one in await listed(books, plan_id, urgent=True)] == [1]
    assert [one.rank for one in await listed(books, plan_id, urgent=False)] == [2, 3]


async def test_landing_again_replaces_what_was_there(books: Books) -> None:
    plan_id, _ = await add(books)
    await land(books, plan_id)
    await land(books, plan_id, replace(SUMMARY, urgent=2))
    assert len(await listed(books, plan_id)) == 3
    async with books.begin(books.scope) as work:
        assert (await work.plans.get(plan_id)).summary == replace(SUMMARY, urgent=2)


async def test_plans_are_listed_newest_first(books: Books) -> None:
    ids = [(await add(books))[0] for _ in range(3)]
    async with books.begin(books.scope) as work:
        first = await work.plans.list(PageRequest(limit=1))
        rest = await work.plans.list(PageRequest(limit=1, after=str(first[0].id)))
    assert [plan.id for plan in first] == [ids[2], ids[1]]
    assert [plan.id for plan in rest] == [ids[1], ids[0]]


async def test_the_newest_plan_is_one_that_succeeded(books: Books) -> None:
    plan_id, job_id = await add(books)
    await add(books)
    async with books.begin(books.scope) as work:
        assert await work.plans.find_newest() is None
    lease = await books.claim(job_id)
    async with books.begin(books.scope) as work:
        await work.jobs.succeed(lease)
    async with books.begin(books.scope) as work:
        newest = await work.plans.find_newest()
    assert newest is not None
    assert newest.id == plan_id


async def test_S18_a_plan_of_another_company_is_not_there(books: Books) -> None:
    plan_id, _ = await add(books)
    await land(books, plan_id)
    other = await Books.open(books.begin)
    assert await listed(other, plan_id) == []
    async with books.begin(other.scope) as work:
        assert await work.plans.find_newest() is None
        with pytest.raises(PlanNotFound):
            await work.plans.get(plan_id)


async def test_S20_a_plan_on_another_companys_forecast_is_refused_by_the_database(books: Books) -> None:
    foreign = await forecast(await Books.open(books.begin))
    job = books.new_job(JobKind.PLAN)
    new = NewPlan(PlanId(rising_id()), PlanRequest(), foreign, books.founded.admin.id, NOON)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
    with pytest.raises(ForecastNotFound) as refused:
        async with books.begin(books.scope) as work:
            await work.plans.add(new, job.id)
    assert isinstance(refused.value.__cause__, asyncpg.ForeignKeyViolationError)
