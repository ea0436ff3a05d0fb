"""``inventoryai forecast`` and ``inventoryai plan`` as processes, on made-up files and on a real one."""

import csv
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from offline_commands import fine, ran, small_file
from recomputing import check

from inventoryai_server.demo.shop import assortment, sales_file

pytestmark = pytest.mark.e2e

SAMPLES = Path(os.environ.get("INVENTORYAI_SAMPLE_DATA") or "nowhere")
TILL = SAMPLES / "online_retail_lines.csv.gz"
TILL_COLUMNS = (
    *("--mapping", "date=InvoiceDate", "--mapping", "sku=StockCode", "--mapping", "quantity=Quantity"),
    *("--mapping", "unit_price=UnitPrice", "--mapping", "name=Description", "--currency", "GBP"),
)


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
    """A folder with a small file of sales."""
    return small_file(tmp_path)


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
