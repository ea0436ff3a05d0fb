"""The supervisor with real processes: order, restarts, giving up, and stopping for certain."""

import asyncio
import os
import signal
import socket
import sys
import textwrap

import psutil
import pytest

from inventoryai_server.children import Child
from inventoryai_server.supervision import (
    ChildDidNotStart,
    Pauses,
    Supervisor,
    ended,
    free_port,
)

QUICK = Pauses(first=0.01, longest=0.02)


class Screen:
    """Remembers the lines it is shown, and lets a test wait for the next one that it expects."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._changed = asyncio.Condition()
        self._told: set[asyncio.Task[None]] = set()

    def __call__(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")
        task = asyncio.create_task(self._tell())
        self._told.add(task)
        task.add_done_callback(self._told.discard)

    async def until(self, line: str, times: int = 1) -> None:
        """Returns when the line was shown that often."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.lines.count(line) >= times)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def python(name: str, code: str, **more: object) -> Child:
    return Child(name, (sys.executable, "-u", "-c", textwrap.dedent(code)), **more)  # type: ignore[arg-type] # per test


WAITS = "import time; print('up'); time.sleep(600)"
SAYS_GOODBYE = """
    import signal, sys, time
    signal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit(0)))
    print('up')
    time.sleep(600)
"""
DEAF = """
    import signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, lambda *_: print('heard'))
    grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
    print(grandchild.pid)
    print('up')
    while True:
        time.sleep(600)
"""


async def test_lines_are_shown_behind_the_name_whole_and_harmless() -> None:
    screen = Screen()
    code = r"""
        import sys
        sys.stderr.write('to stderr\n')
        sys.stdout.buffer.write(b'\x1b[31mred\x1b[0m\x1b]0;title\x07 \xff\r\n' + b'x' * 40_000 + b'\nno end')
        sys.stdout.flush()
        import time; time.sleep(600)
    """
    async with Supervisor(screen) as supervisor:
        await supervisor.start(python("api", code))
        await screen.until("api: to stderr")
        await screen.until("api: red]0;title �")
        await screen.until("api: " + "x" * 16_384)
    assert screen.lines[-1] == "api: no end"
    assert all("\x1b" not in line and "\r" not in line for line in screen.lines)


async def test_they_start_in_order_and_stop_backwards() -> None:
    screen = Screen()
    async with Supervisor(screen) as supervisor:
        for name in ("one", "two", "three"):
            await supervisor.start(python(name, SAYS_GOODBYE))
            await screen.until(f"{name}: up")
    assert screen.lines == ["one: up", "two: up", "three: up", "three: bye", "two: bye", "one: bye"]


async def test_one_that_is_killed_is_started_again() -> None:
    screen = Screen()
    async with Supervisor(screen, QUICK) as supervisor:
        await supervisor.start(python("api", WAITS))
        await screen.until("api: up")
        before = supervisor.pid("api")
        assert before is not None
        os.kill(before, signal.SIGKILL)
        await screen.until("api: up", times=2)
        assert supervisor.pid("api") not in (before, None)
    assert "api: ended by SIGKILL; starting it again in 0.01 s" in screen.lines
    assert supervisor.pid("api") is None


async def test_what_must_happen_before_a_start_happens_before_each_one() -> None:
    screen = Screen()
    prepared: list[int] = []

    async def before() -> None:
        prepared.append(len(prepared))

    async with Supervisor(screen, QUICK) as supervisor:
        await supervisor.start(python("api", WAITS, before=before))
        await screen.until("api: up")
        os.kill(supervisor.pid("api") or 0, signal.SIGKILL)
        await screen.until("api: up", times=2)
    assert prepared == [0, 1]


