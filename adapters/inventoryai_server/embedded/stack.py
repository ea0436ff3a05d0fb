"""The embedded servers together, for as long as a block lasts."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from inventoryai_server.children import Show
from inventoryai_server.embedded.credentials import Credentials, credentials
from inventoryai_server.embedded.folder import DataFolder, RunningSystem
from inventoryai_server.embedded.logfile import LogFiles
from inventoryai_server.embedded.postgres import Postgres
from inventoryai_server.embedded.roles import PostgresUrls, provision
from inventoryai_server.embedded.valkey import Valkey
from inventoryai_server.supervision import ChildDidNotStart, Supervisor


@dataclass(frozen=True, slots=True)
class Given:
    """What is already there, and therefore not started: each None is run by us."""

    database: PostgresUrls | None = None
    redis_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Stack:
    """A database, a queue and a secret, ready to be used.

    Attributes:
        folder: Where everything is kept.
        database: For migrations and for everything else.
        redis_url: The queue.
        secret_key: What tokens are signed with.
        supervisor: Keeps the servers up; what is started on it later is stopped before them.
    """

    folder: DataFolder
    database: PostgresUrls
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    supervisor: Supervisor

    def announce(self, url: str = "") -> None:
        """Lets the other commands on this machine find the system, and the address it serves at."""
        self.folder.announce(
            RunningSystem(
                pid=os.getpid(),
                url=url,
                owner_database_url=self.database.owner,
                database_url=self.database.app,
                redis_url=self.redis_url,
                secret_key=self.secret_key,
            )
        )


@asynccontextmanager
async def embedded(
    folder: DataFolder, given: Given | None = None, *, show: Show | None = None, durable: bool = True
) -> AsyncIterator[Stack]:
    """Runs what is not given on a data folder, and stops exactly that at the end.

    Args:
        folder: Locked for as long as the block lasts.
        given: Servers and a secret that are already there.
        show: Where lines of later children go; the servers' own lines go to ``logs/``.
        durable: False gives up safety against power cuts for speed: for tests alone.

    Raises:
        FolderInUse: Another system runs on the folder.
        FolderNotUsable, FolderNotOurs, NotADatabase, DatabaseOfOtherVersion: The folder is not good.
        ChildDidNotStart: A server did not come up; its last words are in the message.
    """
    given = given or Given()
    folder.prepare()
    with folder.lock():
        keys = credentials(folder.path)
        async with Supervisor(show) as supervisor:
            database = given.database or await _postgres(folder, keys, supervisor, durable=durable)
            redis_url = given.redis_url or await _valkey(folder, keys, supervisor)
            stack = Stack(folder, database, redis_url, given.secret_key or keys.secret_key, supervisor)
            stack.announce()
            yield stack


async def _postgres(
    folder: DataFolder, keys: Credentials, supervisor: Supervisor, *, durable: bool
) -> PostgresUrls:
    postgres = Postgres.on(folder, keys, durable=durable)
    await postgres.make()
    await supervisor.start(postgres.child(LogFiles(folder.logs)))
    return await provision(postgres)


async def _valkey(folder: DataFolder, keys: Credentials, supervisor: Supervisor) -> str:
    valkey = Valkey.on(folder, keys)
    valkey.make()
    child = valkey.child(LogFiles(folder.logs))
    try:
        await supervisor.start(child)
    except ChildDidNotStart as problem:
        if not valkey.cannot_read_its_file(problem):
            raise
        valkey.set_aside()
        await supervisor.start(child)
    return valkey.url
