import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from servers import running_servers, temporary_folder

from inventoryai_postgres.migrations import MigrationChanged, migrate, pending_migrations
from inventoryai_postgres.migrations.steps import m0009_similar_products
from inventoryai_postgres.roles import LoginUnknown
from inventoryai_postgres.starting import DatabaseNotMigrated, check_ready, check_start
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls

LOGIN = "inventoryai_login"


@pytest.fixture(scope="module")
def urls() -> Iterator[PostgresUrls]:
    """A server of its own: roles belong to a whole server, and here they are not made yet."""
    with temporary_folder() as folder, running_servers(folder) as stack:
        yield stack.database


@pytest.fixture
async def owner(urls: PostgresUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.owner)
    yield connection
    await connection.close()


@pytest.fixture
async def begin(urls: PostgresUrls) -> AsyncIterator[PostgresUnitOfWork]:
    begin = PostgresUnitOfWork(PostgresSettings(urls.app))
    yield begin
    await begin.close()


# These follow one database from empty to complete, in this order.


async def test_an_empty_database_is_not_served(begin: PostgresUnitOfWork, owner: asyncpg.Connection) -> None:
    with pytest.raises(DatabaseNotMigrated):
        await check_start(begin)
    assert "0001_people_and_stock" in await pending_migrations(owner)


async def test_a_migration_that_fails_leaves_nothing(urls: PostgresUrls, owner: asyncpg.Connection) -> None:
    with pytest.raises(LoginUnknown, match="nobody"):
        await migrate(urls.owner, app_login="nobody")
    assert await owner.fetchval("select count(*) from pg_roles where rolname like 'inventoryai\\_app'") == 0
    assert await owner.fetchval("select to_regclass('migration')") is None


async def test_of_two_at_once_one_migrates_and_the_other_finds_it_done(
    urls: PostgresUrls, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    needed = await pending_migrations(owner)
    answers = await asyncio.gather(*(migrate(urls.owner, app_login=LOGIN) for _ in range(2)))
    assert sorted(answers) == [(), needed]
    assert await pending_migrations(owner) == ()
    assert capsys.readouterr().out == ""
    assert "PICCOLO_CONF" not in os.environ


async def test_a_migrated_database_is_served(begin: PostgresUnitOfWork) -> None:
    await check_start(begin)
    await check_ready(begin)


def edit(monkeypatch: pytest.MonkeyPatch, append: str) -> None:
    """Somebody changes a migration in the code."""
    monkeypatch.setattr(m0009_similar_products, "_COLUMNS", m0009_similar_products._COLUMNS + append)


async def digests(owner: asyncpg.Connection) -> list[str | None]:
    return [row["digest"] for row in await owner.fetch("select digest from migration order by name")]


async def test_a_migration_that_was_edited_after_it_ran_stops_every_start(
    urls: PostgresUrls, begin: PostgresUnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(monkeypatch, "alter table products add column colour text;")
    with pytest.raises(MigrationChanged, match=r" 0009_similar_products was edited .* a new migration\.$"):
        await check_start(begin)
    with pytest.raises(MigrationChanged, match="0009_similar_products"):
        await migrate(urls.owner, app_login=LOGIN)


async def test_a_comment_and_the_breaks_of_lines_in_a_migration_may_be_edited(
    begin: PostgresUnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(monkeypatch, "\n    -- This is new.\n\n")
    await check_start(begin)


async def test_a_database_from_before_digests_is_taken_as_it_is_and_gets_them(
    urls: PostgresUrls, begin: PostgresUnitOfWork, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await digests(owner)
    assert None not in before
    await owner.execute("alter table migration drop column digest")
    await check_start(begin)
    assert await migrate(urls.owner, app_login=LOGIN) == ()
    assert await digests(owner) == before
    edit(monkeypatch, "select 1;")
    with pytest.raises(MigrationChanged):
        await check_start(begin)


async def test_what_a_newer_version_has_run_is_not_held_against_it(
    begin: PostgresUnitOfWork, owner: asyncpg.Connection
) -> None:
    await owner.execute("insert into migration (name, app_name, digest) values ('9999', 'inventoryai', 'x')")
    await check_start(begin)
    await owner.execute("delete from migration where name = '9999'")


async def test_a_database_behind_the_program_is_not_ready(
    begin: PostgresUnitOfWork, owner: asyncpg.Connection
) -> None:
    await owner.execute("delete from migration where name = '0001_people_and_stock'")
    with pytest.raises(DatabaseNotMigrated, match="0001_people_and_stock"):
        await check_ready(begin)
