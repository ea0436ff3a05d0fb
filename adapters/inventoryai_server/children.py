"""One child process: started in a session of its own, listened to, and stopped for certain.

A child leads its own process group, so that Ctrl-C in a terminal reaches our supervisor alone and
the order of stopping stays ours. On Linux the kernel also stops it when we are killed outright;
elsewhere an orphan is found, and stopped, by the next start on the same folder.
"""

import asyncio
import contextlib
import ctypes
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT
from typing import Final

from inventoryai_server.accounts import Account

Show = Callable[[str, str], None]
"""Shows one line of output: the child's name, the line."""

_PR_SET_PDEATHSIG: Final = 1
_LONGEST_LINE: Final = 16_384
_REMEMBERED_LINES: Final = 20
_CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0a-\x1f\x7f-\x9f]")


async def at_once() -> bool:
    """The readiness of a child that has nothing to wait for."""
    return True


async def nothing() -> None:
    """The preparation of a child that needs none."""


@dataclass(frozen=True, slots=True)
class Child:
    """What to run, when it counts as ready, and how it likes to be stopped.

    Attributes:
        name: Short, unique; stands before each of its lines.
        argv: The program and its arguments; never a secret, since everybody can list processes.
        told: What it reads on its standard input, where nobody else can see it.
        env: The whole environment of the child; None hands on ours.
        folder: Working folder; None keeps ours.
        account: Whom to run as; None keeps our own user.
        before: Awaited before every start, also the restarts.
        ready: Asked again and again after a start, until it says yes.
        start_within: Seconds from start to ready, before the start counts as failed.
        signals: Sent one after the other until the child is gone; SIGKILL to its group ends the row.
        stop_within: Seconds given to each of the signals.
        show: Where its lines go; None takes the supervisor's.
    """

    name: str
    argv: tuple[str, ...]
    told: bytes = b""
    env: Mapping[str, str] | None = None
    folder: Path | None = None
    account: Account | None = None
    before: Callable[[], Awaitable[None]] = nothing
    ready: Callable[[], Awaitable[bool]] = at_once
    start_within: float = 120.0
    signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    stop_within: float = 30.0
    show: Show | None = None


class Running:
    """A child that was started, until it is gone."""

    def __init__(self, child: Child, transport: asyncio.SubprocessTransport, listener: "_Listener") -> None:
        self._child = child
        self._transport = transport
        self._listener = listener
        self._swept = False

    @classmethod
    async def start(cls, child: Child, show: Show) -> "Running":
        """Starts the child; it is not ready yet.

        Raises:
            OSError: The program is missing, or may not be run by that account.
        """
        transport, listener = await asyncio.get_running_loop().subprocess_exec(
            lambda: _Listener(child.name, child.show or show),
            *child.argv,
            stdin=PIPE if child.told else DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env=child.env,
            cwd=child.folder,
            start_new_session=True,
            umask=0o077,
            preexec_fn=_die_with_parent(child.signals[0]),
            **(child.account.for_subprocess() if child.account else {}),
        )
        stdin = transport.get_pipe_transport(0)
        if isinstance(stdin, asyncio.WriteTransport):
            stdin.write(child.told)
            stdin.close()
        return cls(child, transport, listener)

    @property
    def pid(self) -> int:
        """The process, which is also its group."""
        return self._transport.get_pid()

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._listener.ended.is_set()

    @property
    def last_words(self) -> str:
        """The last lines that it wrote."""
        return "\n".join(self._listener.last)

    async def wait(self) -> int:
        """Waits for its end, with its output shown; its exit code, or minus the signal that ended it.

        What it left behind in its group is killed: it would hold its ports, its files and our pipe.
        """
        await self._listener.ended.wait()
        self._kill_group()
        # One that left the group may hold the pipe for longer; its lines are not worth waiting for.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._listener.silent.wait(), 1)
        self._transport.close()
        return self._transport.get_returncode() or 0

    async def stop(self) -> None:
        """Ends it: each of its signals in turn, then SIGKILL to the whole group.

        Cancelled while it waits, it kills the group at once and only then passes the cancellation on.
        """
        try:
            for number in self._child.signals:
                if self.gone or await self._ended_after(number):
                    break
        finally:
            self._kill_group()
            await self.wait()

    async def _ended_after(self, number: signal.Signals) -> bool:
        with contextlib.suppress(ProcessLookupError):
            self._transport.send_signal(number)
        try:
            await asyncio.wait_for(self._listener.ended.wait(), self._child.stop_within)
        except TimeoutError:
            return False
        return True

    def _kill_group(self) -> None:
        """Once only after its end: later the number may be another's."""
        if self._swept:
            return
        self._swept = self.gone
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


class _Listener(asyncio.SubprocessProtocol):
    """Hears the lines and the end of a child.

    Not ``Process.wait``, which returns only when the pipe is closed too: a grandchild that survives
    a killed worker would keep us from ever seeing that the worker is dead.
    """

    def __init__(self, name: str, show: Show) -> None:
        self.last: deque[str] = deque(maxlen=_REMEMBERED_LINES)
        self.ended = asyncio.Event()
        self.silent = asyncio.Event()
        self._name = name
        self._show = show
        self._rest = b""

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002 - asyncio's signature
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._say(line)
        if len(self._rest) > _LONGEST_LINE:
            self._say_rest()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if self._rest:
            self._say_rest()
        if fd == 1:
            self.silent.set()

    def process_exited(self) -> None:
        self.ended.set()

    def _say_rest(self) -> None:
        rest, self._rest = self._rest, b""
        self._say(rest)

    def _say(self, raw: bytes) -> None:
        # Colours and cursor moves of one process must not rewrite the lines of another.
        line = _CONTROL.sub("", raw[:_LONGEST_LINE].decode(errors="replace"))
        self.last.append(line)
        # Were we to stop reading on a full disk or a closed console, the child would block on its pipe.
        with contextlib.suppress(OSError):
            self._show(self._name, line)


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What the child does between fork and exec, so that it does not outlive a killed supervisor."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask_the_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it was killed before we could ask
            os._exit(1)

    return ask_the_kernel
