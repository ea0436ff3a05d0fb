"""``inventoryai backtest`` as a process: the table, the files, JSON, and what it refuses."""

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from offline_commands import fine, ran, small_file

pytestmark = pytest.mark.e2e


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a small file of sales."""
    return small_file(tmp_path)


def test_engines_are_compared_in_a_table(small: Path) -> None:
    done = fine(small, "backtest", "sales.csv", "--horizon", "7", "--engines", "mean,seasonal_naive,auto")
    words = [line.split()[0] for line in done.stdout.splitlines() if line.split()]
    assert [word for word in words if word in {"mean", "seasonal_naive", "auto"}] == [
        "mean",
        "seasonal_naive",
        "auto",
    ]
    assert "3 products judged in 3 windows of 7 days" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_scores_are_written_by_the_name_of_the_file(small: Path) -> None:
    for name in ("scores.csv", "scores.json", "chart.svg"):
        done = fine(
            small, "backtest", "sales.csv", "--horizon", "7", "--engines", "mean,naive", "--out", name
        )
        assert f"Written to {name}." in done.stdout
    with (small / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = json.loads((small / "scores.json").read_text(encoding="utf-8"))
    assert [row["engine"] for row in rows] == [one["engine"] for one in read["engines"]] == ["mean", "naive"]
    assert [float(row["spl"]) for row in rows] == [one["spl"] for one in read["engines"]]
    assert [one["sku"] for one in read["products"]] == ["=A", "007", "B"]
    assert ET.parse(small / "chart.svg").getroot().attrib["role"] == "img"  # noqa: S314 - our own drawing


def test_the_json_alone_is_on_standard_output(small: Path) -> None:
    done = fine(small, "backtest", "sales.csv", "--horizon", "7", "--engines", "mean", "--json", LANG="fr_FR")
    assert json.loads(done.stdout)["engines"][0]["engine"] == "mean"
    assert "Évaluation du" in done.stderr
    written = fine(small, "backtest", "sales.csv", "--horizon", "7", "--engines", "mean", "--out", "-")
    assert written.stdout.splitlines()[0].startswith("engine,products,")
    assert len(written.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--engines", "crystal_ball"], "no engine called crystal_ball"),
        (["--horizon", "0"], "between 1 and 366"),
        (["--horizon", "40"], "No product has the 80 periods"),
        (["--out", "scores.xlsx"], "not written by this command"),
    ],
)
def test_what_cannot_be_compared_says_why_in_one_line(small: Path, asked: list[str], told: str) -> None:
    done = ran(small, "backtest", "sales.csv", *asked)
    assert done.returncode == 2
    assert done.stderr.startswith("inventoryai: ")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
    assert done.stdout == ""
