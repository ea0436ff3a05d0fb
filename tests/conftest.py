"""What every test may ask for."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from servers import running_servers, temporary_folder

from inventoryai_postgres.migrations import migrate
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import DataFolder, PostgresUrls, Stack

# As the host's processes have it: an engine asked inside a test shall not fight for cores with all else.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture
def folder() -> Iterator[DataFolder]:
    """A data folder of its own for one test, with nothing in it yet."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A real PostgreSQL and a real Valkey, started when the first test asks for one of them."""
    with temporary_folder() as folder, running_servers(folder) as stack:
        yield stack


@pytest.fixture(scope="session")
def postgres_urls(stack: Stack) -> PostgresUrls:
    """Where the database ``inventoryai`` is: for its owner, and for the weak login. It is empty."""
    return stack.database


@pytest.fixture(scope="session")
async def database(postgres_urls: PostgresUrls) -> PostgresUrls:
    """As ``postgres_urls``, with the tables made. Tests share it, and make companies of their own."""
    await migrate(postgres_urls.owner, app_login="inventoryai_login")
    return postgres_urls


@pytest.fixture(scope="session")
async def begin(database: PostgresUrls) -> AsyncIterator[PostgresUnitOfWork]:
    """Units of work on the real database, as the API and the workers have them."""
    begin = PostgresUnitOfWork(PostgresSettings(database.app))
    yield begin
    await begin.close()


@pytest.fixture(scope="session")
def redis_url(stack: Stack) -> str:
    """Where the queue is."""
    return stack.redis_url
