import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
from people import found, join, register, some_company, some_product, some_user

from inventoryai.domain.companies import CompanyId, Role
from inventoryai.domain.identity import UserId
from inventoryai.domain.products import SkuAlreadyExists
from inventoryai.ports.storage import Anonymous, AsUser, Dispatching, InCompany, Scope, StorageUnavailable
from inventoryai_postgres.dialect import OutsideUnitOfWork
from inventoryai_postgres.session import ScopeMismatch, Session, TransactionBroken, UnitOfWorkOver
from inventoryai_postgres.tables.identity import Users
from inventoryai_postgres.unit_of_work import NestedUnitOfWork, PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls

SETTINGS = (
    "select current_user, current_setting('app.user_id', true), current_setting('app.company_id', true)"
)


@pytest.fixture
async def narrow(database: PostgresUrls) -> AsyncIterator[PostgresUnitOfWork]:
    """Units of work that have one connection between them, so that a leaked one is missed."""
    name = f"narrow {uuid4().hex}"
    begin = PostgresUnitOfWork(
        PostgresSettings(database.app, application_name=name, connections=1, acquire_within=0.5)
    )
    yield begin
    await begin.close()


async def says(session: Session, statement: str) -> tuple[object, ...]:
    row = await session.fetchrow(statement)
    assert row is not None
    return tuple(row)


async def test_every_scope_takes_its_role_and_leaves_nothing(narrow: PostgresUnitOfWork) -> None:
    user, company = UserId(uuid4()), CompanyId(uuid4())
    expected: dict[Scope, tuple[str, str, str]] = {
        InCompany(company, user): ("inventoryai_app", str(user), str(company)),
        AsUser(user): ("inventoryai_app", str(user), ""),
        Dispatching(): ("inventoryai_jobs", "", ""),
        Anonymous(): ("inventoryai_app", "", ""),
    }
    for scope, found_there in expected.items():
        async with narrow(scope) as work:
            assert await says(work.session, SETTINGS) == found_there


async def test_leaving_commits_and_raising_rolls_back(narrow: PostgresUnitOfWork) -> None:
    kept, dropped = some_user(), some_user()
    async with narrow(Anonymous()) as work:
        await work.users.add(kept)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the unit of work is what is under test
        async with narrow(Anonymous()) as work:
            await work.users.add(dropped)
            raise ZeroDivisionError
    async with narrow(Anonymous()) as work:
        assert await work.users.find_by_email(kept.email) == kept
        assert await work.users.find_by_email(dropped.email) is None


async def test_a_unit_of_work_inside_another_is_refused(narrow: PostgresUnitOfWork) -> None:
    async with narrow(Anonymous()):
        with pytest.raises(NestedUnitOfWork):
            await narrow(Anonymous()).__aenter__()
    async with narrow(Anonymous()):
        pass


async def test_R2_without_a_free_connection_in_time_storage_is_unavailable(
    narrow: PostgresUnitOfWork,
) -> None:
    async def other() -> None:
        async with narrow(Anonymous()):
            pass

    async with narrow(Anonymous()):
        with pytest.raises(StorageUnavailable):
            await asyncio.create_task(other())
    await other()


async def test_R2_a_commit_that_fails_gives_its_connection_back(narrow: PostgresUnitOfWork) -> None:
    user, company = await register(narrow), some_company()
    for _ in range(3):
        with pytest.raises(asyncpg.CheckViolationError, match="at least one admin"):  # noqa: PT012 - as above
            async with narrow(AsUser(user.id)) as work:
                await work.enter(company.id)
                await work.companies.add(company)
    async with narrow(AsUser(user.id)) as work:
        assert await work.companies.list_mine() == ()


async def test_R2_a_cancelled_unit_of_work_rolls_back_and_gives_its_connection_back(
    narrow: PostgresUnitOfWork,
) -> None:
    user, inside = some_user(), asyncio.Event()

    async def hang() -> None:
        async with narrow(Anonymous()) as work:
            await work.users.add(user)
            inside.set()
            await work.session.fetch("select pg_sleep(600)")

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    async with narrow(Anonymous()) as work:
        assert await work.users.find_by_email(user.email) is None


