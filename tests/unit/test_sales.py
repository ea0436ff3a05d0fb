"""Lines summed by product and day, and what a till prints that is no demand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventoryai.domain.sales import SalesColumns, daily_totals
from inventoryai.domain.tills import Codes, till_keys

Line = tuple[int, int, int, int]

LINES = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 5), st.integers(-10_000, 10_000), st.integers(-(10**9), 10**9)
    )
)


def columns(lines: list[Line]) -> SalesColumns:
    table = np.array(lines, dtype=np.int64).reshape(-1, 4)
    return SalesColumns(
        skus=("a", "b", "c", "d"),
        sku=table[:, 0].astype(np.int32),
        day=table[:, 1].astype(np.int32),
        quantity=table[:, 2],
        revenue=table[:, 3],
        line=np.arange(len(lines), dtype=np.int64) + 2,
    )


@given(LINES)
def test_totals_are_those_of_a_ledger_kept_by_hand(lines: list[Line]) -> None:
    ledger: dict[tuple[int, int], list[int]] = {}
    for sku, day, quantity, revenue in lines:
        entry = ledger.setdefault((sku, day), [0, 0, 0])
        entry[0 if quantity > 0 else 1] += abs(quantity)
        entry[2] += revenue
    totals = daily_totals(columns(lines))
    pairs = list(zip(totals.sku.tolist(), totals.day.tolist(), strict=True))
    assert pairs == sorted(ledger)
    assert [ledger[pair] for pair in pairs] == [
        list(entry)
        for entry in zip(totals.sold.tolist(), totals.returned.tolist(), totals.revenue.tolist(), strict=True)
    ]


def test_an_order_cancelled_on_its_day_leaves_no_demand() -> None:
    totals = daily_totals(columns([(0, 1, 80_995_000, 1), (0, 1, -80_995_000, -1), (0, 2, -3_000, -1)]))
    assert totals.demand().tolist() == [0, 0]


def codes(skus: dict[str, tuple[float, float]], names: dict[str, str] | None = None) -> Codes:
    named = names or {}
    return Codes(
        skus=tuple(skus),
        names=tuple(named.get(sku) for sku in skus),
        least=np.array([least for least, _ in skus.values()]),
        most=np.array([most for _, most in skus.values()]),
    )


def keys(of: Codes) -> list[str]:
    return [sku for sku, key in zip(of.skus, till_keys(of), strict=True) if key]


@pytest.mark.parametrize(
    "code", ["POST", "Frais de port", "REMISE", "bank charges", "Bank-Charges", "Consigne"]
)
def test_a_till_word_is_no_product_in_any_shop(code: str) -> None:
    assert keys(codes({"RIZ": (1, 1), code: (1, 1)})) == [code]


def test_a_number_whose_name_is_a_till_word_is_no_product() -> None:
    assert keys(codes({"C2": (50, 150), "C3": (50, 150)}, {"C2": "CARRIAGE", "C3": "CARRIAGE CLOCK"})) == [
        "C2"
    ]


def numbered(share: int) -> dict[str, tuple[float, float]]:
    return {f"{number:05}": (1.0, 100.0) for number in range(share)}


def test_among_numbers_a_word_with_a_price_of_its_own_is_a_product() -> None:
    shop = numbered(100) | {"PADS": (0.001, 0.001), "BAG": (1.25, 3.29), "GIFT": (np.nan, np.nan)}
    assert keys(codes(shop)) == []


def test_among_numbers_a_letter_or_a_word_without_a_steady_price_is_a_key() -> None:
    shop = numbered(100) | {"M": (2.5, 2.5), "DOT": (0.35, 4505.17), "DEBT": (-11062.06, 11062.06)}
    assert keys(codes(shop)) == ["M", "DOT", "DEBT"]


def test_a_shop_whose_codes_are_words_keeps_them_all() -> None:
    assert keys(codes({"RIZ": (1, 900), "LAIT": (1, 1), "X": (1, 1), "00001": (1, 1)})) == []


def test_few_codes_show_no_habit() -> None:
    assert keys(codes(numbered(18) | {"M": (1, 900)})) == []


def test_no_codes_no_keys() -> None:
    assert keys(codes({})) == []