async def test_one_that_does_not_come_up_again_is_tried_until_it_does() -> None:
    screen, starts = Screen(), iter(range(4))

    async def before() -> None:
        if next(starts) in (1, 2):
            raise ChildDidNotStart(name="api", reason="the disk is full", output="")

    async with Supervisor(screen, QUICK) as supervisor:
        await supervisor.start(python("api", WAITS, before=before))
        await screen.until("api: up")
        os.kill(supervisor.pid("api") or 0, signal.SIGKILL)
        await screen.until("api: up", times=2)
    assert sum("the disk is full" in line for line in screen.lines) == 2


async def test_an_unforeseen_failure_of_a_restart_is_not_swallowed() -> None:
    starts = iter(range(2))

    async def before() -> None:
        if next(starts):
            raise LookupError("nowhere to run")

    async with Supervisor(Screen(), QUICK) as supervisor:
        await supervisor.start(python("worker", "raise SystemExit(3)", before=before))
        with pytest.raises(LookupError):
            await supervisor.failure()


async def test_one_that_was_only_just_started_is_stopped_too() -> None:
    async with Supervisor(Screen()) as supervisor:
        await supervisor.start(python("api", WAITS))
        child = psutil.Process(supervisor.pid("api"))
    assert not child.is_running()


async def test_a_first_start_that_fails_is_told_at_once() -> None:
    async def never() -> bool:
        return False

    async with Supervisor(Screen(), QUICK) as supervisor:
        with pytest.raises(ChildDidNotStart, match="port is taken") as caught:
            await supervisor.start(python("api", "print('port is taken'); raise SystemExit(2)", ready=never))
        assert caught.value.data["reason"] == "ended with code 2"
        with pytest.raises(ChildDidNotStart, match="No such file"):
            await supervisor.start(Child("api", ("/no/such/program",)))
        with pytest.raises(ChildDidNotStart, match=r"not ready after 0\.3 s"):
            await supervisor.start(python("api", WAITS, ready=never, start_within=0.3))


async def test_one_that_does_not_listen_is_killed_with_all_it_started() -> None:
    screen = Screen()
    async with Supervisor(screen) as supervisor:
        await supervisor.start(python("deaf", DEAF, stop_within=0.2))
        await screen.until("deaf: up")
        grandchild = psutil.Process(int(screen.lines[0].removeprefix("deaf: ")))
        child = psutil.Process(supervisor.pid("deaf"))
    assert psutil.wait_procs([grandchild, child], timeout=30)[1] == []


async def test_what_a_dead_child_left_behind_goes_too() -> None:
    screen = Screen()
    async with Supervisor(screen, QUICK) as supervisor:
        await supervisor.start(python("deaf", DEAF, stop_within=0.2))
        await screen.until("deaf: up")
        grandchild = psutil.Process(int(screen.lines[0].removeprefix("deaf: ")))
        os.kill(supervisor.pid("deaf") or 0, signal.SIGKILL)
        await screen.until("deaf: up", times=2)
        assert psutil.wait_procs([grandchild], timeout=30)[1] == []


async def test_a_second_cancellation_hurries_and_still_stops_everything() -> None:
    screen = Screen()

    async def work() -> None:
        async with Supervisor(screen) as supervisor:
            await supervisor.start(python("polite", SAYS_GOODBYE))
            await screen.until("polite: up")
            await supervisor.start(python("deaf", DEAF))
            await screen.until("deaf: up")
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await screen.until("deaf: up")
    task.cancel()
    await screen.until("deaf: heard")
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert screen.lines[-1] == "polite: bye"


def test_pauses_double_up_to_a_limit() -> None:
    pauses = Pauses(first=0.5, longest=5)
    assert [pauses.before(restart) for restart in range(1, 7)] == [0.5, 1, 2, 4, 5, 5]


def test_an_end_is_told_in_words() -> None:
    assert [ended(0), ended(-9), ended(-99)] == [
        "ended with code 0",
        "ended by SIGKILL",
        "ended by signal 99",
    ]


def test_a_taken_port_is_not_offered() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        preferred = taken.getsockname()[1]
        assert free_port(preferred) not in (preferred, 0)
    assert free_port(preferred) == preferred


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(OSError, match=r".+"):
        free_port(8000, "192.0.2.1")
