"""How Piccolo writes SQL for us, without ever running it.

Piccolo's own engine holds a pool and transactions of its own, which leak a connection when COMMIT
fails and join silently when nested. Ours knows the language alone: a query that is awaited by
itself raises, and one that is given to a unit of work runs in its transaction.
"""

from typing import Final, NoReturn

from piccolo.engine.base import BaseTransaction, Engine


class OutsideUnitOfWork(RuntimeError):
    """A query was run by itself: a bug, never seen by a user."""

    def __init__(self) -> None:
        super().__init__("queries run on the session of a unit of work: await session.fetch(query)")


class Dialect(Engine[BaseTransaction]):
    """PostgreSQL as a language. Whatever would need a server is refused."""

    def __init__(self) -> None:
        # Engine's own would ask a server for its version; there is none to ask.
        self.engine_type = "postgres"
        self.min_version_number = 15
        self.log_queries = False
        self.log_responses = False
        self.query_id = 0

    async def get_version(self) -> float:
        """The oldest version that the SQL is meant for."""
        return self.min_version_number

    def get_version_sync(self) -> float:
        """As ``get_version``."""
        return self.min_version_number

    async def prep_database(self) -> None:
        """Nothing to prepare: no extensions are needed."""

    async def batch(self, *_: object, **__: object) -> NoReturn:
        """Refused, as all that follow."""
        raise OutsideUnitOfWork

    async def run_querystring(self, *_: object, **__: object) -> object:
        """Refused."""
        raise OutsideUnitOfWork

    async def run_ddl(self, *_: object, **__: object) -> object:
        """Refused."""
        raise OutsideUnitOfWork

    def transaction(self, *_: object, **__: object) -> BaseTransaction:
        """Refused."""
        raise OutsideUnitOfWork

    def atomic(self) -> NoReturn:
        """Refused."""
        raise OutsideUnitOfWork


DIALECT: Final = Dialect()
"""What every table is bound to. It holds nothing and connects to nothing."""
