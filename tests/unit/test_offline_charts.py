"""Backtests as they leave the command: the table, CSV, JSON, and the drawing."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from offline import daily, forecast_file, sales_file
from rich.console import Console

from inventoryai.domain.errors import Locale
from inventoryai.forecasting.measures import MARKS, Scores
from inventoryai.forecasting.summaries import Summary
from inventoryai.usecases.offline_backtests import (
    BacktestFile,
    BacktestQuestion,
    EngineBacktest,
    FileBacktest,
)
from inventoryai_server.offline.backtest_results import (
    backtest_json,
    best,
    show_backtest,
    write_backtest,
)
from inventoryai_server.offline.charts import chart

SVG = "{http://www.w3.org/2000/svg}"
NAN = np.nan


@pytest.fixture
async def found(tmp_path: Path) -> FileBacktest:
    """A comparison of made-up engines on two products, one of which could not be judged."""
    file = sales_file(tmp_path, [*daily("=A", [3, 1, 4] * 7), *daily("B", [2])])
    use_case = BacktestFile(forecast_file(), lambda: 0.0)
    made = await use_case(file, BacktestQuestion(("mean",), 7, 1))
    return replace(
        made,
        engines=(
            engine("good<1>", 0.25, seconds=0.5, below_95=0.93),
            engine("bad", 1.0, seconds=2.25, below_95=0.96),
            engine("a name that is far too long", NAN, seconds=1.0),
        ),
    )


def engine(name: str, mark: float, *, seconds: float, **others: float) -> EngineBacktest:
    marks = {one: others.get(one, mark) for one in MARKS} | {"demand": 40 * mark}
    scores = Scores(**{one: np.array([value, NAN]) for one, value in marks.items()})
    return EngineBacktest(name, scores, 1, 0, None, seconds)


def printed(found: FileBacktest, width: int = 200, locale: Locale = "en") -> str:
    console = Console(file=io.StringIO(), width=width, markup=False)
    show_backtest(console, found, locale)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def row(text: str, name: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.strip().startswith(name)]
    return line.strip().removeprefix(name).split()


class TestTable:
    def test_the_best_of_each_column_is_marked(self, found: FileBacktest) -> None:
        text = printed(found)
        good, bad = row(text, "good<1>"), row(text, "bad")
        assert good[:2] == ["0.250*", "0.250*"]
        assert bad[:2] == ["1.000", "1.000"]
        assert (good[-3], bad[-3]) == ("93.0", "96.0*")
        assert (good[-1], bad[-1]) == ("0.50*", "2.25")

    def test_what_could_not_be_judged_is_left_empty(self, found: FileBacktest) -> None:
        assert row(printed(found), "a name that is far too long") == ["1.00"]

    def test_a_single_engine_is_the_best_of_nothing(self, found: FileBacktest) -> None:
        assert "*" not in "".join(row(printed(replace(found, engines=found.engines[:1])), "good<1>"))

    def test_a_narrow_terminal_shows_less_and_keeps_every_line_whole(self, found: FileBacktest) -> None:
        text = printed(found, width=80)
        assert "RMSSE" not in text
        assert "tPL" in text
        assert max(map(len, text.splitlines()[:8])) <= 80

    def test_french_readers_are_told_in_french(self, found: FileBacktest) -> None:
        text = printed(found, locale="fr")
        assert row(text, "good<1>")[0] == "0,250*"
        assert "le meilleur de sa colonne" in text

    def test_the_best_share_is_the_nearest_to_the_promise(self) -> None:
        shares: list[dict[str, float | None]] = [{"below_95": 0.99}, {"below_95": 0.94}, {"below_95": None}]
        assert best("below_95", shares) == 0.94
        assert best("bias", [{"bias": -0.2}, {"bias": 0.1}]) == 0.1
        assert best("spl", [{"spl": None}, {"spl": None}]) is None


class TestFiles:
    def test_csv_has_a_row_for_each_engine(self, found: FileBacktest) -> None:
        file = io.StringIO()
        write_backtest(found, file)
        rows = list(csv.DictReader(io.StringIO(file.getvalue())))
        assert [one["engine"] for one in rows] == ["good<1>", "bad", "a name that is far too long"]
        assert set(rows[0]) == {"engine", "seconds", "fallbacks", *(field.name for field in fields(Summary))}
        assert (rows[0]["spl"], rows[0]["wape"], rows[0]["products"]) == ("0.25", "0.025", "1")
        assert rows[2]["spl"] == ""

    def test_json_has_every_product_too(self, found: FileBacktest) -> None:
        read = json.loads("".join(backtest_json(found)))
        assert [one["engine"] for one in read["engines"]] == ["good<1>", "bad", "a name that is far too long"]
        assert read["windows"] == [{"starts_on": "2026-03-03", "products": 1}]
        assert read["last_day"] == str(date(2026, 3, 9))
        first, second = read["products"]
        assert (first["sku"], first["engines"]["bad"]["spl"]) == ("=A", 1.0)
        assert (second["sku"], second["engines"]["bad"]["spl"]) == ("B", None)


class TestDrawing:
    @pytest.mark.parametrize("locale", ["en", "fr"])
    def test_it_is_told_to_who_sees_nothing(self, found: FileBacktest, locale: Locale) -> None:
        drawing = ET.fromstring(chart(found, locale))  # noqa: S314 - our own drawing
        title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert drawing.attrib["role"] == "img"
        assert drawing.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
        assert "good<1> (0.250)".replace(".", "," if locale == "fr" else ".") in (description.text or "")
        told = [one.text for one in drawing.iter(f"{SVG}title")]
        assert len(told) == 1 + 2 * 2 + 2 * 4

    def test_bars_are_times_the_best(self, found: FileBacktest) -> None:
        drawing = ET.fromstring(chart(found, "en"))  # noqa: S314 - our own drawing
        widths = {
            title.text: float(bar.attrib["width"])
            for bar in drawing.iter(f"{SVG}rect")
            if (title := bar.find(f"{SVG}title")) is not None
        }
        assert widths["good<1>, sPL: 0.250, 1.00 times the best"] > 0
        # Four times the best is more than is drawn: the bar is cut, and the number says so.
        assert widths["bad, sPL: 1.000, 4.00 times the best"] == pytest.approx(
            3 * widths["good<1>, sPL: 0.250, 1.00 times the best"], abs=0.2
        )
        assert "4.00 »" in {text.text for text in drawing.iter(f"{SVG}text")}

    def test_a_long_name_is_shortened(self, found: FileBacktest) -> None:
        assert "a name that is far …" in chart(found, "en")

    def test_engines_that_were_not_judged_at_all_are_drawn_without_marks(self, found: FileBacktest) -> None:
        drawing = ET.fromstring(chart(replace(found, engines=found.engines[2:]), "en"))  # noqa: S314 - as above
        assert len(list(drawing.iter(f"{SVG}title"))) == 1
