"""What every test may ask for."""

from collections.abc import Iterator

import pytest
from servers import running_servers, temporary_folder

from inventoryai_server.embedded import PostgresUrls, Stack


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
def redis_url(stack: Stack) -> str:
    """Where the queue is."""
    return stack.redis_url
