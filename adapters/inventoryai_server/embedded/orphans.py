"""Servers that outlived the system which started them.

After a kill -9 a server of ours may still run on its folder, or be on its way out. Two servers on
one folder destroy it, so whoever starts one first makes sure that none is left. A server is known
by its working folder: both PostgreSQL and Valkey stand in the folder they serve. A number in a
pid file proves nothing, since after a reboot it may be anybody's.
"""

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from pathlib import Path

import psutil

from inventoryai.domain.errors import Unavailable


class OrphanStays(Unavailable):
    """A server of an earlier run still uses the folder and cannot be stopped."""

    code = "process.orphan_stays"
    en = "Process {pid} of an earlier run still uses {folder} and cannot be stopped: end it and try again."
    fr = (
        "Le processus {pid} d’une exécution précédente utilise encore {folder} et ne s’arrête pas : "
        "arrêtez-le puis réessayez."
    )


def servers_of(folder: Path, program: str) -> list[psutil.Process]:
    """The processes of that program that stand in the folder, the oldest first."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "create_time"]):
        here = process.info["cwd"]
        if process.info["name"] == program and here is not None and _same(Path(here), folder):
            found.append(process)
    return sorted(found, key=lambda process: float(process.info["create_time"]))


async def stop_servers(
    folder: Path, program: str, signals: Sequence[signal.Signals], *, patience: float = 30.0
) -> int:
    """Ends every server of the folder: each signal in turn to the one that leads, SIGKILL to all that stay.

    Those whose leader was killed notice it and go by themselves; they are only waited for.

    Args:
        folder: What they serve.
        program: The name of their executable.
        signals: From polite to rude.
        patience: Seconds given to each step.

    Returns:
        How many processes there were.

    Raises:
        OrphanStays: One survived all of it.
    """
    found = servers_of(folder, program)
    for number in signals:
        for leader in [process for process in servers_of(folder, program) if _leads(process, program)][:1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                leader.send_signal(number)
        if await _all_gone(folder, program, patience):
            return len(found)
    for process in servers_of(folder, program):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    if not await _all_gone(folder, program, patience):
        left = servers_of(folder, program)
        raise OrphanStays(pid=left[0].pid if left else "?", folder=str(folder))
    return len(found)


async def _all_gone(folder: Path, program: str, patience: float) -> bool:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while servers_of(folder, program):
        if loop.time() > deadline:
            return False
        await asyncio.sleep(0.1)
    return True


def _leads(process: psutil.Process, program: str) -> bool:
    """A process that PostgreSQL has forked calls itself ``postgres: …``; the first one keeps its path."""
    with contextlib.suppress(psutil.Error, IndexError):
        return not process.cmdline()[0].startswith(f"{program}: ")
    return False


def _same(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return one.samefile(other)
    return False
