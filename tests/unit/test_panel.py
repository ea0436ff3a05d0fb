"""Histories end to end, and how dated lines become them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventoryai.forecasting import (
    Calendar,
    Frequency,
    Panel,
    as_of_day,
    assemble_panel,
    one_date_a_period,
)

NAN = np.nan
Line = tuple[int, int, float]


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def columns(lines: list[Line]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    product, when, quantity = zip(*lines, strict=True) if lines else ((), (), ())
    return np.array(product, np.int32), np.array(when, np.int32), np.array(quantity, np.float64)


def assemble(
    lines: list[Line],
    count: int,
    as_of: int,
    frequency: Frequency = Frequency.DAY,
    unknown: list[tuple[int, int]] | None = None,
) -> Panel:
    product, when, quantity = columns(lines)
    calendar = Calendar.of_lines(product, when, frequency=frequency, as_of=as_of)
    hidden = np.array(unknown or [], dtype=np.int32).reshape(-1, 2)
    return assemble_panel(
        product, when, quantity, count, calendar=calendar, unknown=(hidden[:, 0], hidden[:, 1])
    )


def histories(panel: Panel) -> list[list[float]]:
    return [panel.history(place).tolist() for place in range(len(panel))]


class TestPanel:
    panel = Panel.of([[1, 2, 3], [], [5, NAN]], frequency=Frequency.DAY, end=10)

    def test_products_are_slices_that_end_together(self) -> None:
        assert len(self.panel) == 3
        assert self.panel.lengths.tolist() == [3, 0, 2]
        assert self.panel.starts.tolist() == [7, 10, 8]
        assert self.panel.end == 10
        assert self.panel.known().tolist() == [3, 0, 1]
        assert self.panel.owners().tolist() == [0, 0, 0, 2, 2]

    def test_the_tail_is_a_table_of_the_last_periods(self) -> None:
        expected = [[NAN, 1, 2, 3], [NAN] * 4, [NAN, NAN, 5, NAN]]
        np.testing.assert_array_equal(self.panel.tail(4), expected)
        np.testing.assert_array_equal(self.panel.tail(2), [[2, 3], [NAN, NAN], [5, NAN]])

    def test_a_chunk_and_a_subset_are_panels(self) -> None:
        np.testing.assert_array_equal(self.panel.chunk(1, 9).values, [5, NAN])
        picked = self.panel.subset([2, 0, 2])
        np.testing.assert_array_equal(picked.values, [5, NAN, 1, 2, 3, 5, NAN])
        assert self.panel.subset(np.array([True, False, False])).values.tolist() == [1, 2, 3]
        assert len(self.panel.subset([])) == 0

    def test_covariates_follow_their_products(self) -> None:
        panel = Panel(
            self.panel.values,
            self.panel.offsets,
            self.panel.starts,
            Frequency.DAY,
            covariates={"price": np.arange(5.0)},
            future={"price": np.arange(6.0).reshape(3, 2)},
        )
        assert panel.subset([2]).covariates["price"].tolist() == [3, 4]
        assert panel.chunk(2, 3).future["price"].tolist() == [[4, 5]]

    def test_an_empty_panel_has_no_end(self) -> None:
        with pytest.raises(ValueError, match="no end"):
            _ = Panel.of([], frequency=Frequency.DAY).end

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"values": np.array([1.0, -1.0])}, "at least 0"),
            ({"values": np.array([1.0, np.inf])}, "at least 0"),
            ({"values": np.array([1, 2])}, "float64"),
            ({"offsets": np.array([0, 1])}, "offsets"),
            ({"offsets": np.array([0, 2, 1, 2]), "starts": np.zeros(3, np.int64)}, "fall"),
            ({"starts": np.array([0, 1])}, "offsets"),
            ({"offsets": np.array([0, 1, 2]), "starts": np.array([0, 1])}, "end in the same period"),
            ({"covariates": {"price": np.zeros(3)}}, "price"),
            ({"future": {"price": np.zeros((2, 5))}}, "price"),
        ],
    )
    def test_arrays_that_do_not_fit_are_refused(self, changes: dict[str, object], message: str) -> None:
        good: dict[str, object] = {
            "values": np.array([1.0, 2.0]),
            "offsets": np.array([0, 2]),
            "starts": np.array([0]),
            "frequency": Frequency.DAY,
        }
        with pytest.raises(ValueError, match=message):
            Panel(**(good | changes))  # type: ignore[arg-type] # wrong on purpose


class TestAsOf:
    def test_it_is_the_day_after_the_last_sale(self) -> None:
        assert as_of_day(last_day=10, today=15) == 11

    def test_today_is_unfinished(self) -> None:
        assert as_of_day(last_day=15, today=15) == 15

    def test_the_future_is_not_known(self) -> None:
        assert as_of_day(last_day=20, today=15) == 15


class TestDays:
    def test_lines_are_summed_and_gaps_are_zero(self) -> None:
        panel = assemble([(0, 3, 2.0), (0, 1, 1.0), (0, 3, 0.5)], count=1, as_of=5)
        assert histories(panel) == [[1, 0, 2.5, 0]]
        assert panel.end == 5

    def test_a_product_begins_at_its_first_line_even_one_of_zero(self) -> None:
        panel = assemble([(0, 2, 0.0), (1, 4, 3.0)], count=3, as_of=5)
        assert histories(panel) == [[0, 0, 0], [3], []]
        assert panel.starts.tolist() == [2, 4, 5]

    def test_lines_of_the_day_and_later_are_left_out(self) -> None:
        assert histories(assemble([(0, 4, 1.0), (0, 5, 9.0), (1, 6, 9.0)], count=2, as_of=5)) == [[1], []]

    def test_unknown_days_are_unknown_whatever_was_sold(self) -> None:
        panel = assemble(
            [(0, 1, 1.0), (0, 2, 8.0)], 1, as_of=5, unknown=[(0, 2), (0, 4), (0, 4), (0, 0), (0, 7)]
        )
        np.testing.assert_array_equal(panel.values, [1, NAN, 0, NAN])

    def test_no_lines_at_all(self) -> None:
        panel = assemble([], count=2, as_of=5)
        assert histories(panel) == [[], []]
        assert panel.end == 5


class TestWeeks:
    monday = day("2024-01-01")

    def test_an_unfinished_week_is_dropped(self) -> None:
        lines = [(0, self.monday + offset, 1.0) for offset in range(10)]
        panel = assemble(lines, 1, as_of=self.monday + 10, frequency=Frequency.WEEK)
        assert histories(panel) == [[7]]
        assert panel.end == Frequency.WEEK.of_day(self.monday) + 1

    def test_a_week_that_is_just_over_is_kept(self) -> None:
        lines = [(0, self.monday + offset, 1.0) for offset in range(14)]
        assert histories(assemble(lines, 1, self.monday + 14, Frequency.WEEK)) == [[7, 7]]

    def test_a_product_first_sold_in_the_unfinished_week_has_no_history(self) -> None:
        lines = [(0, self.monday, 1.0), (0, self.monday + 1, 1.0), (1, self.monday + 8, 5.0)]
        assert histories(assemble(lines, 2, self.monday + 9, Frequency.WEEK)) == [[2], []]

    def test_a_file_of_weeks_is_complete_as_it_is(self) -> None:
        lines = [(0, self.monday + 7 * week, 1.0 + week) for week in range(3)]
        panel = assemble(lines, 1, as_of=self.monday + 15, frequency=Frequency.WEEK)
        assert histories(panel) == [[1, 2, 3]]

    def test_some_unknown_days_are_filled_by_the_others_and_too_many_are_not(self) -> None:
        lines = [(0, self.monday + offset, 1.0) for offset in range(14)]
        unknown = [(0, self.monday), *((0, self.monday + 7 + offset) for offset in range(4))]
        panel = assemble(lines, 1, self.monday + 14, Frequency.WEEK, unknown)
        np.testing.assert_allclose(panel.values, [7, NAN])


class TestTheFirstPeriod:
    """Whoever exports from some day on has sold before."""

    def test_a_month_that_the_company_began_late_stands_for_its_known_days(self) -> None:
        lines = [(0, when, 2.0) for when in range(day("2024-01-11"), day("2024-03-01"))]
        panel = assemble(lines, 1, day("2024-03-01"), Frequency.MONTH)
        np.testing.assert_allclose(panel.values, [62, 58])

    def test_one_that_it_began_too_late_is_unknown(self) -> None:
        lines = [(0, when, 2.0) for when in range(day("2024-01-20"), day("2024-03-01"))]
        panel = assemble(lines, 1, day("2024-03-01"), Frequency.MONTH)
        np.testing.assert_allclose(panel.values, [NAN, 58])

    def test_it_is_better_than_nothing_where_it_is_all_there_is(self) -> None:
        lines = [(0, when, 2.0) for when in range(day("2024-01-20"), day("2024-02-20"))]
        lines += [(1, when, 2.0) for when in range(day("2024-02-01"), day("2024-02-20"))]
        panel = assemble(lines, 2, day("2024-02-20"), Frequency.MONTH)
        assert histories(panel) == [[62], []]
        unknown = [(0, when) for when in range(day("2024-01-20"), day("2024-01-26"))]
        panel = assemble(lines, 2, day("2024-02-20"), Frequency.MONTH, unknown)
        np.testing.assert_allclose(panel.values, [NAN])

    def test_a_week_is_no_different(self) -> None:
        tuesday = day("2024-01-02")
        lines = [(0, tuesday + offset, 1.0) for offset in range(13)]
        np.testing.assert_allclose(assemble(lines, 1, tuesday + 13, Frequency.WEEK).values, [7, 7])

    def test_products_that_begin_with_the_month_or_later_are_as_they_are(self) -> None:
        lines = [(0, when, 1.0) for when in range(day("2024-01-01"), day("2024-03-01"))]
        lines += [(1, when, 1.0) for when in range(day("2024-02-20"), day("2024-03-01"))]
        panel = assemble(lines, 2, day("2024-03-01"), Frequency.MONTH)
        assert histories(panel) == [[31, 29], [10]]

    def test_days_and_files_of_months_are_complete(self) -> None:
        daily = [(0, when, 1.0) for when in range(day("2024-01-11"), day("2024-01-15"))]
        assert histories(assemble(daily, 1, day("2024-01-15"))) == [[1, 1, 1, 1]]
        monthly = [(0, day(f"2024-0{month}-28"), float(month)) for month in (1, 2, 3)]
        assert histories(assemble(monthly, 1, day("2024-04-01"), Frequency.MONTH)) == [[1, 2, 3]]

    @pytest.mark.parametrize("empty", [-12, -3, -2, -1])
    def test_an_empty_shelf_before_the_first_line_is_no_second_reason(self, empty: int) -> None:
        wednesday = day("2024-01-03")
        lines = [(0, wednesday + offset, 7.0) for offset in range(12)]
        unknown = [(0, wednesday + offset) for offset in range(empty, 0)]
        panel = assemble(lines, 1, wednesday + 12, Frequency.WEEK, unknown)
        np.testing.assert_allclose(panel.values, [49, 49])

    def test_the_company_may_have_begun_before_the_products(self) -> None:
        product, when, quantity = columns([(0, day("2024-01-20"), 5.0), (0, day("2024-01-21"), 5.0)])
        calendar = Calendar.of_lines(product, when, frequency=Frequency.MONTH, as_of=day("2024-02-01"))
        assert calendar.begins == day("2024-01-20")
        for begins, expected in (("2024-01-02", 10 * 31 / 30), ("2024-01-01", 10), ("2023-11-20", 10)):
            company = replace(calendar, begins=day(begins))
            panel = assemble_panel(product, when, quantity, 1, calendar=company)
            np.testing.assert_allclose(panel.values, [expected])


class TestMonths:
    def test_an_unfinished_month_is_dropped(self) -> None:
        lines = [(0, when, 1.0) for when in range(day("2024-01-01"), day("2024-03-10"))]
        panel = assemble(lines, 1, as_of=day("2024-03-10"), frequency=Frequency.MONTH)
        assert histories(panel) == [[31, 29]]

    def test_a_file_of_months_is_complete_as_it_is(self) -> None:
        lines = [(0, day(f"2024-0{month}-01"), float(month)) for month in (1, 2, 3)]
        panel = assemble(lines, 1, as_of=day("2024-03-02"), frequency=Frequency.MONTH)
        assert histories(panel) == [[1, 2, 3]]
        assert panel.end == 2024 * 12 + 3

    def test_a_month_without_lines_that_is_not_over_is_not_zero(self) -> None:
        lines = [(0, day(f"2024-0{month}-01"), float(month)) for month in (1, 2, 3)]
        assert histories(assemble(lines, 1, day("2024-05-20"), Frequency.MONTH)) == [[1, 2, 3, 0]]

    def test_one_product_with_two_dates_in_a_month_makes_it_a_daily_file(self) -> None:
        product, when, _ = columns(
            [(0, day("2024-01-01"), 1), (1, day("2024-01-01"), 1), (1, day("2024-01-02"), 1)]
        )
        assert not one_date_a_period(product, when, Frequency.MONTH)
        assert one_date_a_period(product[:2], when[:2], Frequency.MONTH)


lines_of_three = st.lists(
    st.tuples(st.integers(0, 2), st.integers(19_000, 19_120), st.integers(0, 50).map(float)), max_size=40
)


@given(lines_of_three, st.sampled_from(Frequency), st.integers(19_000, 19_125))
def test_the_panel_is_what_a_loop_over_the_lines_would_make(
    lines: list[Line], frequency: Frequency, as_of: int
) -> None:
    product, when, quantity = columns(lines)
    calendar = Calendar.closing(frequency, as_of)
    panel = assemble_panel(product, when, quantity, 3, calendar=calendar)
    for place in range(3):
        own = [(frequency.of_day(d), q) for p, d, q in lines if p == place and d < as_of]
        start = min((period for period, _ in own), default=calendar.end)
        expected = [sum(q for period, q in own if period == wanted) for wanted in range(start, calendar.end)]
        assert panel.history(place).tolist() == expected
        assert panel.starts[place] == min(start, calendar.end)