async def test_a_failure_that_was_swallowed_does_not_pass_for_a_commit(narrow: PostgresUnitOfWork) -> None:
    founded = await found(narrow)
    with pytest.raises(TransactionBroken):  # noqa: PT012 - as above
        async with narrow(founded.scope) as work:
            await work.products.add(some_product("A"))
            with suppress(SkuAlreadyExists):
                await work.products.add(some_product("A"))
    async with narrow(founded.scope) as work:
        assert list(await work.products.every()) == []


async def test_R5_a_connection_that_dies_is_storage_unavailable_and_is_replaced(
    narrow: PostgresUnitOfWork, database: PostgresUrls
) -> None:
    killer = await asyncpg.connect(database.app)
    try:
        with pytest.raises(StorageUnavailable):  # noqa: PT012 - as above
            async with narrow(Anonymous()) as work:
                pid = await work.session.fetchval("select pg_backend_pid()")
                assert await killer.fetchval("select pg_terminate_backend($1, 5000)", pid)
                await work.session.fetchval("select 1")
        async with narrow(Anonymous()) as work:
            idle = await work.session.fetchval("select pg_backend_pid()")
        assert await killer.fetchval("select pg_terminate_backend($1, 5000)", idle)
        with suppress(StorageUnavailable):  # the pool may find out only by trying
            async with narrow(Anonymous()):
                pass
        async with narrow(Anonymous()) as work:
            assert await work.session.fetchval("select 1") == 1
    finally:
        await killer.close()


async def test_R5_a_database_that_is_not_there_is_unavailable() -> None:
    begin = PostgresUnitOfWork(PostgresSettings("postgresql://nobody:x@/nothing?host=/no/such/folder"))
    with pytest.raises(StorageUnavailable):
        await begin(Anonymous()).__aenter__()
    await begin.close()


async def test_S33_a_statement_that_takes_too_long_is_stopped(database: PostgresUrls) -> None:
    begin = PostgresUnitOfWork(PostgresSettings(database.app, statement_timeout=0.05))
    with pytest.raises(StorageUnavailable):
        async with begin(Anonymous()) as work:
            await work.session.fetch("select pg_sleep(600)")
    await begin.close()


async def test_other_failures_of_the_body_pass_as_they_are(narrow: PostgresUnitOfWork) -> None:
    for failure in (FileNotFoundError("a file"), asyncpg.InterfaceError("wrong number of arguments")):
        with pytest.raises(type(failure), match=str(failure)):
            async with narrow(Anonymous()):
                raise failure


async def test_a_repository_outside_its_scope_is_a_bug(narrow: PostgresUnitOfWork) -> None:
    founded = await found(narrow)
    with pytest.raises(ScopeMismatch):
        async with narrow(AsUser(founded.admin.id)) as work:
            await work.products.every()
    with pytest.raises(ScopeMismatch):
        async with narrow(founded.scope) as work:
            await work.enter(CompanyId(uuid4()))
    with pytest.raises(ScopeMismatch):
        async with narrow(AsUser(founded.admin.id)) as work:
            await work.users.add(some_user())


async def test_a_repository_ends_with_its_unit_of_work(narrow: PostgresUnitOfWork) -> None:
    founded = await found(narrow)
    async with narrow(founded.scope) as work:
        pass
    with pytest.raises(UnitOfWorkOver):
        await work.products.every()


async def test_a_query_runs_on_a_unit_of_work_and_nowhere_else() -> None:
    with pytest.raises(OutsideUnitOfWork):
        await Users.select()


async def test_S17_two_admins_who_demote_each_other_do_not_both_succeed(begin: PostgresUnitOfWork) -> None:
    founded = await found(begin)
    other = await join(begin, founded, role=Role.ADMIN)
    both_have_changed = asyncio.Barrier(2)

    async def demote(user_id: UserId) -> None:
        async with begin(founded.scope) as work:
            await work.session.execute(
                "update memberships set role = 'member' where company_id = $1 and user_id = $2",
                founded.company.id,
                user_id,
            )
            await both_have_changed.wait()

    answers = await asyncio.gather(demote(founded.admin.id), demote(other.id), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["CheckViolationError", "NoneType"]


async def test_the_password_of_the_database_is_not_shown(database: PostgresUrls) -> None:
    settings = replace(PostgresSettings(database.app), connections=2)
    assert "postgresql://" not in repr(settings)
