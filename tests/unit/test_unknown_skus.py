"""Lines of products that the company does not have, where none is to be made."""

import numpy as np

from inventoryai.domain.files import Dialect, LineProblems, ParsedSales, ParsedStock, StockColumns
from inventoryai.domain.sales import SalesColumns
from inventoryai.domain.unknown_skus import reject_unknown

DIALECT = Dialect(
    encoding="utf-8",
    compressed=False,
    delimiter=",",
    decimal=".",
    thousands=None,
    date_order=None,
    columns={"sku": "Code", "date": "Date", "quantity": "Qty"},
)
EARLIER = LineProblems(np.array([3]), ("line.date_invalid",), ("Date",), ("x",), {"line.date_invalid": 1})


def int32(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, dtype=np.int32)


def int64(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def test_sales_of_unknown_products_are_rejected_line_by_line_and_counts_still_add_up() -> None:
    columns = SalesColumns(
        ("A", "B", "C"),
        int32(0, 1, 2, 1),
        int32(10, 10, 11, 12),
        int64(1, 2, 3, 4),
        int64(0, 0, 0, 0),
        int64(2, 4, 5, 6),
    )
    parsed = ParsedSales(
        columns,
        names=("a", None, "c"),
        categories=(None, None, "k"),
        has_price=False,
        rows=5,
        ignored={},
        not_products=(),
        problems=EARLIER,
        dialect=DIALECT,
    )
    kept = reject_unknown(parsed, np.array([False, True, False]))
    assert kept.columns.skus == ("A", "C")
    assert kept.columns.sku.tolist() == [0, 1]
    assert kept.columns.line.tolist() == [2, 5]
    assert (kept.names, kept.categories) == (("a", "c"), (None, "k"))
    assert kept.rows == kept.accepted + kept.rejected == 5
    found = list(zip(kept.problems.line.tolist(), kept.problems.code, kept.problems.value, strict=True))
    assert found == [
        (3, "line.date_invalid", "x"),
        (4, "line.sku_unknown", "B"),
        (6, "line.sku_unknown", "B"),
    ]
    assert set(kept.problems.column) == {"Date", "Code"}


def test_counts_of_unknown_products_too() -> None:
    columns = StockColumns(("A", "B"), int32(0, 1), int64(5, 6), int32(1, 1), int64(2, 3))
    kept = reject_unknown(ParsedStock(columns, 3, EARLIER, DIALECT), np.array([True, False]))
    assert (kept.columns.skus, kept.columns.on_hand.tolist()) == (("B",), [6])
    assert kept.rows == kept.accepted + kept.rejected


def test_a_file_of_known_products_is_left_as_it_is() -> None:
    columns = StockColumns(("A",), int32(0), int64(5), int32(1), int64(2))
    parsed = ParsedStock(columns, 1, EARLIER, DIALECT)
    assert reject_unknown(parsed, np.array([False])) is parsed
