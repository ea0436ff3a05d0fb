"""The twin that runs everything in the caller: for tests, where nothing has to be stopped."""

import time
from collections.abc import Callable
from typing import TypeVar, cast

from inventoryai.ports.processes import DeadlineExceeded
from inventoryai_processes.carrying import packed, perform, unpacked

T = TypeVar("T")


class InlineProcesses:
    """``Processes`` without processes.

    Calls and outcomes are packed and unpacked as for the pool, so that what could not travel is found.
    A deadline is only noticed afterwards, and the memory limit only when memory is really out.
    """

    async def run(self, function: Callable[..., T], /, *args: object, deadline: float, memory: int) -> T:
        """As ``Processes.run``."""
        began = time.monotonic()
        outcome = perform(packed(function, args))
        if time.monotonic() - began > deadline:
            raise DeadlineExceeded(deadline=deadline)
        return cast("T", unpacked(*outcome, memory))

    async def close(self) -> None:
        """Nothing to close."""
