import asyncio
from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import numpy as np
import pytest
from bookkeeping import Books, rising_id
from people import NOON

from inventoryai.domain.forecast_runs import (
    ForecastColumns,
    ForecastId,
    ForecastNotFound,
    ForecastRun,
    NewForecastRun,
    OutcomeCounts,
)
from inventoryai.domain.forecasts import ForecastOutcome, ForecastRequest, ForecastStatus, Reason
from inventoryai.domain.jobs import JobId, JobKind, JobState
from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai.domain.periods import Frequency
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

LEVELS = (0.1, 0.5, 0.9)
REQUEST = ForecastRequest(horizon=4, engine="naive", levels=LEVELS, options={"window": 7})
OK = ForecastOutcome(ForecastStatus.OK, "naive")
FALLBACK = ForecastOutcome(
    ForecastStatus.FALLBACK,
    "fallback.mean",
    Reason("forecast.history_too_short", {"engine": "naive", "needed": 2, "known": 1}),
)
FAILED = ForecastOutcome(ForecastStatus.FAILED, "", Reason("forecast.history_empty"))
AS_OF, STARTS_ON = date(2024, 5, 1), date(2024, 5, 2)


@pytest.fixture
async def books(begin: PostgresUnitOfWork) -> Books:
    return await Books.open(begin, "A", "B", "C", "D")


async def add(books: Books, request: ForecastRequest = REQUEST, *skus: str) -> tuple[ForecastId, JobId]:
    products = tuple(books.ids(skus)) or None
    new = NewForecastRun(ForecastId(rising_id()), request, products, 7, books.founded.admin.id, NOON)
    job = books.new_job(JobKind.FORECAST)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
        await work.forecasts.add(new, job.id)
    return new.id, job.id


def columns(books: Books, *skus: str, outcome: ForecastOutcome = OK) -> ForecastColumns:
    """Numbers that differ everywhere."""
    random = np.random.default_rng(sum(map(ord, skus)))
    shape = (len(skus), REQUEST.horizon, len(LEVELS))
    noughts = outcome.status is ForecastStatus.FAILED
    return ForecastColumns(
        books.ids(skus),
        [outcome] * len(skus),
        np.zeros(shape[:2]) if noughts else random.random(shape[:2]),
        np.zeros(shape) if noughts else random.random(shape),
        np.zeros(shape) if noughts else random.random(shape),
    )


async def land(books: Books, forecast_id: ForecastId, *some: ForecastColumns) -> None:
    async with books.begin(books.scope) as work:
        for one in some:
            await work.forecasts.land(forecast_id, one)


async def get(books: Books, forecast_id: ForecastId) -> ForecastRun:
    async with books.begin(books.scope) as work:
        return await work.forecasts.get(forecast_id)


async def test_a_run_begins_with_what_was_asked(books: Books) -> None:
    forecast_id, job_id = await add(books)
    run = await get(books, forecast_id)
    assert (run.request, run.all_products, run.seed, run.created_at) == (REQUEST, True, 7, NOON)
    assert (run.as_of, run.starts_on, run.outcomes) == (None, None, OutcomeCounts())
    assert (run.job.id, run.job.state) == (job_id, JobState.QUEUED)


async def test_a_run_of_some_products_is_not_of_all(books: Books) -> None:
    forecast_id, _ = await add(books, REQUEST, "A", "B")
    assert not (await get(books, forecast_id)).all_products


async def test_what_lands_is_read_back_to_the_last_bit(books: Books) -> None:
    forecast_id, _ = await add(books)
    first, second = columns(books, "C", "A"), columns(books, "B", outcome=FALLBACK)
    await land(books, forecast_id, first, second)
    async with books.begin(books.scope) as work:
        found = await work.forecasts.products(forecast_id, PageRequest())
        read = await work.forecasts.columns(forecast_id)
    assert [(one.sku, one.product_id, one.outcome) for one in found] == [
        ("A", books.products["A"], OK),
        ("B", books.products["B"], FALLBACK),
        ("C", books.products["C"], OK),
    ]
    expected = [(first, 1), (second, 0), (first, 0)]
    for place, (one, (landed, row)) in enumerate(zip(found, expected, strict=True)):
        np.testing.assert_array_equal(one.mean, landed.mean[row])
        np.testing.assert_array_equal(one.quantiles, landed.quantiles[row])
        np.testing.assert_array_equal(one.totals, landed.totals[row])
        np.testing.assert_array_equal(read.mean[place], landed.mean[row])
        np.testing.assert_array_equal(read.totals[place], landed.totals[row])
    assert read.products == [one.product_id for one in found]
    assert read.outcomes == [one.outcome for one in found]
    assert read.quantiles.shape == (3, 0, 3)


async def test_a_failed_product_has_no_numbers(books: Books) -> None:
    forecast_id, _ = await add(books)
    await land(books, forecast_id, columns(books, "A"), columns(books, "B", outcome=FAILED))
    async with books.begin(books.scope) as work:
        _, failed = await work.forecasts.products(forecast_id, PageRequest())
        read = await work.forecasts.columns(forecast_id)
    assert failed.outcome == FAILED
    assert (failed.mean, failed.quantiles, failed.totals) == (None, None, None)
    assert not read.mean[1].any()
    assert not read.totals[1].any()
    assert read.outcomes[1] == FAILED


