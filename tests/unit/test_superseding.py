from hypothesis import given
from hypothesis import strategies as st

from inventoryai_postgres.repositories.superseding import SAID, demand_of

Row = tuple[int, int, bool, int]
"""Product, day, whether it adds, and the net quantity in thousandths."""


def demand(rows: list[Row]) -> list[tuple[int, int, float]]:
    said = SAID.rows(len(rows))
    for place, name in enumerate(("product", "day", "adds", "net")):
        said[name] = [row[place] for row in rows]
    history = demand_of(said)
    return list(zip(history.product.tolist(), history.day.tolist(), history.quantity.tolist(), strict=True))


def test_the_last_import_counts() -> None:
    assert demand([(0, 5, False, 1000), (0, 5, False, 7000), (0, 6, False, 2000), (1, 5, False, 3000)]) == [
        (0, 5, 7.0),
        (0, 6, 2.0),
        (1, 5, 3.0),
    ]


def test_imports_that_add_are_added_to_the_last_that_does_not() -> None:
    rows = [(0, 5, True, 100_000), (0, 5, False, 1000), (0, 5, True, 20), (0, 5, True, 3)]
    assert demand(rows) == [(0, 5, 1.023)]


def test_where_all_add_all_count() -> None:
    assert demand([(0, 4, False, 9000), (0, 5, True, 1000), (0, 5, True, 2000)]) == [(0, 4, 9), (0, 5, 3)]


def test_more_returned_than_sold_is_no_demand() -> None:
    assert demand([(0, 5, False, -1000), (1, 5, False, 5000), (1, 5, True, -7000)]) == [(0, 5, 0), (1, 5, 0)]


def test_of_nothing_there_is_nothing() -> None:
    assert demand([]) == []


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 1), st.booleans(), st.integers(-9, 9)), max_size=30)
)
def test_it_is_what_reading_one_row_after_the_other_gives(rows: list[Row]) -> None:
    rows = sorted(rows, key=lambda row: row[:2])
    expected: dict[tuple[int, int], int] = {}
    for product, day, adds, net in rows:
        expected[product, day] = net + (expected.get((product, day), 0) if adds else 0)
    assert demand(rows) == [(*pair, max(net, 0) / 1000) for pair, net in expected.items()]
