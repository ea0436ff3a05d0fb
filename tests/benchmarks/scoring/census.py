"""How much memory and processor time processes take, looked at from outside while they work."""

import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

DATABASE: Final = "database"
WORKER: Final = "worker"
POOL: Final = "its processes"
_SERVERS: Final = {"postgres": DATABASE, "valkey-server": ""}
"""What a child that is no Python is counted as; nothing for what a forecast makes no use of."""
_EVERY: Final = 0.1
_MEGABYTE: Final = 1_000_000


@dataclass(slots=True)
class Peak:
    """The most memory that was seen at one moment, in MB; what processes share is counted once.

    Attributes:
        of: By group, each at its own worst moment.
        together: Of all groups at the same moment.
    """

    of: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    together: float = 0.0

    def see(self, now: Mapping[str, float]) -> None:
        """One look."""
        for group, held in now.items():
            self.of[group] = max(self.of[group], held)
        self.together = max(self.together, sum(now.values()))


@contextmanager
def watched() -> Iterator[Peak]:
    """Looks at all that this process started, ten times a second, but not at itself."""
    peak, stop = Peak(), threading.Event()

    def look() -> None:
        while not stop.wait(_EVERY):
            peak.see(_memory())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def database_seconds() -> float:
    """Processor seconds of the database so far, of connections that were closed, too."""
    children = psutil.Process().children(recursive=True)
    return sum(_seconds(child) for child in children if _group(child) == DATABASE)


def seconds() -> float:
    """Processor seconds of this process and of all that it started, so far."""
    mine = psutil.Process()
    return _seconds(mine) + sum(_seconds(child) for child in mine.children(recursive=True))


def _seconds(process: psutil.Process) -> float:
    """Of a process, and of those among its children that have ended."""
    with suppress(psutil.Error):
        times = process.cpu_times()
        return times.user + times.system + times.children_user + times.children_system
    return 0.0


def _memory() -> dict[str, float]:
    """MB of each group, now."""
    held: dict[str, float] = defaultdict(float)
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error, OSError, ValueError, StopIteration):
            if group := _group(child):
                held[group] += _share(child.pid)
    return held


def _share(pid: int) -> float:
    """MB of one process, pages that it shares divided by how many share them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) * 1024 / _MEGABYTE


def _group(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        python = WORKER if process.ppid() == os.getpid() else POOL
        return _SERVERS.get(process.name(), python)
    return ""
