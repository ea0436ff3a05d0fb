"""``inventoryai forecast`` and ``inventoryai plan`` as processes, on made-up files and on a real one."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from recomputing import check

from inventoryai_server.demo.shop import assortment, sales_file

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "inventoryai_server")
SAMPLES = Path(os.environ.get("INVENTORYAI_SAMPLE_DATA") or "nowhere")
TILL = SAMPLES / "online_retail_lines.csv.gz"
TILL_COLUMNS = (
    *("--mapping", "date=InvoiceDate", "--mapping", "sku=StockCode", "--mapping", "quantity=Quantity"),
    *("--mapping", "unit_price=UnitPrice", "--mapping", "name=Description", "--currency", "GBP"),
)
BROKEN = {
    "prints": "print('hello from a plugin')\nraise RuntimeError('broken')\n",
    "exits": "import sys\nsys.exit(3)\n",
}
DEADLY = {"dies": "import os\nos._exit(3)\n"}


def environment(**more: str) -> dict[str, str]:
    """Ours, without a language, and where everything is that this test run has imported."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | more


def ran(folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *args],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def fine(folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    done = ran(folder, *args, **more)
    assert done.returncode == 0, done.stderr
    return done


def installed(folder: Path, plugins: dict[str, str]) -> str:
    """A place where these plugins are installed, before everything else on the path."""
    for name, source in plugins.items():
        (folder / f"{name}_plugin.py").write_text(source)
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[inventoryai]\n{name} = {name}_plugin\n")
    return os.pathsep.join([str(folder), *(path for path in sys.path if path)])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of a shop up to yesterday, as a French till exports them, and what it has on its shelves."""
    folder = tmp_path_factory.mktemp("shop")
    products = assortment(12)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    (folder / "ventes.csv").write_bytes(sales_file(products, yesterday))
    stock = [f"{one.sku};{one.on_hand}" for one in products]
    (folder / "stock.csv").write_text("\n".join(["Référence;Stock", *stock]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a file of three products, one of which is named like a formula."""
    first = date(2024, 1, 1)
    lines = [
        f"{first + timedelta(days=day)},{sku},{2 + day % 3}"
        for sku in ("=A", "007", "B")
        for day in range(60)
    ]
    (tmp_path / "sales.csv").write_text("\n".join(["date,sku,quantity", *lines]) + "\n", encoding="utf-8")
    return tmp_path


def test_a_plan_is_a_table_with_the_most_urgent_first(shop: Path) -> None:
    done = fine(shop, "plan", "ventes.csv", "--stock", "stock.csv")

    found = [words[0] for line in done.stdout.splitlines() if (words := line.split()) and "-00" in words[0]]
    items = json.loads(fine(shop, "plan", "ventes.csv", "--stock", "stock.csv", "--json").stdout)
    assert found == [item["sku"] for item in items]
    assert "of 12 products to order" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_the_json_alone_is_on_standard_output_and_can_be_recomputed(shop: Path) -> None:
    items = json.loads(fine(shop, "plan", "ventes.csv", "--stock", "stock.csv", "--json").stdout)

    assert len(items) == 12
    assert {one.sku: one.on_hand for one in assortment(12)} == {
        item["sku"]: item["on_hand"] for item in items
    }
    for item in items:
        check(item["explanation"])


def test_french_terminals_are_answered_in_french(shop: Path) -> None:
    done = fine(shop, "plan", "ventes.csv", LANG="fr_CM.UTF-8")
    assert "À commander" in done.stdout
    assert "Aucun fichier de stock" in done.stderr
    refused = ran(shop, "plan", "nulle part.csv", LC_ALL="fr_FR.UTF-8")
    assert refused.stderr == "inventoryai: Le fichier nulle part.csv n’existe pas.\n"


def test_a_forecast_is_written_as_csv_and_the_same_each_time(small: Path) -> None:
    for name in ("one.csv", "two.csv"):
        fine(small, "forecast", "sales.csv", "--horizon", "5", "--levels", "0.1,0.9", "--out", name)

    with (small / "one.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["sku", "date", "mean", "q0.1", "q0.9"]
    assert [row[0] for row in rows[1:]] == ["'=A"] * 5 + ["007"] * 5 + ["B"] * 5
    assert [row[1] for row in rows[1:6]] == [f"2024-03-0{day}" for day in range(1, 6)]
    assert (small / "one.csv").read_bytes() == (small / "two.csv").read_bytes()
    assert sorted(path.name for path in small.iterdir()) == ["one.csv", "sales.csv", "two.csv"]


def test_a_plan_is_written_as_csv_or_json_by_the_name(small: Path) -> None:
    fine(small, "plan", "sales.csv", "--out", "orders.csv")
    fine(small, "plan", "sales.csv", "--out", "orders.json")

    with (small / "orders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    items = json.loads((small / "orders.json").read_text(encoding="utf-8"))
    assert [row["order_quantity"] for row in rows] == [str(item["order_quantity"]) for item in items]
    assert {row["sku"] for row in rows} == {"'=A", "007", "B"}


def test_what_was_written_can_be_read_again_as_stock(small: Path) -> None:
    fine(small, "plan", "sales.csv", "--out", "orders.csv")
    done = fine(small, "plan", "sales.csv", "--stock", "orders.csv", "--json")
    assert "not in the stock file" not in done.stderr


def test_a_dash_writes_to_standard_output_and_nothing_beside(small: Path) -> None:
    done = fine(small, "forecast", "sales.csv", "--out", "-", "--horizon", "2", "--frequency", "week")
    assert len(done.stdout.splitlines()) == 1 + 3 * 2
    assert "3 products" in done.stderr


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
    "an unknown engine": (None, ("--engine", "oracle"), "Known: empirical"),
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
    assert "Traceback" not in done.stderr
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


def test_a_plugin_that_takes_its_process_down_costs_the_engines_and_not_the_plan(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = installed(tmp_path_factory.mktemp("site"), DEADLY)
    done = fine(small, "plan", "sales.csv", "--json", PYTHONPATH=path)

    assert len(json.loads(done.stdout)) == 3
    assert "The plugins could not be listed" in done.stderr
    assert "3 by fallback" in done.stderr


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


def test_the_commands_do_not_load_the_server(small: Path) -> None:
    """They import neither the API nor the database; what they do import is listed by Python itself."""
    done = fine(small, "forecast", "sales.csv", PYTHONPROFILEIMPORTTIME="1")
    loaded = {
        line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line
    }
    assert "numpy" in loaded
    assert loaded.isdisjoint(
        {"litestar", "piccolo", "asyncpg", "taskiq", "redis", "pandas", "pyarrow", "uvicorn"}
    )


@pytest.mark.skipif(not TILL.exists(), reason="INVENTORYAI_SAMPLE_DATA does not hold the real till")
def test_the_till_of_a_real_shop_is_planned(tmp_path: Path) -> None:
    done = fine(tmp_path, "plan", str(TILL), *TILL_COLUMNS, "--out", "orders.json")

    assert "541 909 lines, 536 496 accepted, 0 rejected, 5 413 ignored" in done.stdout
    assert "Plan of 2011-12-10" in done.stdout
    assert "BANK CHARGES" in done.stderr
    items = json.loads((tmp_path / "orders.json").read_text(encoding="utf-8"))
    assert len(items) == 3_927
    assert {item["status"] for item in items} == {"ok"}
    for item in items[::500]:
        check(item["explanation"])
