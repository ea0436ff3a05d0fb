"""Contracts are kept by the fakes and by what is real, in the same tests."""

import pytest
from memory.storage import MemoryUnitOfWork
from people import Begin


@pytest.fixture(params=["memory", "postgres"])
def storage(request: pytest.FixtureRequest) -> Begin:
    """Units of work in memory, then on a real database."""
    if request.param == "memory":
        return MemoryUnitOfWork()
    begin: Begin = request.getfixturevalue("begin")
    return begin
