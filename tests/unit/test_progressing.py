"""How far a job is, told while it goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import JobId, JobKind, Lease
from inventoryai.ports.storage import InCompany, StorageUnavailable, UnitOfWork
from inventoryai.usecases.progressing import Progress

LEASE = Lease(JobId(uuid4()), JobKind.FORECAST_PART, CompanyId(uuid4()), UserId(uuid4()), 1, {}, None)


@dataclass
class Board:
    """A unit of work that remembers what was told, and may be away at first."""

    away: int = 0
    told: list[int] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def jobs(self) -> "Board":
        return self

    @asynccontextmanager
    async def __call__(self, scope: InCompany) -> AsyncIterator["Board"]:
        assert scope == InCompany.of(LEASE)
        if self.away:
            self.away -= 1
            raise StorageUnavailable
        yield self

    async def advance(self, lease: Lease, done: int) -> None:
        assert lease is LEASE
        self.told.append(done)
        self.news.set()

    async def next(self) -> int:
        await self.news.wait()
        self.news.clear()
        return self.told[-1]


def progress(board: Board, **counts: Any) -> Progress:
    often = timedelta(milliseconds=1)
    return Progress(cast("UnitOfWork", board), LEASE, **{"total": 10, "of": 10, "every": often, **counts})


async def test_what_is_done_is_told_as_it_goes_on() -> None:
    board = Board()
    done = progress(board)
    async with done.told():
        done(2.0)
        assert await board.next() == 2
        done(0.4)
        done(5.7)
        assert await board.next() == 8
    assert board.told == [2, 8]


async def test_what_is_counted_otherwise_is_told_in_the_unit_of_the_job() -> None:
    board = Board()
    done = progress(board, of=40)
    async with done.told():
        done(10)
        assert await board.next() == 2
        done(1_000)
        assert await board.next() == 10


async def test_what_could_not_be_told_is_told_later() -> None:
    board = Board(away=3)
    done = progress(board)
    async with done.told():
        done(4)
        assert await board.next() == 4
    assert board.told == [4]


async def test_nothing_is_told_when_the_work_is_over_or_there_is_none() -> None:
    board = Board()
    done = progress(board, of=0, total=0)
    async with done.told():
        done(1)
        await asyncio.sleep(0)
    done(1)
    assert board.told == []
