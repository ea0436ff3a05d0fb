"""Work to give to a pool of processes: functions that workers can import by name."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from inventoryai.domain.engines import EngineUnknown
from inventoryai_processes import PooledProcesses


def double(number: int) -> int:
    return 2 * number


def append(numbers: list[int]) -> list[int]:
    numbers.append(0)
    return numbers


def divide_by_zero() -> float:
    return 1 / 0


def refuse() -> NoReturn:
    raise EngineUnknown(engine="crystal_ball", known="naive")


class Unspeakable(Exception):
    """Cannot be pickled: it holds a function of its own."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = lambda: what


def raise_unspeakable() -> NoReturn:
    raise Unspeakable("no words")


class Contrary(Exception):
    """Can be pickled and not unpickled."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def raise_contrary() -> NoReturn:
    raise Contrary("yes", "no")


def leave() -> NoReturn:
    raise SystemExit(3)


def return_unpicklable() -> object:
    return lambda: None


def want_too_much() -> NoReturn:
    raise MemoryError


def allocate(size: int) -> int:
    return len(bytearray(size))


def abort() -> NoReturn:
    os.abort()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def hang(sign: str) -> NoReturn:
    """Never ends, and writes its process id to a file first."""
    Path(sign).write_text(str(os.getpid()))
    while True:
        pass


def hold_the_lock(sign: str) -> NoReturn:
    """Never ends and never gives up the interpreter lock, as C code may."""
    Path(sign).write_text(str(os.getpid()))
    ctypes.PyDLL(None).sleep(3600)
    raise AssertionError


def wander() -> None:
    os.chdir("/")


def lower_the_limit() -> None:
    """Take memory from whoever is called next in this process."""
    import resource  # noqa: PLC0415 - does not exist on Windows

    resource.setrlimit(resource.RLIMIT_DATA, (1 << 28, 1 << 28))


def killed() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def live_as_parent(sign: str, chore: str) -> None:
    """Be a process with a pool of its own that is busy when this process is killed."""
    work = {"hang": hang, "hold_the_lock": hold_the_lock}[chore]
    asyncio.run(PooledProcesses(1).run(work, sign, deadline=3600, memory=1 << 30))


def torch_threads() -> int:
    """How many threads torch uses here, once somebody else has imported it."""
    return int(sys.modules["torch"].get_num_threads())
