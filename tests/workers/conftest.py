"""A database and a queue for the workers of these tests alone: other tests leave jobs behind."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from inside import superuser_url
from workplace import Workplace

from inventoryai_postgres.migrations import migrate
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls, Stack


@pytest.fixture(scope="session")
async def database(stack: Stack) -> PostgresUrls:
    """A second database on the server of all tests, with its tables."""
    superuser = await asyncpg.connect(superuser_url(stack.folder, "postgres"))
    await superuser.execute("create database workplace owner inventoryai_owner")
    await superuser.close()
    both = (stack.database.owner, stack.database.app)
    urls = PostgresUrls(*(url.replace("/inventoryai?", "/workplace?") for url in both))
    await migrate(urls.owner, app_login="inventoryai_login")
    return urls


@pytest.fixture(scope="session")
async def begin(database: PostgresUrls) -> AsyncIterator[PostgresUnitOfWork]:
    """Units of work there. It is named here again, as the one of all tests may be open already."""
    begin = PostgresUnitOfWork(PostgresSettings(database.app))
    yield begin
    await begin.close()


@pytest.fixture
async def workplace(begin: PostgresUnitOfWork, stack: Stack, tmp_path: Path) -> AsyncIterator[Workplace]:
    """Where workers find work; the queue is empty."""
    own = stack.redis_url.removesuffix("/0") + "/1"
    async with Workplace.open(begin, own, tmp_path / "uploads") as workplace:
        yield workplace
