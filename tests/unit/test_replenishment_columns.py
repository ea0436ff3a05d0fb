"""Stock and order lines as columns, and quantities on their way to Decimals and JSON."""

import json
from decimal import Decimal
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventoryai.domain.positions import OpenOrders, Positions, StockColumns
from inventoryai.domain.products import ProductId
from inventoryai.domain.quantities import json_number, quantity, rounded, thousandths, to_thousandths
from inventoryai.domain.stock import OpenOrderLine, StockPosition


def position(on_hand: str, backordered: str = "0") -> StockPosition:
    nothing = Decimal(0)
    return StockPosition(
        ProductId(uuid4()), "A", "a", Decimal(on_hand), nothing, Decimal(backordered), counted_at=None
    )


def line(due: int, count: str) -> OpenOrderLine:
    return OpenOrderLine(uuid4(), Decimal(count), due)


def test_lines_are_sorted_and_counted_up_to_each_products_day() -> None:
    orders = OpenOrders.of([(1, line(9, "2.5")), (0, line(3, "1")), (1, line(-4, "0.125"))])
    stock = StockColumns.of([position("5"), position("7.25", "3"), None], orders)
    found = Positions.of(stock, np.array([3, 10, 1], dtype=np.int64))
    assert found.on_order.tolist() == [0, 2625, 0]
    assert found.position.tolist() == [5000, 7250 + 2625 - 3000, 0]
    assert [column.tolist() for column in orders.of_product(1)] == [[-4, 9], [125, 2500]]
    assert [column.tolist() for column in orders.of_product(2)] == [[], []]


def test_unsorted_lines_are_a_mistake_of_the_caller() -> None:
    ones = np.ones(2, dtype=np.int64)
    with pytest.raises(ValueError, match="sorted"):
        OpenOrders(np.array([1, 0], dtype=np.int64), ones, ones)


@settings(derandomize=True, deadline=None)
@given(count=st.integers(-(10**15), 10**15))
def test_a_quantity_survives_its_json(count: int) -> None:
    exact = quantity(count)
    assert thousandths(exact) == count
    written = json.dumps(json_number(exact))
    assert Decimal(written.strip('"')) == exact
    assert written.startswith('"') == (json_number(exact) == str(exact))


def test_json_numbers_are_plain() -> None:
    assert [json_number(Decimal(text)) for text in ("363.000", "0.5", "-2.125", "1E+3")] == [
        363,
        0.5,
        -2.125,
        1000,
    ]
    assert json_number(Decimal("12345678901234567.891")) == "12345678901234567.891"


@settings(derandomize=True, deadline=None)
@given(value=st.floats(-1e9, 1e9))
def test_one_number_and_many_are_rounded_alike(value: float) -> None:
    assert thousandths(rounded(value)) == int(to_thousandths(np.array([value]))[0])
