"""A database and a queue for the workers of these tests alone: other tests leave jobs behind."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from inside import superuser_url
from workplace import Workplace

from inventoryai_postgres import PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls, Stack


@pytest.fixture(scope="session")
async def postgres_urls(stack: Stack) -> PostgresUrls:
    """A second database on the server of all tests."""
    superuser = await asyncpg.connect(superuser_url(stack.folder, "postgres"))
    await superuser.execute("create database workplace owner inventoryai_owner")
    await superuser.close()
    return PostgresUrls(*(url.replace("/inventoryai?", "/workplace?") for url in _urls(stack)))


def _urls(stack: Stack) -> tuple[str, str]:
    return stack.database.owner, stack.database.app


@pytest.fixture
async def workplace(begin: PostgresUnitOfWork, stack: Stack, tmp_path: Path) -> AsyncIterator[Workplace]:
    """Where workers find work; the queue is empty."""
    own = stack.redis_url.removesuffix("/0") + "/1"
    async with Workplace.open(begin, own, tmp_path / "uploads") as workplace:
        yield workplace
