"""Which days a ledger of counts proves to have been without stock, and what becomes of them in a history."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventoryai.domain.sightings import StockSightings, local_days
from inventoryai.forecasting import Calendar, Frequency, Panel, assemble_panel
from inventoryai.forecasting.stock_outs import stock_out_days

Seen = list[tuple[int, int, bool]]
Lines = list[tuple[int, int, float]]

NAN, EMPTY, GOODS = np.nan, True, False
MONDAY = 19_723
"""2024-01-01."""


def columns(lines: Lines) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    product, day, quantity = zip(*lines, strict=True) if lines else ((), (), ())
    return np.array(product, np.int32), np.array(day, np.int32), np.array(quantity, np.float64)


def out(seen: Seen, lines: Lines, as_of: int, frequency: Frequency = Frequency.DAY) -> list[tuple[int, int]]:
    product, day, quantity = columns(lines)
    calendar = Calendar.of_lines(product, day, frequency=frequency, as_of=as_of)
    found = stock_out_days(StockSightings.of(seen), product, day, quantity, calendar=calendar)
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def days(seen: Seen, lines: Lines, as_of: int = 20, frequency: Frequency = Frequency.DAY) -> list[int]:
    return [day for _, day in out(seen, lines, as_of, frequency)]


def panel(
    seen: Seen, lines: Lines, as_of: int, frequency: Frequency = Frequency.DAY, count: int = 1
) -> Panel:
    product, day, quantity = columns(lines)
    calendar = Calendar.of_lines(product, day, frequency=frequency, as_of=as_of)
    unknown = stock_out_days(StockSightings.of(seen), product, day, quantity, calendar=calendar)
    return assemble_panel(product, day, quantity, count, calendar=calendar, unknown=unknown)


class TestDays:
    def test_they_go_from_the_day_of_the_count_to_the_day_before_goods_are_seen(self) -> None:
        assert days([(0, 10, EMPTY), (0, 13, GOODS)], []) == [10, 11, 12]

    def test_without_goods_they_go_on_to_the_end_of_the_history(self) -> None:
        assert days([(0, 17, EMPTY)], []) == [17, 18, 19]
        assert days([(0, 20, EMPTY), (0, 25, EMPTY)], []) == []

    def test_a_sale_shows_that_there_was_stock_and_ends_them(self) -> None:
        assert days([(0, 10, EMPTY)], [(0, 12, 3.0), (0, 15, 1.0)]) == [10, 11]

    def test_a_line_of_nothing_sold_is_no_sale(self) -> None:
        assert days([(0, 17, EMPTY)], [(0, 18, 0.0)]) == [17, 18, 19]

    def test_a_day_is_known_if_something_was_sold_before_the_count(self) -> None:
        assert days([(0, 10, EMPTY), (0, 13, GOODS)], [(0, 10, 2.0)]) == [11, 12]

    def test_a_day_is_known_if_there_were_goods_at_another_moment_of_it(self) -> None:
        assert days([(0, 10, GOODS), (0, 10, EMPTY), (0, 12, GOODS)], []) == [11]
        assert days([(0, 10, EMPTY), (0, 10, GOODS), (0, 12, EMPTY), (0, 13, GOODS)], []) == [12]

    def test_an_empty_shelf_may_be_counted_every_day(self) -> None:
        assert days([(0, 10, EMPTY), (0, 10, EMPTY), (0, 11, EMPTY), (0, 13, EMPTY)], [(0, 14, 1.0)]) == [
            10,
            11,
            12,
            13,
        ]

    def test_after_a_sale_only_another_count_says_that_nothing_is_left(self) -> None:
        assert days([(0, 5, EMPTY), (0, 12, EMPTY), (0, 14, GOODS)], [(0, 8, 1.0)]) == [5, 6, 7, 12, 13]

    def test_a_product_has_nothing_to_do_with_its_neighbours(self) -> None:
        seen = [(0, 17, EMPTY), (1, 15, GOODS), (2, 18, EMPTY)]
        assert out(seen, [(0, 16, 1.0), (1, 18, 1.0), (3, 19, 1.0)], 20) == [
            (0, 17),
            (0, 18),
            (0, 19),
            (2, 18),
            (2, 19),
        ]

    def test_what_was_sold_or_seen_after_the_history_is_not_looked_at(self) -> None:
        assert days([(0, 17, EMPTY), (0, 30, GOODS)], [(0, 25, 1.0)]) == [17, 18, 19]

    def test_nothing_was_seen(self) -> None:
        assert out([], [(0, 3, 1.0)], 20) == []


class TestPeriods:
    def test_of_a_file_of_weeks_a_week_with_a_sale_is_known_whatever_its_date(self) -> None:
        lines = [(0, MONDAY + 7 * week, 7.0) for week in (0, 1, 4)]
        seen = [(0, MONDAY + 8, EMPTY)]  # on the Tuesday of the second week
        expected = list(range(MONDAY + 14, MONDAY + 28))
        assert days(seen, lines, MONDAY + 35, Frequency.WEEK) == expected
        history = panel(seen, lines, MONDAY + 35, Frequency.WEEK).values
        np.testing.assert_array_equal(history, [7, 7, NAN, NAN, 7])

    def test_of_a_file_of_days_a_week_stands_for_its_days_with_stock(self) -> None:
        lines = [(0, MONDAY + day, 2.0) for day in range(14) if day not in {5, 6}]
        seen = [(0, MONDAY + 5, EMPTY)]
        assert days(seen, lines, MONDAY + 14, Frequency.WEEK) == [MONDAY + 5, MONDAY + 6]
        np.testing.assert_allclose(panel(seen, lines, MONDAY + 14, Frequency.WEEK).values, [14, 14])

    def test_of_a_file_of_months_a_month_without_stock_is_unknown(self) -> None:
        lines = [(0, MONDAY, 31.0), (0, MONDAY + 60, 62.0)]
        seen = [(0, MONDAY + 20, EMPTY), (0, MONDAY + 60, GOODS)]
        history = panel(seen, lines, MONDAY + 91, Frequency.MONTH).values
        np.testing.assert_array_equal(history, [31, NAN, 62])


class TestHistories:
    def test_days_without_stock_are_unknown_and_the_others_0(self) -> None:
        history = panel([(0, 3, EMPTY), (0, 5, GOODS)], [(0, 1, 4.0), (0, 6, 2.0)], 8).values
        np.testing.assert_array_equal(history, [4, 0, NAN, NAN, 0, 2, 0])

    @pytest.mark.parametrize("frequency", Frequency)
    def test_a_product_that_never_had_stock_has_a_history_of_which_nothing_is_known(
        self, frequency: Frequency
    ) -> None:
        seen = [(0, MONDAY + 3, EMPTY), (0, MONDAY + 50, EMPTY), (1, MONDAY, EMPTY), (1, MONDAY + 30, GOODS)]
        made = panel(seen, [(2, MONDAY, 1.0), (2, MONDAY + 1, 1.0)], MONDAY + 120, frequency, count=4)
        assert made.lengths[0] > 0
        assert made.known()[:2].tolist() == [0, 0]
        assert made.lengths[[1, 3]].tolist() == [0, 0]

    def test_a_product_that_never_had_stock_since_a_line_of_0_is_unknown(self) -> None:
        np.testing.assert_array_equal(panel([(0, 1, EMPTY)], [(0, 2, 0.0)], 5).values, [NAN, NAN, NAN])


def by_hand(seen: Seen, lines: Lines, as_of: int) -> list[tuple[int, int]]:
    """One product and one day after the other, as somebody would do it who looks at the shelf."""
    sold = {(product, day) for product, day, quantity in lines if quantity > 0 and day < as_of}
    found, state = [], dict.fromkeys(range(3), GOODS)
    for day in range(-1, as_of):
        for product in range(3):
            today = [empty for who, when, empty in seen if (who, when) == (product, day)]
            if today == [EMPTY] * len(today) and (today or state[product]) and (product, day) not in sold:
                found.append((product, day))
            if (product, day) in sold:
                state[product] = GOODS
            state[product] = today[-1] if today else state[product]
    return sorted(found)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 25), st.booleans()), max_size=12),
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(-1, 25), st.sampled_from([0.0, 1.0])),
        max_size=8,
    ),
)
def test_they_are_what_somebody_finds_who_goes_from_day_to_day(seen: Seen, lines: Lines) -> None:
    seen.sort(key=lambda one: one[:2])
    assert out(seen, lines, 20) == by_hand(seen, lines, 20)


@pytest.mark.parametrize("zone", ["Africa/Douala", "Africa/Monrovia", "America/St_Johns", "Asia/Kathmandu"])
def test_a_moment_is_of_the_day_that_clocks_show(zone: str) -> None:
    def shown(second: int) -> int:
        return (datetime.fromtimestamp(second, ZoneInfo(zone)).date() - date(1970, 1, 1)).days

    moments = np.arange(1_700_000_000, 1_732_000_000, 43_211)
    moments = np.concatenate([moments, moments // 86_400 * 86_400 - 1])
    assert local_days(moments, ZoneInfo(zone)).tolist() == [shown(second) for second in moments.tolist()]
    assert local_days(np.empty(0, np.int64), UTC).tolist() == []
