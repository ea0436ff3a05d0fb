"""What happens inside a worker process: its limits, its end, and the calls it makes."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final

from inventoryai_processes.carrying import Carried, perform

_STATM: Final = Path("/proc/self/statm")
_DATA: Final = 5
"""Where in that file the pages of data and stack are."""
_PR_SET_PDEATHSIG: Final = 1
_MANNERS: Final = {
    # There are as many workers as cores, so no library starts threads of its own.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    # Arrow's own allocator takes a gigabyte at once, which would count against the memory limit.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


def start() -> None:
    """Prepare a fresh worker process.

    A request to stop is obeyed at once, even in the middle of C code.
    """
    for name, value in _MANNERS.items():
        os.environ.setdefault(name, value)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with_parent()


def call(packed: bytes, memory: int) -> Carried:
    """Make one packed call within its memory limit."""
    with _staying(), _limited(memory):
        return perform(packed)


def _die_with_parent() -> None:
    """Leave no orphan: a worker ends when its parent does, however that ended.

    The kernel is asked where it can do that (a busy worker that never gives up the interpreter lock
    would not notice by itself); a thread that waits for the parent does it everywhere else.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()


@contextmanager
def _staying() -> Iterator[None]:
    """Come back to the folder that the process is in: the next call may name a file from there."""
    try:
        home = Path.cwd()
    except OSError:  # It was deleted: nothing is named from there.
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            os.chdir(home)


@contextmanager
def _limited(memory: int) -> Iterator[None]:
    """Refuse to allocate more than ``memory`` bytes beyond what is allocated now.

    ``RLIMIT_DATA`` counts what is private and writable. ``RLIMIT_AS`` would also count address space
    that numpy, Arrow and numba reserve and never touch. Where neither /proc nor that limit exists
    (macOS, Windows), the deadline has to do.
    """
    if not _STATM.exists():
        yield
        return
    import resource  # noqa: PLC0415 - does not exist on Windows

    held = int(_STATM.read_text().split()[_DATA]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = held + memory if hard == resource.RLIM_INFINITY else min(held + memory, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        try:
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
        except ValueError:
            # The call has lowered the limit for good: no later one would get its memory here.
            os._exit(1)
