"""Which failures mean that the database is away for now, rather than that we made a mistake."""

import re
from types import TracebackType
from typing import Final, Self

import asyncpg

from inventoryai.ports.storage import StorageUnavailable

_AWAY: Final = (
    OSError,  # refused, reset, no such socket, and TimeoutError: no connection in time
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # too many connections, disk full, out of memory
    asyncpg.InternalClientError,  # the server said goodbye, and the driver is not done hearing it
)
_TRY_AGAIN: Final = (
    asyncpg.QueryCanceledError,  # statement_timeout
    asyncpg.DeadlockDetectedError,
    asyncpg.InvalidCachedStatementError,  # a migration ran under an open connection
)
_GONE: Final = re.compile("is clos(ed|ing)|was closed|released back to the pool")


class Reaching:
    """``with REACHING:`` turns the failures of a database that is away into ``StorageUnavailable``.

    It wraps single calls to the driver, never a use case: an OSError of the code in between is not ours.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            return
        if isinstance(error, (*_AWAY, *_TRY_AGAIN)) or _hung_up(error):
            raise StorageUnavailable from error


def _hung_up(error: BaseException) -> bool:
    """The driver has one class for a dead connection and for wrong calls; only the text tells.

    A pooled connection that dies goes back to its pool at once, under the hands of whoever has it.
    """
    return type(error) is asyncpg.InterfaceError and _GONE.search(str(error)) is not None


REACHING: Final = Reaching()
