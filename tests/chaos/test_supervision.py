"""The supervisor as a terminal or a kill meets it: a process with children of its own."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.chaos

SAYS_GOODBYE = """
    import signal, sys, time
    signal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit(0)))
    print('up')
    time.sleep(600)
"""


UP = """
    import asyncio, sys
    from inventoryai_server.children import Child
    from inventoryai_server.supervision import Supervisor, run

    GOODBYE = '''{goodbye}'''

    async def main():
        async with Supervisor() as supervisor:
            for name in ("postgres", "api"):
                await supervisor.start(Child(name, (sys.executable, "-u", "-c", GOODBYE)))
            await supervisor.failure()
            return 0

    raise SystemExit(run(main()))
"""


@contextmanager
def system(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A supervisor in a process of its own, in a session of its own, like in a terminal."""
    file = tmp_path / "up.py"
    file.write_text(textwrap.dedent(UP).replace("{goodbye}", textwrap.dedent(SAYS_GOODBYE)))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-u", str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: "subprocess.Popen[str]", count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip() for _ in range(count)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_to_the_whole_group_still_stops_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with system(tmp_path) as process:
        assert sorted(lines(process, 2)) == ["api       | up", "postgres  | up"]
        os.killpg(process.pid, number)
        assert lines(process, 2) == ["api       | bye", "postgres  | bye"]
        assert process.wait(timeout=60) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    with system(tmp_path) as process:
        lines(process, 2)
        children = psutil.Process(process.pid).children()
        assert len(children) == 2
        process.kill()
        assert psutil.wait_procs(children, timeout=30)[1] == []