async def test_outcomes_are_counted_also_when_parts_land_at_once(books: Books) -> None:
    forecast_id, _ = await add(books)
    await asyncio.gather(
        land(books, forecast_id, columns(books, "A")),
        land(books, forecast_id, columns(books, "B", outcome=FALLBACK)),
        land(books, forecast_id, columns(books, "C", "D", outcome=FAILED)),
    )
    assert (await get(books, forecast_id)).outcomes == OutcomeCounts(ok=1, fallback=1, failed=2)


async def test_a_new_beginning_forgets_what_an_earlier_one_stored(books: Books) -> None:
    forecast_id, _ = await add(books)
    for _ in range(2):
        async with books.begin(books.scope) as work:
            await work.forecasts.begin(forecast_id, AS_OF, STARTS_ON)
        await land(books, forecast_id, columns(books, "A"))
    run = await get(books, forecast_id)
    assert (run.as_of, run.starts_on, run.outcomes) == (AS_OF, STARTS_ON, OutcomeCounts(ok=1))


async def test_products_come_page_by_page_in_the_order_of_their_skus(books: Books) -> None:
    forecast_id, _ = await add(books)
    await land(books, forecast_id, columns(books, "D", "B", "A", "C"))
    async with books.begin(books.scope) as work:
        first = await work.forecasts.products(forecast_id, PageRequest(limit=2))
        rest = await work.forecasts.products(forecast_id, PageRequest(limit=2, after=first[1].sku))
        with pytest.raises(CursorInvalid):
            await work.forecasts.products(forecast_id, PageRequest(after="\x00"))
    assert [one.sku for one in first] == ["A", "B", "C"]
    assert [one.sku for one in rest] == ["C", "D"]


async def test_archived_products_are_shown_but_not_planned(books: Books) -> None:
    forecast_id, _ = await add(books)
    await land(books, forecast_id, columns(books, "A", "B"))
    async with books.begin(books.scope) as work:
        await work.session.execute("update products set archived = true where sku = 'A'")
        assert len(await work.forecasts.products(forecast_id, PageRequest())) == 2
        assert (await work.forecasts.columns(forecast_id)).products == books.ids("B")


async def test_a_run_of_nothing_has_empty_columns(books: Books) -> None:
    forecast_id, _ = await add(books)
    async with books.begin(books.scope) as work:
        read = await work.forecasts.columns(forecast_id)
    assert (read.mean.shape, read.totals.shape) == ((0, 4), (0, 4, 3))


async def test_runs_are_listed_newest_first(books: Books) -> None:
    ids = [(await add(books))[0] for _ in range(3)]
    async with books.begin(books.scope) as work:
        first = await work.forecasts.list(PageRequest(limit=1))
        rest = await work.forecasts.list(PageRequest(limit=1, after=str(first[0].id)))
        with pytest.raises(CursorInvalid):
            await work.forecasts.list(PageRequest(after="7"))
    assert [run.id for run in first] == [ids[2], ids[1]]
    assert [run.id for run in rest] == [ids[1], ids[0]]


async def test_the_newest_daily_run_is_one_that_a_plan_can_use(books: Books) -> None:
    async def newest(horizon: int = 4) -> ForecastId | None:
        async with books.begin(books.scope) as work:
            run = await work.forecasts.find_newest_daily(horizon)
        return None if run is None else run.id

    async def succeed(job_id: JobId) -> None:
        lease = await books.claim(job_id)
        async with books.begin(books.scope) as work:
            await work.jobs.succeed(lease)

    usable, job_id = await add(books)
    assert await newest() is None
    await succeed(job_id)
    for request, skus in (
        (REQUEST, "AB"),
        (replace(REQUEST, frequency=Frequency.WEEK), ""),
        (replace(REQUEST, horizon=3), ""),
    ):
        _, job_id = await add(books, request, *skus)
        await succeed(job_id)
    await add(books)
    assert await newest() == usable
    assert await newest(5) is None


async def test_S18_a_run_of_another_company_is_not_there(books: Books) -> None:
    forecast_id, _ = await add(books)
    await land(books, forecast_id, columns(books, "A"))
    other = await Books.open(books.begin)
    async with books.begin(other.scope) as work:
        for unknown in (forecast_id, ForecastId(uuid4())):
            with pytest.raises(ForecastNotFound):
                await work.forecasts.get(unknown)
        assert list(await work.forecasts.products(forecast_id, PageRequest())) == []


async def test_S20_a_forecast_of_another_companys_product_is_refused_by_the_database(books: Books) -> None:
    forecast_id, _ = await add(books)
    other = await Books.open(books.begin, "A")
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="forecasts_product_fkey"):
        await land(books, forecast_id, columns(other, "A"))


async def test_a_longest_forecast_of_most_levels_is_kept(books: Books) -> None:
    levels = tuple(number / 1000 for number in range(1, 51))
    forecast_id, _ = await add(books, ForecastRequest(horizon=366, levels=levels))
    random = np.random.default_rng(1)
    mean, quantiles = random.random((1, 366)), random.random((1, 366, 50))
    await land(books, forecast_id, ForecastColumns(books.ids("A"), [OK], mean, quantiles, 2 * quantiles))
    async with books.begin(books.scope) as work:
        (found,) = await work.forecasts.products(forecast_id, PageRequest())
    np.testing.assert_array_equal(found.quantiles, quantiles[0])
    np.testing.assert_array_equal(found.totals, 2 * quantiles[0])
