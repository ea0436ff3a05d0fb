"""The API over storage in memory; with ``stored`` over a real database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from callers import Api, Callers
from memory.storage import MemoryUnitOfWork
from schooling import Shop, learning_installed, learning_worker
from working import Worker

from inventoryai_postgres.unit_of_work import PostgresUnitOfWork


@pytest.fixture
def api(tmp_path: Path) -> Api:
    """What a test may set before the first call."""
    return Api(MemoryUnitOfWork(), tmp_path)


@pytest.fixture
async def callers(api: Api) -> AsyncIterator[Callers]:
    """Nobody has an account yet."""
    async with api.serving() as callers:
        yield callers


@pytest.fixture
async def stored(begin: PostgresUnitOfWork, tmp_path: Path) -> AsyncIterator[Callers]:
    """As ``callers``, over a real database, which tests share."""
    async with Api(begin, tmp_path).serving() as callers:
        yield callers


@pytest.fixture
async def worker(stored: Callers, tmp_path: Path) -> AsyncIterator[Worker]:
    """A worker with engines that learn, beside the others."""
    (tmp_path / "learning").mkdir()
    with learning_installed(tmp_path / "learning"):
        async with learning_worker(stored) as worker:
            yield worker


@pytest.fixture
async def shop(stored: Callers, worker: Worker) -> Shop:
    """A shop with three months of sales to learn from."""
    return await Shop.open(stored, worker)
