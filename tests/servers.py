"""A real PostgreSQL and a real Valkey for a whole test run, in a folder that goes away with it.

They run on an event loop of their own in a thread of their own, so that the fixtures that hand
out their URLs are plain functions and fit any test, with a loop or without one.
"""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from inventoryai_server.embedded import DataFolder, Stack, embedded


@contextmanager
def temporary_folder() -> Iterator[DataFolder]:
    """A data folder for tests.

    Not below pytest's own temporary folder: as root that one is closed to the servers' account.
    """
    top = Path(tempfile.mkdtemp(prefix="inventoryai-"))
    top.chmod(0o711)
    try:
        yield DataFolder.at(top / "data")
    finally:
        shutil.rmtree(top)


@contextmanager
def running_servers(folder: DataFolder, *, durable: bool = False) -> Iterator[Stack]:
    """The embedded servers on a folder, started from code that has no event loop."""
    started: Future[Stack] = Future()
    stop = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(folder, started, stop, durable=durable)))
    thread.start()
    try:
        yield started.result()
    finally:
        stop.set()
        thread.join()


async def _serve(
    folder: DataFolder, started: "Future[Stack]", stop: threading.Event, *, durable: bool
) -> None:
    try:
        async with embedded(folder, durable=durable) as stack:
            started.set_result(stack)
            await asyncio.to_thread(stop.wait)
    except BaseException as error:
        if started.done():
            raise
        started.set_exception(error)
