"""What leaves the commands: CSV, JSON as the API lists it, tables, and notes."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from offline import TODAY, daily, forecast_file, plan_file, sales_file, stock_file
from recomputing import check
from rich.console import Console

from inventoryai.domain.errors import LOCALES, Locale
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.usecases.offline import FileForecast
from inventoryai.usecases.offline_plans import FilePlan, PlanQuestion
from inventoryai_http.schemas.replenishment import Recommendation
from inventoryai_server.offline import notes, results

T = TypeVar("T")
LEVELS = (0.05, 0.5, 0.95)


@pytest.fixture
async def found(tmp_path: Path) -> FileForecast:
    """Three products: one that begins as a formula, one with leading zeros, and one of today alone."""
    lines = [*daily("=A", [1, 2, 3] * 20), *daily("007", [10] * 60), (TODAY, "NEW", 1)]
    return await forecast_file()(sales_file(tmp_path, lines), ForecastRequest(3, "mean", levels=LEVELS))


@pytest.fixture
async def plan(tmp_path: Path) -> FilePlan:
    file = sales_file(tmp_path, [*daily("=A", [1, 2, 3] * 20), *daily("[b]", [10] * 60)])
    stock = stock_file(tmp_path, [("[b]", 1400), ("UNSOLD", 3)])
    return await plan_file()(file, PlanQuestion(), stock)


def printed(
    show: Callable[[Console, T, int | None, Locale], None],
    of: T,
    rows: int | None = None,
    locale: Locale = "en",
    width: int = 500,
) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, markup=False, emoji=False, highlight=False)
    show(console, of, rows, locale)
    return file.getvalue()


def test_a_forecast_is_a_row_for_each_product_and_period(found: FileForecast) -> None:
    file = io.StringIO(newline="")
    results.write_forecast(found, file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))

    assert list(rows[0]) == ["sku", "date", "mean", "q0.05", "q0.5", "q0.95"]
    assert [row["sku"] for row in rows] == ["'=A"] * 3 + ["007"] * 3
    assert [row["date"] for row in rows[:3]] == ["2026-03-10", "2026-03-11", "2026-03-12"]
    means = [float(row["mean"]) for row in rows]
    assert means == pytest.approx(found.predictions.prediction.mean[:2].ravel(), abs=1e-6)
    medians = [float(row["q0.5"]) for row in rows]
    assert medians == pytest.approx(found.predictions.prediction.quantiles[:2, :, 1].ravel(), abs=1e-6)


def test_the_table_of_a_forecast_shows_totals_and_reasons(found: FileForecast) -> None:
    lines = printed(results.show_forecast, found).splitlines()
    totals = {line.split()[0]: line.split()[1:] for line in lines if line.split()}

    assert totals["007"] == ["30"] * 4 + ["mean"]
    assert "Nothing is known" in " ".join(totals["NEW"])
    assert lines.index(next(one for one in lines if "007" in one)) < lines.index(
        next(one for one in lines if "=A" in one)
    )


def test_the_json_of_a_plan_has_the_fields_of_the_api(plan: FilePlan) -> None:
    items = json.loads("".join(results.plan_json(plan, "en")))

    assert [list(item) for item in items] == [list(Recommendation.__struct_fields__)] * 3
    assert [item["rank"] for item in items] == [1, 2, 3]
    assert [item["sku"] for item in items] == ["=A", "[b]", "UNSOLD"]
    assert items[1]["on_hand"] == 1400
    for item in items[:2]:
        check(item["explanation"])
        assert item["order_quantity"] == item["explanation"]["order_quantity"]


def test_the_csv_of_a_plan_holds_what_the_json_holds(plan: FilePlan) -> None:
    file = io.StringIO(newline="")
    results.write_plan(plan, "fr", file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))

    assert [row["sku"] for row in rows] == ["'=A", "[b]", "UNSOLD"]
    for row, item in zip(rows, results.items(plan, "fr"), strict=True):
        assert row["order_quantity"] == (
            "" if item["order_quantity"] is None else str(item["order_quantity"])
        )
        assert row["order_by"] == (item["order_by"] or "")
        assert row["reasons"] == " ".join(item["reasons"])
    assert rows[0]["urgent"] == "true"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_table_of_a_plan_takes_names_literally_and_marks_what_is_only_known_to_last(
    plan: FilePlan, locale: Locale
) -> None:
    lines = printed(results.show_plan, plan, locale=locale).splitlines()

    of = {line.split()[0]: line for line in lines if line.split()}
    assert "[b]" in of
    assert "28+" in of["[b]"].split()
    assert ("inconnu" if locale == "fr" else "unknown") in of["UNSOLD"]


def test_the_table_has_as_many_rows_as_asked(plan: FilePlan) -> None:
    assert "[b]" not in printed(results.show_plan, plan, rows=1)


def test_a_narrow_terminal_gets_whole_numbers_and_days(plan: FilePlan) -> None:
    text = printed(results.show_plan, plan, width=80)
    assert "2026-03-10" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("locale", LOCALES)
def test_the_summary_counts_files_and_products(plan: FilePlan, locale: Locale) -> None:
    said = " ".join(
        [
            notes.sales_read(Path("x/sales.csv"), plan.forecast.sales, locale),
            notes.forecast_made(plan.forecast, locale),
            notes.plan_made(plan, locale),
        ]
    )
    for part in ("sales.csv", "120", "2026-03-10", "28", "95"):
        assert part in said


def test_what_a_plan_had_to_assume_is_said(plan: FilePlan) -> None:
    said = notes.about_plan(plan, "en")
    assert any("not in the stock file" in note and note.endswith(": 1.") for note in said)
    assert any("without sales" in note for note in said)
    assert any("UNSOLD" in note and "Nothing is known" in note for note in said)


async def test_old_data_a_raised_horizon_and_missing_stock_are_said(tmp_path: Path) -> None:
    file = sales_file(tmp_path, daily("A", [1] * 30, date(2026, 1, 31)))
    plan = await plan_file()(file, PlanQuestion(horizon=5))
    for locale in LOCALES:
        said = " ".join(notes.about_plan(plan, locale))
        for part in ("38", "2026-02-01", "14", "5", "--stock"):
            assert part in said


async def test_faulty_lines_are_named_and_counted(tmp_path: Path) -> None:
    lines = [*daily("A", [1] * 30), *((TODAY, "A", float("nan")) for _ in range(7))]
    file = sales_file(tmp_path, lines)
    found = await forecast_file()(file, ForecastRequest(2))

    said = notes.lines_rejected(file.path, found.sales.problems, "en")

    assert said[0].endswith("sales.csv that were not taken: 7")
    assert said[1] == "  line 32, quantity, 'nan': The quantity is not a number."
    assert said[-1] == "  … and 2 more"
    assert len(said) == 7
    assert notes.lines_rejected(file.path, (await clean(tmp_path)).sales.problems, "en") == []


async def clean(folder: Path) -> FileForecast:
    return await forecast_file()(sales_file(folder, daily("A", [1] * 30)), ForecastRequest(2))
