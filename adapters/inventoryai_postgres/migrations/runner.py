"""Running Piccolo's migrations on one connection of ours, in one transaction, one at a time."""

import contextlib
import io
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from types import ModuleType
from typing import Final, cast

import asyncpg
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig, MigrationModule
from piccolo.engine.base import BaseTransaction
from piccolo.querystring import QueryString

from inventoryai_postgres.dialect import DIALECT, Dialect
from inventoryai_postgres.failures import REACHING
from inventoryai_postgres.migrations import steps
from inventoryai_postgres.migrations.history import APP_NAME, check_unchanged, had, keep_digests, modules
from inventoryai_postgres.roles import make_roles

_CONF: Final = "inventoryai_postgres.migrations.configuration_of_this_run"
_VARIABLE: Final = "PICCOLO_CONF"
_OURSELVES: Final = {"application_name": "inventoryai migrate"}
_LOCK: Final = 0x1A7E_0001
"""An advisory lock of ours: two migrations of one database wait for each other."""


async def migrate(owner_url: str, app_login: str | None = None) -> tuple[str, ...]:
    """Brings the database up to date, wholly or not at all. Safe to run again, and twice at once.

    Args:
        owner_url: Where the database is, for the role that owns it and may make roles.
        app_login: The weak login that the API and workers use, which is granted the application's
            roles; None where they use ``owner_url`` themselves.

    Returns:
        The ids of the migrations that were run.

    Raises:
        MigrationChanged: One that the database has had was edited since; nothing is run then.
        StorageUnavailable: The database does not answer.
    """
    with REACHING:
        connection = await asyncpg.connect(owner_url, server_settings=_OURSELVES)
    try:
        async with connection.transaction():
            await connection.execute(f"select pg_advisory_xact_lock({_LOCK})")
            await make_roles(connection, app_login)
            before = await had(connection)
            await check_unchanged(connection)
            await _run_piccolo(connection)
            await keep_digests(connection)
            return tuple(one for one in await had(connection) if one not in before)
    finally:
        await connection.close(timeout=5)


class _Forwards(ForwardsMigrationManager):
    """Piccolo's runner, which would otherwise import the files as top-level modules."""

    def get_app_config(self, app_name: str) -> AppConfig:
        return AppConfig(app_name=app_name, migrations_folder_path=steps.__path__[0])

    def get_migration_modules(self, folder_path: str) -> dict[str, MigrationModule]:  # noqa: ARG002 - Piccolo's
        return modules()


class _OneConnection(Dialect):
    """Runs everything on the connection of ``migrate``, inside its transaction."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        super().__init__()
        self._connection = connection

    async def run_querystring(self, querystring: QueryString, **_: object) -> object:  # type: ignore[override]  # Piccolo passes no more
        sql, values = querystring.compile_string()
        return await self._connection.fetch(sql, *values)

    async def run_ddl(self, ddl: str, **_: object) -> object:  # type: ignore[override]  # as above
        return await self._connection.execute(ddl)

    def transform_response_to_dicts(self, results: Sequence[asyncpg.Record]) -> list[dict[str, object]]:
        return [dict(row) for row in results]

    def transaction(self, *_: object, **__: object) -> BaseTransaction:
        return cast("BaseTransaction", _already_open())


@asynccontextmanager
async def _already_open() -> AsyncIterator[None]:
    yield


async def _run_piccolo(connection: asyncpg.Connection) -> None:
    """Runs what has not run; Piccolo talks while it works, and nobody is listening."""
    with _configured(_OneConnection(connection)), contextlib.redirect_stdout(io.StringIO()):
        result = await _Forwards(app_name=APP_NAME).run()
    if not result.success:
        raise RuntimeError(result.message)


@contextmanager
def _configured(engine: Dialect) -> Iterator[None]:
    """Piccolo looks for its engine in a module that PICCOLO_CONF names: here is one, for this run."""
    module = ModuleType(_CONF)
    vars(module)["DB"] = engine
    before = os.environ.get(_VARIABLE)
    sys.modules[_CONF], os.environ[_VARIABLE] = module, _CONF
    Migration._meta.db = engine  # noqa: SLF001 - how Piccolo's tables are bound
    try:
        yield
    finally:
        Migration._meta.db = DIALECT  # noqa: SLF001 - as above
        del sys.modules[_CONF], os.environ[_VARIABLE]
        if before is not None:
            os.environ[_VARIABLE] = before
