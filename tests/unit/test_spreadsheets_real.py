"""The till of a real shop: half a million lines, and what is understood of them."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sheets import READER

from inventoryai.domain.files import ParsedSales
from inventoryai.domain.sales import daily_totals
from inventoryai.ports.spreadsheets import ReadOptions

SAMPLES = os.environ.get("INVENTORYAI_SAMPLE_DATA")
TILL = Path(SAMPLES or "nowhere") / "online_retail_lines.csv.gz"
MAPPING = {
    "date": "InvoiceDate",
    "sku": "StockCode",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
    "name": "Description",
}

pytestmark = pytest.mark.skipif(
    not TILL.exists(), reason="INVENTORYAI_SAMPLE_DATA does not hold the real till"
)


@pytest.fixture(scope="module")
def till() -> ParsedSales:
    return READER.read_sales(TILL, ReadOptions(mapping=MAPPING))


def test_every_line_is_accounted_for(till: ParsedSales) -> None:
    assert (till.rows, till.accepted, till.rejected) == (541_909, 536_496, 0)
    assert till.ignored == {"line.not_a_product": 2_912, "line.free_item": 2_501}
    assert (till.first_day, till.last_day) == (date(2010, 12, 1), date(2011, 12, 9))


def test_till_keys_are_told_from_products(till: ParsedSales) -> None:
    assert till.not_products == (
        *("AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "POST", "S", "m"),
    )
    assert {"PADS", "DCGSSBOY", "DCGSSGIRL", "gift_0001_20"} <= set(till.columns.skus)
    assert len(till.columns.skus) == 3_927


def test_products_have_the_names_of_the_shop(till: ParsedSales) -> None:
    names = dict(zip(till.columns.skus, till.names, strict=True))
    assert names["85123A"] == "WHITE HANGING HEART T-LIGHT HOLDER"
    assert names["23843"] == "PAPER CRAFT , LITTLE BIRDIE"


def test_an_order_of_80995_cancelled_the_same_day_is_no_demand(till: ParsedSales) -> None:
    totals = daily_totals(till.columns)
    at = totals.sku == totals.skus.index("23843")
    assert totals.sold[at].max() == totals.returned[at].max() == 80_995_000
    assert totals.demand()[at].max() < 80_995


def test_repeated_lines_are_kept(till: ParsedSales) -> None:
    columns = till.columns
    same = Counter(zip(columns.sku.tolist(), columns.day.tolist(), columns.quantity.tolist(), strict=True))
    assert max(same.values()) > 1
    assert columns.line.min() == 2
    assert columns.line.max() <= 541_910
