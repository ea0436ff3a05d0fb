"""The offline commands when something is wrong: bad input, broken plugins, and somebody who stops them."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from offline_commands import COMMAND, environment, fine, in_front_of_ours, ran, small_file

pytestmark = pytest.mark.e2e

BROKEN = {
    "prints": "print('hello from a plugin')\nraise RuntimeError('broken')\n",
    "exits": "import sys\nsys.exit(3)\n",
}
DEADLY = {"dies": "import os\nos._exit(3)\n"}


def installed(folder: Path, plugins: dict[str, str]) -> str:
    """A place where these plugins are installed, before everything else on the path."""
    for name, source in plugins.items():
        (folder / f"{name}_plugin.py").write_text(source)
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[inventoryai]\n{name} = {name}_plugin\n")
    return in_front_of_ours(folder)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a small file of sales."""
    return small_file(tmp_path)


REFUSED = {
    "an empty file": (b"", (), "The file is empty."),
    "a header alone": (b"date,sku,quantity\n", (), "no rows"),
    "no date": (b"sku,quantity\nA,1\n", (), "No column is a date"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), (), "not a text file (PNG)"),
    "few fields": (b"date,sku,quantity\n2024-01-05\n", (), "fewer fields"),
    "abc": (
        b"date,sku,quantity\n2024-01-05,A,abc\n",
        (),
        "line 2, quantity, 'abc': The quantity is not a number.",
    ),
    "31/02": (b"date,sku,quantity\n31/02/2024,A,1\n", (), "line 2, date, '31/02/2024'"),
    "two orders of dates": (b"date,sku,quantity\n03/04/2024,A,1\n", (), "day first or month first"),
    "an unknown engine": (None, ("--engine", "oracle"), "no engine called oracle. Known: "),
    "no horizon": (None, ("--horizon", "0"), "between 1 and 366"),
    "a horizon of 10,000": (None, ("--horizon", "10000"), "between 1 and 366"),
    "a service level of 1.5": (None, ("--service-level", "1.5"), "1.5 does not"),
    "a mapping to nowhere": (None, ("--mapping", "sku=Nowhere"), "no column Nowhere"),
    "an unknown currency": (None, ("--currency", "XXX"), "XXX"),
    "an output without a folder": (None, ("--out", "none/x.csv"), "cannot be written"),
}


@pytest.mark.parametrize(("content", "options", "said"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_a_clear_line_and_nothing_half_written(
    small: Path, content: bytes | None, options: tuple[str, ...], said: str
) -> None:
    if content is not None:
        (small / "sales.csv").write_bytes(content)
    done = ran(small, "plan", "sales.csv", "--out", "orders.csv", *options)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stderr.splitlines()[-1].startswith("inventoryai: ")
    assert done.stdout == ""
    assert [path.name for path in small.iterdir()] == ["sales.csv"]


def test_broken_plugins_are_named_and_stop_nothing(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = installed(tmp_path_factory.mktemp("site"), BROKEN)
    done = fine(small, "plan", "sales.csv", "--json", PYTHONPATH=path)

    assert len(json.loads(done.stdout)) == 3
    assert "The plugin prints (prints) is not used" in done.stderr
    assert "The plugin exits (exits) is not used" in done.stderr
    assert "3 by the engine" in done.stderr


def test_a_plugin_that_takes_its_process_down_is_named_and_stops_nothing(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = installed(tmp_path_factory.mktemp("site"), DEADLY)
    done = fine(small, "plan", "sales.csv", "--json", PYTHONPATH=path)

    assert len(json.loads(done.stdout)) == 3
    assert "The plugin dies (dies) is not used: takes down the process that imports it" in done.stderr
    assert "3 by the engine" in done.stderr


def test_the_list_of_engines_is_json_whatever_a_plugin_prints_or_does(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = installed(tmp_path_factory.mktemp("site"), BROKEN | DEADLY)
    listed = json.loads(fine(small, "engines", "--json", PYTHONPATH=path).stdout)

    assert {"naive", "empirical"} <= {engine["name"] for engine in listed["engines"]}
    assert {plugin["plugin"] for plugin in listed["rejected"]} == {"prints", "exits", "dies"}


@pytest.fixture
def long_one(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A plan that takes a while, in a group of processes of its own; its reading has begun."""
    path = tmp_path / "sales.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("date,sku,quantity\n")
        file.writelines(f"2024-01-{1 + line % 28:02},S{line},{line % 7}\n" for line in range(400_000))
    process = subprocess.Popen(
        [*COMMAND, "plan", str(path), "--out", str(tmp_path / "orders.csv")],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def workers(process: "subprocess.Popen[str]", path: Path) -> list[psutil.Process]:
    """The processes of a command, once one of them has its file open."""
    given_up = threading.Event()
    for _ in range(600):
        children = psutil.Process(process.pid).children(recursive=True)
        if any(str(path) in opened(child) for child in children):
            return children
        given_up.wait(0.05)
    pytest.fail("nobody read the file")


def opened(child: psutil.Process) -> list[str]:
    try:
        return [file.path for file in child.open_files()]
    except psutil.Error:
        return []


@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes and their signals are POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_plan_that_is_stopped_leaves_no_process_and_no_file(
    long_one: "subprocess.Popen[str]", tmp_path: Path, number: signal.Signals
) -> None:
    children = workers(long_one, tmp_path / "sales.csv")

    if number is signal.SIGINT:
        os.killpg(long_one.pid, number)
    else:
        os.kill(long_one.pid, number)

    said, complained = long_one.communicate(timeout=60)
    assert long_one.returncode == 130
    assert said == ""
    assert "Traceback" not in complained
    psutil.wait_procs(children, timeout=30)
    assert [child for child in children if child.is_running()] == []
    assert [path.name for path in tmp_path.iterdir()] == ["sales.csv"]
