"""The unit of work on PostgreSQL: it owns connection, transaction and release."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakSet

import asyncpg
from asyncpg.pool import Pool, PoolConnectionProxy

from inventoryai.ports.storage import Scope, StorageUnavailable
from inventoryai_postgres.failures import REACHING
from inventoryai_postgres.session import Session
from inventoryai_postgres.work import PostgresWork

_GRACE: Final = 5.0
"""Seconds after its end that the answer of a statement is waited for."""


class NestedUnitOfWork(RuntimeError):
    """A unit of work was begun inside another: a bug, as the two would not be one transaction."""


@dataclass(frozen=True, slots=True)
class PostgresSettings:
    """Where the database is, and what may be asked of it.

    Attributes:
        url: Of the login that the API and workers use; it holds a password, so it is never shown.
        application_name: How the connections call themselves in ``pg_stat_activity``.
        connections: The most that this process keeps.
        acquire_within: Seconds that a unit of work waits for a connection.
        statement_timeout: Seconds that one statement may run.
    """

    url: str = field(repr=False)
    application_name: str = "inventoryai"
    connections: int = 10
    acquire_within: float = 3.0
    statement_timeout: float = 60.0


class PostgresUnitOfWork:
    """``async with begin(scope) as work``, each on a connection of its own.

    The pool is made when it is first needed, on the loop of whoever needs it, and mends itself: a
    connection that died is replaced by the next unit of work that would have had it.
    """

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self._pool: Pool | None = None
        self._busy: WeakSet[asyncio.Task[Any]] = WeakSet()

    @asynccontextmanager
    async def __call__(self, scope: Scope) -> AsyncIterator[PostgresWork]:
        """A transaction in a scope: leaving commits, raising rolls back.

        Raises:
            StorageUnavailable: No connection in time, or the database is away.
            NestedUnitOfWork: This task is inside one already.
        """
        with self._alone():
            async with self._connection() as connection:
                session = Session(connection, scope)
                try:
                    await session.open(self._settings.statement_timeout, self._settings.acquire_within)
                    yield PostgresWork(session)
                except StorageUnavailable:
                    # The connection is dropped. A server that stands still would not roll back either,
                    # and the driver would wait for it for ever.
                    session.leave()
                    raise
                except BaseException:
                    await _roll_back(session, connection)
                    raise
                await session.commit()

    async def close(self) -> None:
        """Closes every connection, waiting a little for those in use."""
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(TimeoutError):  # the pool has then cut what it could not close
                async with asyncio.timeout(_GRACE):
                    await pool.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # A set of tasks rather than a context variable: child tasks inherit the latter.
        task = asyncio.current_task()
        if task is None or task in self._busy:
            raise NestedUnitOfWork("this task is inside a unit of work already")
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[PoolConnectionProxy]:
        pool = await self._opened()
        with REACHING:
            connection = await pool.acquire(timeout=self._settings.acquire_within)
        try:
            yield connection
        except StorageUnavailable:
            _drop(connection)
            raise
        finally:
            # Rolls back what is still open, and replaces the connection when even that fails.
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await pool.release(connection)

    async def _opened(self) -> Pool:
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                self._settings.url,
                min_size=0,
                max_size=self._settings.connections,
                reset=_nothing_to_reset,
                # For a server that vanished without a word; one that lives stops a statement itself.
                command_timeout=self._settings.statement_timeout + _GRACE,
                server_settings={"application_name": self._settings.application_name},
            )
            # With no connection to open this neither waits nor fails, so nobody sees it half made.
            await self._pool
        return self._pool


async def _roll_back(session: Session, connection: PoolConnectionProxy) -> None:
    # What broke the body is told, not that the connection broke with it.
    try:
        async with asyncio.timeout(_GRACE):
            await session.rollback()
    except (StorageUnavailable, TimeoutError):
        _drop(connection)


def _drop(connection: PoolConnectionProxy) -> None:
    """Nobody shall have a connection again of which it is not known how it stands."""
    with suppress(asyncpg.InterfaceError):  # the pool took it away already
        connection.terminate()


async def _nothing_to_reset(_: object) -> None:
    """All settings are local to their transaction; the driver's reset would cost a round trip each time."""
