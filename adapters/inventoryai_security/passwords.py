"""Passwords by Argon2id, in a few threads of their own."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Final, TypeVar

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import InvalidHashError, VerificationError

from inventoryai.ports.passwords import PasswordsBusy

T = TypeVar("T")

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
"""OWASP's parameters for Argon2id: 22 ms where argon2-cffi's defaults take 180, and 19 MiB a login."""

MOST_WAITING: Final = 64
"""Logins that may wait for each thread; one more is told to come back: 1.5 s at 22 ms each."""


class Argon2Passwords:
    """Argon2id with OWASP's parameters. As many at once as there are cores; the others wait in line.

    argon2-cffi releases the interpreter's lock while it works, so threads are enough.
    """

    decoy: ClassVar[str] = (
        "$argon2id$v=19$m=19456,t=2,p=1$E1r9Or+xXQRG+MU8bEXusw$6UaM9JwT48XkvNHXxldTM4Hhu2t1LfcWo4eMKw+OwvE"
    )

    def __init__(self, threads: int | None = None, most_waiting: int = MOST_WAITING) -> None:
        count = threads or os.cpu_count() or 1
        self._argon2 = Argon2(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="passwords")
        self._room = count + count * most_waiting
        self._busy = 0

    async def hash(self, password: str) -> str:
        """The hash to store; raises ``PasswordsBusy`` when the line is full."""
        return await self._run(lambda: self._argon2.hash(password))

    async def verify(self, password_hash: str, password: str) -> bool:
        """Whether the password is the one; raises ``PasswordsBusy`` when the line is full."""
        return await self._run(lambda: self._matches(password_hash, password))

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Ends the threads; what waits is not hashed any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._busy >= self._room:
            raise PasswordsBusy
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._busy -= 1
