"""Rolling origin: which windows are cut, and that none of them knows what came after it."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.evaluation import (
    Trial,
    Window,
    rolling_origin,
    scored,
    shortened,
    window_before,
)
from inventoryai.forecasting.measures import MARKS, Scores
from inventoryai.forecasting.realised import beginning, realised

NAN = np.nan
LEVELS = (0.1, 0.5, 0.9)


def daily(*histories: list[float]) -> Panel:
    return Panel.of(list(histories), frequency=Frequency.DAY, end=100)


def counted(length: int) -> list[float]:
    """Ends with 99, whatever its length, so that a value tells its day."""
    return np.arange(100.0 - length, 100.0).tolist()


def with_holidays(panel: Panel) -> Panel:
    """A covariate that is 1,000 above the demand."""
    return replace(panel, covariates={"holiday": panel.values + 1000})


def last_value(window: Window) -> Prediction:
    point = np.repeat(window.panel.tail(1), window.actual.shape[1], axis=1)
    return Prediction.certain(point, LEVELS)


class TestCuts:
    def test_windows_follow_one_another_the_oldest_first(self) -> None:
        windows = rolling_origin(daily(counted(20)), 3)
        assert [window.panel.end for window in windows] == [91, 94, 97]
        assert [window.actual.tolist() for window in windows] == [
            [[91, 92, 93]],
            [[94, 95, 96]],
            [[97, 98, 99]],
        ]

    def test_windows_may_overlap(self) -> None:
        windows = rolling_origin(daily(counted(20)), 4, windows=2, step=1)
        assert [window.actual[0].tolist() for window in windows] == [[95, 96, 97, 98], [96, 97, 98, 99]]

    def test_a_product_is_judged_where_it_is_old_enough(self) -> None:
        panel = daily(counted(20), counted(5), [], counted(8))
        windows = rolling_origin(panel, 3, windows=2, least=2)
        assert [window.products.tolist() for window in windows] == [[0, 3], [0, 1, 3]]
        assert [window.panel.lengths.tolist() for window in windows] == [[14, 2], [17, 2, 5]]
        assert windows[1].actual[:, 0].tolist() == [97.0] * 3

    def test_unknown_periods_do_not_make_a_product_older(self) -> None:
        panel = daily([NAN, NAN, 1.0, 2.0, 3.0], [NAN, 5.0, 1.0, 2.0, 3.0])
        (window,) = rolling_origin(panel, 2, windows=1, least=2)
        assert window.products.tolist() == [1]

    def test_windows_that_nobody_is_old_enough_for_are_left_out(self) -> None:
        assert len(rolling_origin(daily(counted(7)), 3)) == 2
        assert rolling_origin(daily(counted(3)), 3) == []
        assert rolling_origin(daily(), 3) == []

    def test_demand_that_came_and_is_unknown_stays_unknown(self) -> None:
        (window,) = rolling_origin(daily([1.0, 2.0, NAN, 4.0]), 2, windows=1)
        assert window.actual[0].tolist() == pytest.approx([NAN, 4.0], nan_ok=True)

    @pytest.mark.parametrize(("horizon", "windows"), [(0, 3), (3, 0), (-1, 1)])
    def test_nothing_cannot_be_cut(self, horizon: int, windows: int) -> None:
        with pytest.raises(ValueError, match="at least 1"):
            rolling_origin(daily(counted(9)), horizon, windows=windows)

    def test_nothing_is_judged_beyond_today(self) -> None:
        with pytest.raises(ValueError, match="after the end"):
            window_before(daily(counted(9)), 2, 3)


class TestNoLookAhead:
    @given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 3))
    def test_whatever_the_future_is_the_past_is_the_same(self, seed: int, horizon: int, windows: int) -> None:
        random = np.random.default_rng(seed)
        lengths = random.integers(0, 30, 6)
        panel = with_holidays(
            daily(*(random.poisson(3, length).astype(float).tolist() for length in lengths))
        )
        for window in rolling_origin(panel, horizon, windows=windows):
            gone = panel.end - window.panel.end
            other = self.shuffled(panel, gone, random)
            again = window_before(other, gone, horizon)
            np.testing.assert_array_equal(again.products, window.products)
            np.testing.assert_array_equal(again.panel.values, window.panel.values)
            np.testing.assert_array_equal(again.panel.starts, window.panel.starts)
            np.testing.assert_array_equal(
                again.panel.covariates["holiday"], window.panel.covariates["holiday"]
            )
            assert np.isin(window.panel.values, panel.values).all()

    @staticmethod
    def shuffled(panel: Panel, last: int, random: np.random.Generator) -> Panel:
        """The panel with other demand in its last periods; covariates are known ahead and stay."""
        values = panel.values.copy()
        for product in range(len(panel)):
            future = panel.history(product)[-last:]
            place = panel.offsets[product + 1] - len(future)
            values[place : panel.offsets[product + 1]] = random.permutation(future) + random.integers(9)
        return replace(panel, values=values)

    def test_a_window_holds_copies(self) -> None:
        panel = daily(counted(9))
        (window,) = rolling_origin(panel, 3, windows=1)
        panel.values[:] = 0
        assert window.panel.values.tolist() == counted(9)[:6]
        assert window.actual[0].tolist() == [97.0, 98.0, 99.0]


class TestCovariates:
    def test_those_of_the_judged_periods_are_known_ahead(self) -> None:
        panel = with_holidays(daily(counted(9), counted(5)))
        (window,) = rolling_origin(panel, 3, windows=1)
        np.testing.assert_array_equal(window.panel.covariates["holiday"], window.panel.values + 1000)
        assert window.panel.future["holiday"].tolist() == [[1097.0, 1098.0, 1099.0]] * 2

    def test_without_a_horizon_there_is_no_future(self) -> None:
        assert shortened(with_holidays(daily(counted(9))), 3).future == {}

    def test_those_of_a_product_that_had_not_begun_are_unknown(self) -> None:
        future = shortened(with_holidays(daily(counted(2), counted(9))), 4, 4).future["holiday"]
        assert future.tolist() == [
            pytest.approx([NAN, NAN, 1098.0, 1099.0], nan_ok=True),
            [1096.0, 1097.0, 1098.0, 1099.0],
        ]


class TestShortened:
    def test_a_younger_product_has_an_empty_history_that_ends_with_the_others(self) -> None:
        panel = shortened(daily(counted(9), counted(3), []), 3)
        assert panel.lengths.tolist() == [6, 0, 0]
        assert panel.end == 97
        assert panel.starts.tolist() == [91, 97, 97]

    def test_nothing_taken_away_is_the_same(self) -> None:
        panel = daily(counted(9), counted(3))
        assert shortened(panel, 0).values.tolist() == panel.values.tolist()


class TestScored:
    def test_marks_are_averaged_over_the_windows_of_each_product(self) -> None:
        panel = daily([1.0, 3.0, 2.0, 5.0, 5.0, 9.0], [4.0, 4.0, 6.0])
        windows = rolling_origin(panel, 1, windows=3)
        scores = scored(2, windows, [last_value(window) for window in windows])
        assert scores.absolute_error.tolist() == [(3 + 0 + 4) / 3, (0 + 2) / 2]
        assert scores.demand.tolist() == [(5 + 5 + 9) / 3, (4 + 6) / 2]

    def test_each_window_has_the_scale_of_its_own_past(self) -> None:
        panel = daily([1.0, 3.0, 3.0, 3.0, 8.0])
        windows = rolling_origin(panel, 1, windows=2)
        scores = scored(1, windows, [last_value(window) for window in windows])
        # Changes of 2, 0 before the first cut and 2, 0, 0 before the second: means of squares 2 and 4/3.
        assert scores.rmsse[0] == pytest.approx((0 / np.sqrt(2) + 5 / np.sqrt(4 / 3)) / 2)

    def test_a_product_without_a_window_is_not_judged(self) -> None:
        panel = daily(counted(9), counted(1), [])
        windows = rolling_origin(panel, 2, windows=2)
        scores = scored(3, windows, [last_value(window) for window in windows])
        for mark in set(MARKS) - {"mase", "spl95", "spl99"}:
            assert np.isnan(getattr(scores, mark)[1:]).all(), mark


def marks(*values: float) -> Scores:
    return Scores(**{one.name: np.array(values) for one in fields(Scores)})


def test_trials_of_parts_are_gathered_engine_by_engine() -> None:
    parts = [
        (np.array([2, 0]), [Trial("ets", marks(0.2, 0.0), np.array([0.5, 1.0]))]),
        (
            np.array([1]),
            [Trial("naive", marks(0.1), np.array([0.25])), Trial("ets", marks(0.9), np.array([0.75]))],
        ),
    ]
    ets, naive = Trial.gathered(parts, 4)
    assert (ets.engine, naive.engine) == ("ets", "naive")
    assert ets.scores.spl.tolist() == pytest.approx([0.0, 0.9, 0.2, NAN], nan_ok=True)
    assert ets.weight.tolist() == [1.0, 0.75, 0.5, 0.0]
    assert naive.scores.spl.tolist() == pytest.approx([NAN, 0.1, NAN, NAN], nan_ok=True)
    assert naive.weight.tolist() == [0.0, 0.25, 0.0, 0.0]


class TestRealised:
    forecast = Prediction.certain(np.array([[3.0, 3.0, 3.0], [1.0, 1.0, 1.0]]), LEVELS)

    def test_a_forecast_is_judged_by_the_periods_that_are_over(self) -> None:
        panel = daily([1.0, 2.0, 5.0, 3.0], [2.0])
        found = realised(panel, 98, self.forecast)
        assert found is not None
        assert found.periods == 2
        assert found.actual[0].tolist() == [5.0, 3.0]
        assert found.scores.absolute_error.tolist() == pytest.approx([2.0, NAN], nan_ok=True)
        assert found.scores.rmsse[0] == pytest.approx(np.sqrt(4 / 2))

    def test_no_more_is_judged_than_was_forecast(self) -> None:
        found = realised(daily(counted(20), counted(20)), 90, self.forecast)
        assert found is not None
        assert found.actual[0].tolist() == [90.0, 91.0, 92.0]

    @pytest.mark.parametrize("first", [100, 101])
    def test_before_a_period_is_over_nothing_is_said(self, first: int) -> None:
        assert realised(daily(counted(9), counted(9)), first, self.forecast) is None

    def test_totals_of_the_first_periods_are_those_that_were_forecast(self) -> None:
        assert beginning(self.forecast, 2).totals[0, -1, 0] == 6.0
