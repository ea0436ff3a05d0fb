"""Holidays and promotions as columns of a panel."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventoryai.forecasting import Frequency, Panel
from inventoryai.forecasting.covariates import (
    HOLIDAY,
    PROMOTION,
    Spans,
    covered_days,
    holiday_covariate,
    promotion_covariate,
    with_covariates,
)


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def panel(frequency: Frequency, end: str, *lengths: int) -> Panel:
    histories = [[1.0] * length for length in lengths]
    return Panel.of(list(histories), frequency=frequency, end=frequency.of_day(day(end)))


def test_a_holiday_is_a_1_on_its_day_for_every_product_that_was_there() -> None:
    daily = panel(Frequency.DAY, "2026-05-22", 4, 2)
    column = holiday_covariate(daily, 7, [day("2026-05-27"), day("2026-05-20"), day("2020-01-01")])

    assert column.past.tolist() == [0, 0, 1, 0, 1, 0]
    assert column.future.tolist() == [[0, 0, 0, 0, 0, 1, 0]] * 2


def test_a_week_and_a_month_hold_the_share_of_their_days() -> None:
    two = [day("2026-12-25"), day("2026-12-26"), day("2027-01-01")]
    weekly = holiday_covariate(panel(Frequency.WEEK, "2026-12-28", 2), 1, two)
    monthly = holiday_covariate(panel(Frequency.MONTH, "2027-01-01", 2), 2, two)

    assert weekly.past.tolist() == [0, pytest.approx(2 / 7)]
    assert weekly.future.tolist() == [[pytest.approx(1 / 7)]]
    assert monthly.past.tolist() == [0, pytest.approx(2 / 31)]
    assert monthly.future.tolist() == [[pytest.approx(1 / 31), 0]]


def test_a_promotion_is_of_its_product_alone_and_overlapping_ones_count_once() -> None:
    daily = panel(Frequency.DAY, "2026-05-11", 3, 5)
    spans = Spans.of(
        [
            (0, day("2026-05-09"), day("2026-05-11")),
            (0, day("2026-05-10"), day("2026-05-13")),
            (1, day("2026-01-01"), day("2026-05-07")),
            (1, day("2026-05-13"), day("2027-01-01")),
        ]
    )
    column = promotion_covariate(daily, 4, spans)

    assert column.past.tolist() == [0, 1, 1, 1, 0, 0, 0, 0]
    assert column.future.tolist() == [[1, 1, 0, 0], [0, 0, 1, 1]]


def test_promotions_of_weeks_and_months_are_shares_of_days() -> None:
    spans = Spans.of([(0, day("2026-01-29"), day("2026-02-08"))])
    weekly = promotion_covariate(panel(Frequency.WEEK, "2026-02-02", 2), 2, spans)
    monthly = promotion_covariate(panel(Frequency.MONTH, "2026-02-01", 1), 2, spans)

    assert weekly.past.tolist() == [0, pytest.approx(4 / 7)]
    assert weekly.future.tolist() == [[pytest.approx(6 / 7), 0]]
    assert monthly.past.tolist() == [pytest.approx(3 / 31)]
    assert monthly.future.tolist() == [[pytest.approx(7 / 28), 0]]


def test_a_product_without_history_still_has_a_future() -> None:
    newcomer = panel(Frequency.DAY, "2026-05-11", 0, 2)
    column = promotion_covariate(newcomer, 2, Spans.of([(0, day("2026-05-01"), day("2026-05-12"))]))

    assert column.past.tolist() == [0, 0]
    assert column.future.tolist() == [[1, 0], [0, 0]]


def test_no_promotion_at_all_is_a_column_of_zeros() -> None:
    column = promotion_covariate(panel(Frequency.MONTH, "2026-05-01", 3), 2, Spans.of([]))

    assert not column.past.any()
    assert not column.future.any()


def test_columns_stand_beside_those_that_a_panel_has() -> None:
    daily = panel(Frequency.DAY, "2026-05-11", 3)
    holiday = holiday_covariate(daily, 2, [])
    promotion = promotion_covariate(daily, 2, Spans.of([]))
    both = with_covariates(with_covariates(daily, {HOLIDAY: holiday}), {PROMOTION: promotion})

    assert sorted(both.covariates) == sorted(both.future) == ["holiday", "promotion"]


def test_the_days_that_a_panel_covers_reach_to_the_end_of_its_horizon() -> None:
    weekly = panel(Frequency.WEEK, "2026-02-02", 2, 1)
    assert covered_days(weekly, 3) == (day("2026-01-19"), day("2026-02-23"))


@given(
    st.sampled_from(Frequency),
    st.lists(st.integers(0, 40), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(-500, 1500), st.integers(0, 90)), max_size=12),
)
def test_promotions_are_what_counting_day_by_day_finds(
    frequency: Frequency, lengths: list[int], promotions: list[tuple[int, int, int]]
) -> None:
    end = frequency.of_day(1000)
    some = Panel.of([[0.0] * length for length in lengths], frequency=frequency, end=end)
    spans = [(one % len(lengths), first, first + days) for one, first, days in promotions]
    column = promotion_covariate(some, 3, Spans.of(spans))

    def share(product: int, period: int) -> float:
        days = range(frequency.first_day(period), frequency.first_day(period + 1))
        on = [any(one == product and first <= day < until for one, first, until in spans) for day in days]
        return sum(on) / len(on)

    wanted = [share(one, end - n + place) for one, n in enumerate(lengths) for place in range(n)]
    np.testing.assert_allclose(column.past, wanted)
    ahead = [[share(one, end + step) for step in range(3)] for one in range(len(lengths))]
    np.testing.assert_allclose(column.future, ahead)


def test_panels_of_different_products_are_joined_with_their_columns() -> None:
    parts = [panel(Frequency.DAY, "2026-05-11", 3), panel(Frequency.DAY, "2026-05-11", 2, 0)]
    holiday = [day("2026-05-10"), day("2026-05-12")]
    whole = Panel.join([with_covariates(one, {HOLIDAY: holiday_covariate(one, 2, holiday)}) for one in parts])

    assert whole.lengths.tolist() == [3, 2, 0]
    assert whole.end == parts[0].end
    assert whole.covariates[HOLIDAY].tolist() == [0, 0, 1, 0, 1]
    assert whole.future[HOLIDAY].tolist() == [[0, 1]] * 3


def test_panels_are_not_joined_that_do_not_fit() -> None:
    plain = panel(Frequency.DAY, "2026-05-11", 3)
    other = with_covariates(plain, {HOLIDAY: holiday_covariate(plain, 2, [])})

    for parts in ([], [plain, other], [plain, panel(Frequency.DAY, "2026-05-12", 3)]):
        with pytest.raises(ValueError, match=r"join|end in the same"):
            Panel.join(parts)
    assert len(Panel.join([plain.subset([]), plain])) == 1
    assert len(Panel.join([plain.subset([])])) == 0


def test_an_engine_is_given_the_columns_that_it_takes() -> None:
    plain = panel(Frequency.DAY, "2026-05-11", 3)
    both = with_covariates(
        plain,
        {HOLIDAY: holiday_covariate(plain, 2, []), PROMOTION: promotion_covariate(plain, 2, Spans.of([]))},
    )
    assert (
        both.taking([HOLIDAY, "price"]).covariates.keys() == both.taking([HOLIDAY]).future.keys() == {HOLIDAY}
    )
    assert both.taking([]).covariates == both.taking([]).future == {}
