"""Keeps the processes of ``inventoryai up`` alive, and stops them in the right order.

Children are started one after the other, each when the one before is ready. One that dies is
started again after a pause that doubles up to a limit, for as long as it takes: a full disk is
emptied some day, and until then the others go on. Stopping goes backwards: the API and the workers
first, then Valkey, then PostgreSQL.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from inventoryai.domain.errors import Problem, Unavailable
from inventoryai_server.children import Child, Running, Show

__all__ = ["Child", "ChildDidNotStart", "Pauses", "Supervisor", "free_port", "run"]

_ASK_AGAIN: Final = (0.05, 0.5)
"""Seconds between two questions whether a child is ready: at first, and when it takes long."""


class ChildDidNotStart(Unavailable):
    """A process ended, or stayed silent, before it was ready."""

    code = "process.did_not_start"
    en = "{name} did not start: {reason}.\n{output}"
    fr = "{name} n’a pas démarré : {reason}.\n{output}"


@dataclass(frozen=True, slots=True)
class Pauses:
    """How a child that died is started again.

    Attributes:
        first: Seconds before the first restart; each further one waits twice as long.
        longest: Seconds that no pause exceeds.
        steady: A child that lived this many seconds is forgiven its earlier deaths.
    """

    first: float = 0.25
    longest: float = 15.0
    steady: float = 30.0

    def before(self, restart: int) -> float:
        """Seconds to wait before the given restart in a row, the first being 1."""
        return min(self.first * 2.0 ** min(restart - 1, 30), self.longest)


class Supervisor:
    """Starts children in order, keeps them up, and stops them backwards on the way out.

    Args:
        show: Where lines of output go; None prints them behind the child's name.
        pauses: How often and how fast a dead child is started again.
    """

    def __init__(self, show: Show | None = None, pauses: Pauses | None = None) -> None:
        self._show = show or print_line
        self._pauses = pauses or Pauses()
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._running: dict[str, Running] = {}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def pid(self, name: str) -> int | None:
        """The process of a child that runs now."""
        running = self._running.get(name)
        return None if running is None or running.gone else running.pid

    async def start(self, child: Child) -> None:
        """Starts a child, waits until it is ready, and keeps it up from then on.

        Raises:
            ChildDidNotStart: It ended or stayed silent; a first start is not tried again.
        """
        await self._bring_up(child)
        self._keepers[child.name] = asyncio.create_task(self._keep(child), name=f"keeper of {child.name}")

    async def failure(self) -> None:
        """Waits for ever, or until keeping a child up has failed for a reason that nobody foresaw."""
        await asyncio.shield(self._failed)

    async def stop(self) -> None:
        """Stops every child, the last started first; cancelled, it hurries but still stops them all."""
        cancelled = False
        while self._keepers:
            ending = asyncio.create_task(self._end(*self._keepers.popitem()))
            try:
                await asyncio.wait([ending])
            except asyncio.CancelledError:
                cancelled = True
                ending.cancel()
                await asyncio.wait([ending])
        self._failed.cancel()
        if cancelled:
            raise asyncio.CancelledError

    async def _end(self, name: str, keeper: asyncio.Task[None]) -> None:
        try:
            keeper.cancel()
            await asyncio.wait([keeper])
        finally:
            await self._running.pop(name).stop()

    async def _keep(self, child: Child) -> None:
        try:
            await self._restart_for_ever(child)
        except Exception as error:  # noqa: BLE001 - a keeper has no caller; failure() hands it on
            self._give_up(error)

    async def _restart_for_ever(self, child: Child) -> None:
        loop, deaths = asyncio.get_running_loop(), 0
        while True:
            running, started = self._running[child.name], loop.time()
            code = await running.wait()
            deaths = 1 if loop.time() - started > self._pauses.steady else deaths + 1
            pause = self._pauses.before(deaths)
            self._show(child.name, f"{ended(code)}; starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            # One that does not come up is met again above: one more death. Its last words it has
            # said already, to whoever is shown its lines.
            try:
                await self._bring_up(child)
            except Problem as problem:
                self._show(child.name, problem.message().splitlines()[0])

    def _give_up(self, problem: Exception) -> None:
        if not self._failed.done():
            self._failed.set_exception(problem)
            # Somebody may never ask; the failure must not be reported as forgotten then.
            self._failed.exception()

    async def _bring_up(self, child: Child) -> None:
        await child.before()
        try:
            running = await Running.start(child, self._show)
        except OSError as error:
            raise ChildDidNotStart(name=child.name, reason=str(error), output="") from error
        self._running[child.name] = running
        try:
            await self._until_ready(child, running)
        except BaseException:
            await running.stop()
            raise

    async def _until_ready(self, child: Child, running: Running) -> None:
        pause, longest = _ASK_AGAIN
        try:
            async with asyncio.timeout(child.start_within):
                while not await child.ready():
                    if running.gone:
                        reason = ended(await running.wait())
                        raise ChildDidNotStart(name=child.name, reason=reason, output=running.last_words)
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.2, longest)
        except TimeoutError:
            reason = f"not ready after {child.start_within:g} s"
            raise ChildDidNotStart(name=child.name, reason=reason, output=running.last_words) from None


def ended(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"ended with code {code}"
    with contextlib.suppress(ValueError):
        return f"ended by {signal.Signals(-code).name}"
    return f"ended by signal {-code}"


def print_line(name: str, line: str) -> None:
    """Shows a child's line on our own output, behind its name."""
    print(f"{name:<9} | {line}", flush=True)  # noqa: T201 - this is the console of `inventoryai up`


def run(main: Coroutine[Any, Any, int]) -> int:
    """Runs a command until it ends, or until Ctrl-C, SIGTERM or a closed terminal; gives its exit code.

    The first signal cancels it, so that everything it opened is closed in reverse order; a second
    one makes the closing hurry. A command stopped by a signal has done what it was asked: 0.
    """
    return asyncio.run(_until_stopped(main))


async def _until_stopped(main: Coroutine[Any, Any, int]) -> int:
    task = asyncio.create_task(main)
    with _signals(task):
        await asyncio.wait([task])
    return 0 if task.cancelled() else task.result()


@contextlib.contextmanager
def _signals(task: asyncio.Task[int]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def free_port(preferred: int = 0, host: str = "127.0.0.1") -> int:
    """The preferred port where it is free on that address, else one that the system chooses."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # Old connections in TIME_WAIT are no reason to move house; a living listener still refuses.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                if port == 0:
                    raise
                continue
            return int(probe.getsockname()[1])
    raise AssertionError  # pragma: no cover - the loop returns or raises
