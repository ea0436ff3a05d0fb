"""S31: what is exported is harmless in a spreadsheet, and reads back as it was."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import read_stock

from inventoryai.domain.errors import Invalid
from inventoryai.domain.products import SKU_LENGTH
from inventoryai.domain.text import clean
from inventoryai_spreadsheets.writing import Cell, harmless, write_csv

RISKY = ["=1+1", "+33 6", "-12", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")', "=", "-"]


def written(*rows: list[Cell], header: tuple[str, ...] = ("sku", "on hand")) -> str:
    file = io.StringIO(newline="")
    write_csv(file, header, rows)
    return file.getvalue()


@pytest.mark.parametrize("text", RISKY)
def test_S31_no_text_is_left_to_begin_as_a_formula(text: str) -> None:
    cells = list(csv.reader(io.StringIO(written([text, 1]), newline="")))[1]
    assert cells == ["'" + text, "1"]


@pytest.mark.parametrize("text", ["", "A=1", "'quoted", "0012", "5 %", "a,b", 'a "b"', "été"])
def test_S31_other_texts_are_left_alone(text: str) -> None:
    assert harmless(text) == text


def test_S31_negative_numbers_stay_numbers() -> None:
    assert written([-5, -0.25], [Decimal("-1.50"), Decimal(-1200)]).splitlines()[1:] == [
        "-5,-0.25",
        "-1.5,-1200",
    ]


def test_numbers_days_and_gaps_are_written_plainly() -> None:
    rows: list[list[Cell]] = [[3.0, 1e-05], [Decimal("12.000"), date(2026, 3, 9)], [None, True]]
    assert written(*rows).splitlines()[1:] == ["3,1e-05", "12,2026-03-09", ",true"]


def test_a_break_inside_a_cell_ends_no_row() -> None:
    assert written(["a\rb", 1], ["a\nb", 2]).count("\n") == 4
    assert [row[0] for row in csv.reader(io.StringIO(written(["a\rb", 1]), newline=""))] == ["sku", "a\rb"]


def test_names_of_columns_are_made_harmless_too() -> None:
    assert written(header=("=sku",)) == "'=sku\n"


def is_sku(text: str) -> bool:
    """Whether a product that came from a file could have this SKU."""
    try:
        tidy = clean(text, most=SKU_LENGTH)
    except Invalid:
        return False
    # A reader takes "'=x" for an export's "=x", and '="x"' for Excel's x: neither comes from a file.
    return tidy == text and text[:2] not in {"'=", "'+", "'-", "'@"}


skus = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.builds(
    str.__add__, st.sampled_from(["=", "+", "-", "@", "'", '="', ","]), st.text(max_size=6)
)


@given(st.lists(skus.filter(is_sku), min_size=1, max_size=8, unique=True))
def test_S31_what_was_written_reads_back_as_it_was(found: list[str]) -> None:
    rows: list[list[Cell]] = [[sku, 1] for sku in found]
    content = written(*rows)
    with TemporaryDirectory() as folder:
        assert read_stock(Path(folder), content).columns.skus == tuple(found)
