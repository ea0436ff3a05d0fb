"""What a repository asks the database through: one connection, in one transaction, in one scope."""

from collections.abc import Sequence
from typing import Any, Final, assert_never

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from piccolo.query.base import Query

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.identity import UserId
from inventoryai.ports.storage import Anonymous, AsUser, Dispatching, InCompany, Scope
from inventoryai_postgres.failures import REACHING
from inventoryai_postgres.roles import APP, JOBS

Statement = str | Query[Any, Any]
"""SQL with ``$1``, or a Piccolo query of which one statement comes."""

COMPANY: Final = "app.company_id"
USER: Final = "app.user_id"
PRESENTED: Final = "app.token_hash"
EMAIL: Final = "app.email"


class ScopeMismatch(RuntimeError):
    """A repository was used in a scope that it does not fit: a bug, never seen by a user."""


class UnitOfWorkOver(RuntimeError):
    """A repository was used after its unit of work had ended: a bug, never seen by a user."""


class TransactionBroken(RuntimeError):
    """The body went on after a statement had failed, so that COMMIT rolled back: a bug."""


class Session:
    """An open transaction. Whatever it sets ends with it.

    Args:
        connection: A connection that nobody else uses meanwhile.
        scope: On whose behalf is asked.
    """

    __slots__ = ("_company_id", "_connection", "_scope", "_user_id")

    def __init__(self, connection: PoolConnectionProxy, scope: Scope) -> None:
        self._connection: PoolConnectionProxy | None = connection
        self._scope = scope
        self._user_id: UserId | None = None
        self._company_id: CompanyId | None = None

    @property
    def connection(self) -> PoolConnectionProxy:
        """The driver's connection, for COPY: every call of it stands in ``with REACHING:``.

        Raises:
            UnitOfWorkOver: The transaction has ended.
        """
        if self._connection is None:
            raise UnitOfWorkOver("this unit of work has ended, and its repositories with it")
        return self._connection

    @property
    def company_id(self) -> CompanyId:
        """The company of the scope, or that was entered.

        Raises:
            ScopeMismatch: There is none.
        """
        if self._company_id is None:
            raise ScopeMismatch(f"no company in {self._scope}")
        return self._company_id

    @property
    def user_id(self) -> UserId:
        """The person of the scope.

        Raises:
            ScopeMismatch: There is none.
        """
        if self._user_id is None:
            raise ScopeMismatch(f"nobody in {self._scope}")
        return self._user_id

    async def open(self, statement_timeout: float, within: float) -> None:
        """Begins the transaction, takes the role and names the scope, in one round trip.

        That takes no time: a server that has not answered ``within`` so many seconds is away.

        Everything is local to the transaction, the role too: nothing is left for the next one on this
        connection, also behind a pooler that hands connections from one client to another.
        """
        role, settings = APP, {"statement_timeout": str(int(statement_timeout * 1000))}
        match self._scope:
            case Anonymous():
                pass
            case AsUser(user_id):
                self._user_id = user_id
            case InCompany(company_id, user_id):
                self._user_id, self._company_id = user_id, company_id
                settings[COMPANY] = str(company_id)
            case Dispatching():
                role = JOBS
            case _:
                assert_never(self._scope)
        if self._user_id is not None:
            settings[USER] = str(self._user_id)
        # Names are ours, and values are numbers and UUIDs: the one form that takes no parameters is safe.
        calls = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
        with REACHING:
            await self.connection.execute(f"begin; set local role {role}; select {calls}", timeout=within)

    async def commit(self) -> None:
        """Ends the transaction well.

        Raises:
            TransactionBroken: There was nothing left to commit, as a statement had failed before.
            StorageUnavailable: Whether it was committed is not known.
        """
        said = await self._end("commit")
        if said != "COMMIT":
            raise TransactionBroken("a failed statement must end its unit of work")

    async def rollback(self) -> None:
        """Ends the transaction badly."""
        await self._end("rollback")

    def leave(self) -> PoolConnectionProxy:
        """Ends it on this side; what becomes of the transaction is then the connection's affair."""
        connection, self._connection = self.connection, None
        return connection

    async def _end(self, how: str) -> str:
        connection = self.leave()
        with REACHING:
            said: str = await connection.execute(how)
        return said

    async def enter(self, company_id: CompanyId) -> None:
        """Narrows the transaction to a company, once for all.

        Raises:
            ScopeMismatch: It is in another one already.
        """
        if self._company_id not in {None, company_id}:
            raise ScopeMismatch("a unit of work stays in one company")
        self._company_id = company_id
        await self.name(COMPANY, str(company_id))

    async def become(self, user_id: UserId) -> None:
        """Names the person, in a transaction that began anonymous, once a row has proved who it is.

        Raises:
            ScopeMismatch: It is somebody else's already.
        """
        if self._user_id not in {None, user_id}:
            raise ScopeMismatch("a unit of work is of one person")
        self._user_id = user_id
        await self.name(USER, str(user_id))

    async def name(self, setting: str, value: str) -> None:
        """Sets what a policy compares with, until the end of the transaction."""
        await self.fetchval("select set_config($1, $2, true)", setting, value)

    async def fetch(self, statement: Statement, *args: object) -> Sequence[asyncpg.Record]:
        """All rows."""
        sql, values = _compiled(statement, args)
        with REACHING:
            rows: Sequence[asyncpg.Record] = await self.connection.fetch(sql, *values)
        return rows

    async def fetchrow(self, statement: Statement, *args: object) -> asyncpg.Record | None:
        """The first row, if there is one."""
        sql, values = _compiled(statement, args)
        with REACHING:
            return await self.connection.fetchrow(sql, *values)

    async def fetchval(self, statement: Statement, *args: object) -> Any:
        """The first column of the first row, or None."""
        row = await self.fetchrow(statement, *args)
        return None if row is None else row[0]

    async def execute(self, statement: Statement, *args: object) -> int:
        """How many rows were written."""
        sql, values = _compiled(statement, args)
        with REACHING:
            said = await self.connection.execute(sql, *values)
        last = said.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0


def _compiled(statement: Statement, args: Sequence[object]) -> tuple[str, Sequence[object]]:
    if isinstance(statement, str):
        return statement, args
    (only,) = statement.querystrings
    return only.compile_string()
