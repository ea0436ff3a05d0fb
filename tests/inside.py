"""Behind the back of a running system: its processes, and its database as the superuser.

No policy and no role binds a superuser, so it sees every company's rows, and can stand in the way of
whoever writes them: that is how a worker is caught in the middle of its work, without any sleep.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import asyncpg
import psutil
from system import System

from inventoryai_server.embedded import DataFolder
from inventoryai_server.embedded.credentials import credentials
from inventoryai_server.embedded.postgres import SUPERUSER, Postgres

T = TypeVar("T")
PATIENCE = 120.0


def superuser_url(folder: DataFolder, database: str = "inventoryai") -> str:
    """Where the superuser of the embedded PostgreSQL of a folder reaches a database."""
    keys = credentials(folder.path)
    return Postgres.on(folder, keys).url(SUPERUSER, keys.postgres, database)


def until(true: Callable[[], bool], what: str) -> None:
    """Returns when something that no event tells of has come true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"it never came true that {what}"
        time.sleep(0.05)


@dataclass
class Inside:
    """The database and the processes of a system that runs."""

    system: System
    runner: asyncio.Runner = field(
        default_factory=lambda: asyncio.Runner(loop_factory=asyncio.new_event_loop)
    )

    @classmethod
    @contextmanager
    def of(cls, system: System) -> Iterator[Self]:
        inside = cls(system)
        with inside.runner:
            yield inside

    def process(self, command: str) -> psutil.Process:
        """The child of the supervisor that runs a command of ours, or a server."""
        for child in psutil.Process(self.system.process.pid).children():
            if child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
                line = child.cmdline()
                if command in line or line[0].endswith(f"/{command}"):
                    return child
        raise AssertionError(f"no {command} runs")

    def rows(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """What a query finds."""

        async def fetch(connection: asyncpg.Connection) -> list[asyncpg.Record]:
            found: list[asyncpg.Record] = await connection.fetch(sql, *args)
            return found

        return self._connected(fetch)

    def value(self, sql: str, *args: object) -> Any:
        """The first column of the only row."""
        (row,) = self.rows(sql, *args)
        return row[0]

    def _connected(self, ask: Callable[[asyncpg.Connection], Coroutine[Any, Any, T]]) -> T:
        async def connected() -> T:
            connection = await asyncpg.connect(superuser_url(self.system.folder))
            try:
                return await ask(connection)
            finally:
                await connection.close()

        return self.runner.run(connected())

    @contextmanager
    def locked(self, table: str, mode: str = "share") -> Iterator[None]:
        """Holds a table for as long as the block lasts: ``share`` lets others read, but not write."""

        async def lock() -> asyncpg.Connection:
            connection = await asyncpg.connect(superuser_url(self.system.folder))
            await connection.execute(f"begin; lock table {table} in {mode} mode")
            return connection

        connection = self.runner.run(lock())
        try:
            yield
        finally:
            connection.terminate()

    def until_somebody_waits_for(self, table: str) -> None:
        """Returns when somebody is stopped by ``locked``."""
        waiting = "select count(*) from pg_locks where not granted and relation = $1::text::regclass"
        until(lambda: self.value(waiting, table) > 0, f"somebody waits for {table}")

    def let_leases_run_out(self) -> None:
        """A minute passes, for all that is being done."""
        self.rows(
            "update jobs set lease_until = now() - interval '1 second'"
            " where state = 'running' and lease_until < 'infinity'"
        )


def kill_with_all_below(process: psutil.Process) -> list[psutil.Process]:
    """Kills a process outright, and gives those that it had started, in the order of their age."""
    below = process.children(recursive=True)
    process.kill()
    return below


def all_gone(processes: list[psutil.Process]) -> bool:
    """Whether none of these is left, not counting those whose end nobody has asked for."""
    _, alive = psutil.wait_procs(processes, timeout=30)
    return not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]
