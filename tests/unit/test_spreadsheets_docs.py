"""What the documentation of files says is what happens."""

import re
from pathlib import Path

import pytest
from sheets import lines, read_sales

from inventoryai.domain import sales, tills, unreadable
from inventoryai.domain.errors import every_problem
from inventoryai.domain.files import DATE_ORDERS, SALES_FIELDS, STOCK_FIELDS
from inventoryai.domain.imports import ProductUnknown
from inventoryai.ports.spreadsheets import Limits, ReadOptions
from inventoryai_spreadsheets.dates import Days
from inventoryai_spreadsheets.synonyms import rank

DOCS = Path(__file__).parents[2] / "docs"
MODULES = {module.__name__ for module in (unreadable, sales, tills)}
PAGES = pytest.mark.parametrize("page", [DOCS / "imports.md", DOCS / "fr" / "imports.md"], ids=["en", "fr"])


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


@PAGES
def test_the_example_reads_as_it_looks(page: Path, tmp_path: Path) -> None:
    found = re.search(r"```csv\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    parsed = read_sales(tmp_path, found[1], ReadOptions(currency_exponent=0))
    assert [line[1:] for line in lines(parsed) if line[1] == "L-7"] == [
        ("L-7", parsed.last_day, 2_000, 2_000)
    ]
    assert (parsed.accepted, parsed.rejected) == (3, 0)


@PAGES
def test_every_code_and_field_is_documented(page: Path) -> None:
    codes = {problem.code for problem in every_problem() if problem.__module__ in MODULES}
    assert {"file.empty", "line.free_item", "line.date_invalid"} <= codes
    known = codes | {*SALES_FIELDS, *STOCK_FIELDS, *DATE_ORDERS, ProductUnknown.code}
    assert not known - set(quoted(page.read_text(encoding="utf-8")))


@PAGES
def test_every_header_that_is_named_is_understood(page: Path) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (?:yes|oui)? ?\| (.*) \|$", page.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [field for field, _ in rows] == list(SALES_FIELDS)
    for field, headers in rows:
        assert not [header for header in quoted(headers) if rank(field, header) is None]
    for field, header in (
        ("on_hand", "Quantité en stock"),
        ("on_hand", "On hand"),
        ("date", "Date inventaire"),
    ):
        assert rank(field, header) is not None


@PAGES
def test_every_date_that_is_shown_is_one(page: Path) -> None:
    shown = re.search(r"\*\*Dates\*\* ?:(.*?)(each|chacune)", page.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    texts = quoted(shown[1])
    assert len(texts) == 8
    assert len(set(Days(texts).numbers("day_first", None).tolist())) == 1


@PAGES
def test_the_limits_are_those_of_the_reader(page: Path) -> None:
    text = (
        page.read_text(encoding="utf-8")
        .replace("\u202f", "")
        .replace("\u00a0", "")
        .replace(",", "")
        .replace(" ", "")
    )
    limits = Limits()
    assert (limits.bytes, limits.ratio, limits.columns) == (4 << 30, 200, 500)
    assert str(limits.rows) in text
