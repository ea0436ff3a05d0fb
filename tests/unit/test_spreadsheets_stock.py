"""Files of stock on hand."""

from pathlib import Path

import pytest
from sheets import problems, read_stock

from inventoryai.domain.files import NO_DAY, StockColumns
from inventoryai.domain.periods import as_date


def counted(columns: StockColumns) -> list[tuple[int, str, int, str | None]]:
    """Line, SKU, thousandths on hand, day."""
    return [
        (line, columns.skus[sku], on_hand, None if day == NO_DAY else str(as_date(day)))
        for line, sku, on_hand, day in zip(
            columns.line.tolist(),
            columns.sku.tolist(),
            columns.on_hand.tolist(),
            columns.day.tolist(),
            strict=True,
        )
    ]


@pytest.mark.parametrize(
    "header", ["Référence;En stock", "sku;on_hand", "Code article;Quantité", "ref;STOCK", "SKU;Stock on hand"]
)
def test_columns_are_found_by_what_they_are_called(tmp_path: Path, header: str) -> None:
    parsed = read_stock(tmp_path, f"{header}\n007;1,5\nB;1 200\n")
    assert counted(parsed.columns) == [(2, "007", 1_500, None), (3, "B", 1_200_000, None)]
    assert (parsed.rows, parsed.accepted, parsed.rejected) == (2, 2, 0)


def test_stock_wins_over_any_quantity(tmp_path: Path) -> None:
    assert read_stock(tmp_path, "sku,qty,stock\nA,1,2\n").dialect.columns["on_hand"] == "stock"


def test_bad_lines_are_told(tmp_path: Path) -> None:
    rows = "A;;\n;1;\nB;-1;\nC;many;\nD;1;31/02/2024\nE;0;13/02/2024\nF;1\n"
    parsed = read_stock(tmp_path, "sku;stock;date inventaire\n" + rows)
    assert counted(parsed.columns) == [(7, "E", 0, "2024-02-13")]
    assert problems(parsed) == [
        (2, "stock", "", "line.quantity_missing"),
        (3, "sku", "", "line.sku_missing"),
        (4, "stock", "-1", "line.on_hand_negative"),
        (5, "stock", "many", "line.quantity_not_a_number"),
        (6, "date inventaire", "31/02/2024", "line.date_invalid"),
        (8, "", "F;1", "line.too_few_fields"),
    ]


def test_the_latest_count_of_a_product_stands(tmp_path: Path) -> None:
    rows = "A;1;2024-01-05\nB;1;\nA;2;2024-01-07\nB;2;\nA;3;2024-01-06\nC;4;2024-01-05\nC;5;\n"
    columns = read_stock(tmp_path, "sku;stock;date\n" + rows).columns
    assert columns.skus == ("A", "B", "C")
    assert counted(columns.latest()) == [
        (4, "A", 2_000, "2024-01-07"),
        (5, "B", 2_000, None),
        (7, "C", 4_000, "2024-01-05"),
    ]


def test_every_day_of_a_product_has_its_last_count(tmp_path: Path) -> None:
    rows = "B;1;\nA;1;2024-01-05\nA;0;2024-01-07\nA;9;\nB;2;\nA;3;2024-01-05\nA;4;2024-01-06\n"
    columns = read_stock(tmp_path, "sku;stock;date\n" + rows).columns
    assert counted(columns.daily()) == [
        (6, "B", 2_000, None),
        (7, "A", 3_000, "2024-01-05"),
        (8, "A", 4_000, "2024-01-06"),
        (4, "A", 0, "2024-01-07"),
    ]
    assert len(read_stock(tmp_path, "sku;stock\nA;x\n").columns.daily()) == 0


def test_no_count_has_no_latest(tmp_path: Path) -> None:
    assert len(read_stock(tmp_path, "sku;stock\nA;x\n").columns.latest()) == 0
