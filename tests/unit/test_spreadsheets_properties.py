"""Any table, written in any dialect, reads back to the same columns."""

import csv
import gzip
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import lines, read_sales

from inventoryai.domain.tills import TILL_WORDS, plain
from inventoryai.ports.spreadsheets import ReadOptions

Sale = tuple[date, str, Decimal, Decimal, str]
START = date(2023, 1, 1)
LETTERS = st.characters(codec="cp1252", categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u00ad")


def is_product(sku: str) -> bool:
    """Whether a made-up SKU is one as it stands: trimmed, in form NFC, no till word, no formula."""
    return sku == sku.strip() and plain(sku) not in TILL_WORDS and sku[:1] not in {"=", "'", '"'}


SKUS = st.text(LETTERS, min_size=1, max_size=12).filter(is_product)
SALES = st.lists(
    st.tuples(
        st.dates(START, START + timedelta(days=900)),
        SKUS,
        st.decimals(Decimal(-9_999), Decimal(9_999), places=3),
        st.decimals(Decimal("0.01"), Decimal(99_999), places=2),
        st.text(LETTERS, max_size=20).map(lambda name: f"n {name}"),
    ),
    min_size=1,
    max_size=30,
)


@dataclass(frozen=True)
class Style:
    """One way to write a table."""

    delimiter: str
    encoding: str
    decimal: str
    thousands: str
    currency: str
    dates: str
    line_end: str
    gzipped: bool

    def number(self, value: Decimal) -> str:
        text = f"{value:,}".replace(",", "_").replace(".", self.decimal)
        return text.replace("_", self.thousands)

    def write(self, sales: list[Sale]) -> bytes:
        file = io.StringIO(newline="")
        writer = csv.writer(file, delimiter=self.delimiter, lineterminator=self.line_end)
        writer.writerow(["Date", "Référence", "Qté", "Prix unitaire", "Désignation"])
        for day, sku, quantity, price, name in sales:
            money = self.number(price) + self.currency
            writer.writerow([day.strftime(self.dates), sku, self.number(quantity), money, name])
        content = file.getvalue().encode(self.encoding)
        return gzip.compress(content) if self.gzipped else content


STYLES = st.builds(
    Style,
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    decimal=st.sampled_from(".,"),
    thousands=st.sampled_from(["", " ", "\u00a0", "'"]),
    currency=st.sampled_from(["", " FCFA", "€", " F"]),
    dates=st.sampled_from(
        ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y", "%d.%m.%Y"]
    ),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    gzipped=st.booleans(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SALES, STYLES)
def test_what_is_written_is_read(tmp_path: Path, sales: list[Sale], style: Style) -> None:
    decisive = (START.replace(day=25), "decides-1", Decimal("1.5"), Decimal("1.50"), "n")
    sales = [decisive, *sales]
    parsed = read_sales(tmp_path, style.write(sales), ReadOptions(mapping={"sku": "Référence"}))
    assert not parsed.problems.counts
    expected = [
        (line, sku, day, int(quantity * 1000), int((quantity * price * 100).to_integral_value(ROUND_HALF_UP)))
        for line, (day, sku, quantity, price, _) in enumerate(sales, start=2)
    ]
    till = {plain(name) for name in parsed.not_products}
    assert lines(parsed) == [sale for sale in expected if plain(sale[1]) not in till]
    assert parsed.dialect.delimiter == style.delimiter
    assert parsed.dialect.decimal == style.decimal


CELLS = st.sampled_from(
    [
        "",
        " ",
        "2024-01-05",
        "31/02/2024",
        "A",
        "B",
        "POST",
        "0",
        "1",
        "2,5",
        "-3",
        "x",
        '"',
        "1e9",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=1, max_size=7)))
def test_counts_add_up_and_no_line_is_told_twice(tmp_path: Path, rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows(
        [["date", "sku", "quantity", "price", "external id"], ["2024-01-05", "A", "1", "1", "0"], *rows]
    )
    parsed = read_sales(tmp_path, file.getvalue().encode())
    assert parsed.rows == 1 + sum(any(cell.strip() for cell in row) for row in rows)
    told = [*parsed.columns.line.tolist(), *parsed.problems.line.tolist()]
    assert len(told) == len(set(told)) == parsed.accepted + parsed.rejected
    assert max(told) <= file.getvalue().count("\n") + 1
