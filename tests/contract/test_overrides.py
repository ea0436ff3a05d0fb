"""Planners' overrides as they are kept, on a real database."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from bookkeeping import Books, rising_id
from people import NOON, join

from inventoryai.domain.forecast_runs import ForecastId, ForecastNotFound, NewForecastRun
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.jobs import JobKind
from inventoryai.domain.overrides import Override, OverrideId, OverrideNotFound
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.periods import Frequency
from inventoryai.ports.storage import InCompany
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

MAY = date(2024, 5, 1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def books(begin: PostgresUnitOfWork) -> Books:
    return await Books.open(begin, "A", "B")


async def add_run(books: Books) -> ForecastId:
    new = NewForecastRun(
        ForecastId(rising_id()), ForecastRequest(horizon=7), None, 0, books.founded.admin.id, NOON
    )
    job = books.new_job(JobKind.FORECAST)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
        await work.forecasts.add(new, job.id)
        await work.forecasts.begin(new.id, MAY, MAY)
    return new.id


async def add(books: Books, run: ForecastId, sku: str = "A", **said: Any) -> Override:
    override = Override(
        id=OverrideId(rising_id()),
        forecast_id=run,
        product_id=books.products[sku],
        sku=sku,
        starts_on=MAY,
        ends_on=MAY + timedelta(days=2),
        frequency=Frequency.DAY,
        mean=0.1 + 0.2,
        factor=None,
        reason="Tabaski",
        author_id=books.founded.admin.id,
        author=books.founded.admin.full_name,
        created_at=NOON,
        expires_at=None,
    )
    override = replace(override, **said)
    async with books.begin(books.scope) as work:
        await work.overrides.add(override)
    return override


async def holding(
    books: Books, first: date, until: date, now: datetime | None, *skus: str
) -> list[OverrideId]:
    async with books.begin(books.scope) as work:
        found = await work.overrides.holding(first, until, now, books.ids(skus) if skus else None)
    return [one.id for one in found]


async def test_what_was_said_is_what_is_read(books: Books) -> None:
    run = await add_run(books)
    added = await add(books, run, expires_at=NOON + HOUR)
    stretched = await add(books, run, mean=None, factor=1.3, frequency=Frequency.MONTH)
    async with books.begin(books.scope) as work:
        assert await work.overrides.get(added.id) == added
        assert await work.overrides.list(run, PageRequest()) == [stretched, added]
        assert await work.overrides.list(run, PageRequest(limit=1)) == [stretched, added]
        assert await work.overrides.list(run, PageRequest(after=str(stretched.id))) == [added]


async def test_those_hold_that_reach_into_the_days_asked_for(books: Books) -> None:
    run = await add_run(books)
    one, other = await add(books, run), await add(books, run, sku="B")
    last = MAY + timedelta(days=2)
    assert await holding(books, last, last + timedelta(days=9), NOON) == [one.id, other.id]
    assert await holding(books, last + timedelta(days=1), last + timedelta(days=9), NOON) == []
    assert await holding(books, MAY - timedelta(days=9), MAY, NOON) == []
    assert await holding(books, MAY - timedelta(days=9), MAY + timedelta(days=1), NOON, "B") == [other.id]


async def test_they_hold_until_they_expire_in_the_order_in_which_they_were_said(books: Books) -> None:
    run = await add_run(books)
    later = await add(books, run, created_at=NOON + HOUR)
    short = await add(books, run, expires_at=NOON + HOUR)
    assert await holding(books, MAY, MAY + timedelta(days=1), NOON) == [short.id, later.id]
    assert await holding(books, MAY, MAY + timedelta(days=1), NOON + HOUR) == [later.id]
    assert await holding(books, MAY, MAY + timedelta(days=1), None) == [short.id, later.id]


async def test_what_is_withdrawn_holds_no_more_and_is_kept(books: Books) -> None:
    run = await add_run(books)
    one = await add(books, run)
    async with books.begin(books.scope) as work:
        await work.overrides.withdraw(one.id, NOON + HOUR)
        assert await work.overrides.get(one.id) == replace(one, withdrawn_at=NOON + HOUR)
        with pytest.raises(OverrideNotFound):
            await work.overrides.withdraw(one.id, NOON + HOUR)
    assert await holding(books, MAY, MAY + timedelta(days=1), None) == []


async def test_who_has_left_is_not_named_and_what_they_said_holds(books: Books) -> None:
    run, kofi = await add_run(books), await join(books.begin, books.founded)
    one = await add(books, run, author_id=kofi.id, author=kofi.full_name)
    async with books.begin(books.scope) as work:
        assert (await work.overrides.get(one.id)).author == kofi.full_name
        await work.session.execute("delete from memberships where user_id = $1", kofi.id)
        assert (await work.overrides.get(one.id)).author is None
    assert await holding(books, MAY, MAY + timedelta(days=1), NOON) == [one.id]


async def test_other_companies_see_nothing_of_it(books: Books, begin: PostgresUnitOfWork) -> None:
    one, other = await add(books, await add_run(books)), await Books.open(begin, "A")
    async with begin(InCompany(other.founded.company.id, other.founded.admin.id)) as work:
        with pytest.raises(OverrideNotFound):
            await work.overrides.get(one.id)
        with pytest.raises(OverrideNotFound):
            await work.overrides.withdraw(one.id, NOON)
        assert await work.overrides.holding(MAY, MAY + timedelta(days=9), None) == []


@pytest.mark.parametrize(
    ("said", "constraint"),
    [
        ({"mean": None}, "change_check"),
        ({"factor": 2.0}, "change_check"),
        ({"mean": -1.0}, "sign_check"),
        ({"ends_on": MAY - timedelta(days=1)}, "days_check"),
    ],
)
async def test_the_database_holds_it_to_being_one_change_of_some_days(
    books: Books, said: dict[str, Any], constraint: str
) -> None:
    run = await add_run(books)
    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await add(books, run, **said)


async def test_a_run_that_was_deleted_meanwhile_is_not_found(books: Books) -> None:
    run = await add_run(books)
    async with books.begin(books.scope) as work:
        await work.forecasts.delete(run)
    with pytest.raises(ForecastNotFound):
        await add(books, run)


async def test_what_was_said_is_never_rewritten(books: Books) -> None:
    await add(books, await add_run(books))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with books.begin(books.scope) as work:
            await work.session.execute("update forecast_overrides set mean = 0")
