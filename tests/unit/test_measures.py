"""The measures of forecasts: known answers worked out by hand, and what cannot be judged."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.measures import MARKS, Scales, Scores, differences, pinball_loss
from inventoryai.forecasting.summaries import Summary, Sums

NAN = np.nan
Array = NDArray[np.float64]
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.95, 0.975, 0.99)
PAST = [2.0, 4.0, 2.0, 6.0]
"""Changes of 2, 2 and 4: 8/3 on average, and 8 on average of their squares."""


def weekly(*histories: list[float]) -> Panel:
    return Panel.of(list(histories), frequency=Frequency.WEEK)


def certain(*rows: list[float], levels: tuple[float, ...] = LEVELS) -> Prediction:
    return Prediction.certain(np.array(rows), levels)


def spread(mean: Array, width: float) -> Prediction:
    """Quantiles that rise by ``width`` from one level to the next around a mean in the middle of three."""
    steps = mean[:, :, None] + width * np.array([-1.0, 0.0, 1.0])
    return Prediction(mean, steps, np.cumsum(steps, axis=1), np.array([0.1, 0.5, 0.9]))


def judged(panel: Panel, actual: list[list[float]], found: Prediction, lag: int = 0) -> Scores:
    return Scores.of(Scales.of(panel, lag=lag), np.array(actual), found)


class TestKnownAnswers:
    def test_errors_of_a_certain_forecast(self) -> None:
        scores = judged(weekly(PAST), [[5.0, 1.0]], certain([3.0, 3.0]))
        assert scores.mase[0] == pytest.approx(2 / (8 / 3))
        assert scores.rmsse[0] == pytest.approx(np.sqrt(4 / 8))
        assert (scores.absolute_error[0], scores.error[0], scores.demand[0]) == (4.0, 0.0, 6.0)

    def test_pinball_losses_of_steps_and_of_the_total(self) -> None:
        # Too low by 2 costs 2 · level, too high by 2 costs 2 · (1 - level): 1 on average at every level.
        scores = judged(weekly(PAST), [[5.0, 1.0]], certain([3.0, 3.0]))
        for mark in ("spl", "spl95", "spl99"):
            assert getattr(scores, mark)[0] == pytest.approx(1 / (8 / 3))
        assert scores.tpl[0] == pytest.approx(0.0)

    def test_totals_are_judged_by_quantiles_of_the_total(self) -> None:
        scores = judged(weekly(PAST), [[5.0, 5.0]], spread(np.array([[3.0, 3.0]]), 1.0))
        # The total of 10 against 4, 6 and 8 at 0.1, 0.5 and 0.9.
        assert scores.tpl[0] == pytest.approx((0.1 * 6 + 0.5 * 4 + 0.9 * 2) / 3 / (8 / 3))

    def test_losses_are_averaged_over_the_levels_in_the_middle(self) -> None:
        scores = judged(weekly(PAST), [[5.0]], spread(np.array([[3.0]]), 1.0))
        assert scores.spl[0] == pytest.approx((0.1 * 3 + 0.5 * 2 + 0.9 * 1) / 3 / (8 / 3))

    def test_shares_count_the_ends(self) -> None:
        found = spread(np.array([[3.0, 3.0, 3.0, 3.0]]), 1.0)
        assert judged(weekly(PAST), [[2.0, 4.0, 4.1, 1.9]], found).inside_80[0] == 0.5

    def test_upper_shares_have_no_lower_end(self) -> None:
        scores = judged(weekly(PAST), [[0.0, 3.0, 9.0, 9.0]], certain([3.0, 3.0, 3.0, 3.0]))
        assert (scores.below_95[0], scores.below_99[0], scores.inside_95[0]) == (0.5, 0.5, 0.25)
        assert scores.total_below_95[0] == 0.0
        assert judged(weekly(PAST), [[6.0]], certain([6.0])).total_below_95[0] == 1.0

    def test_a_bias_above_0_is_too_much(self) -> None:
        assert judged(weekly(PAST), [[1.0]], certain([3.0])).error[0] == 2.0

    @pytest.mark.parametrize(
        ("frequency", "lag"), [(Frequency.DAY, 7), (Frequency.WEEK, 1), (Frequency.MONTH, 12)]
    )
    def test_the_season_that_mase_compares_with_goes_by_the_frequency(
        self, frequency: Frequency, lag: int
    ) -> None:
        history = np.arange(20.0).tolist()
        panel = Panel.of([history], frequency=frequency)
        assert judged(panel, [[19.0]], certain([20.0])).mase[0] == pytest.approx(1 / lag)
        assert judged(panel, [[19.0]], certain([20.0]), lag=5).mase[0] == pytest.approx(1 / 5)


class TestWhatCannotBeJudged:
    def test_demand_that_never_changed_has_no_scale_but_errors_and_shares(self) -> None:
        scores = judged(weekly([3.0] * 9), [[5.0]], certain([3.0]))
        assert np.isnan([scores.mase[0], scores.rmsse[0], scores.spl[0], scores.tpl[0]]).all()
        assert (scores.absolute_error[0], scores.below_95[0]) == (2.0, 0.0)

    @pytest.mark.parametrize("history", [[4.0], [NAN, 4.0], [4.0, NAN, 2.0]])
    def test_nor_has_demand_of_which_no_two_neighbours_are_known(self, history: list[float]) -> None:
        assert np.isnan(judged(weekly(history), [[5.0]], certain([3.0])).rmsse[0])

    def test_unknown_steps_do_not_count_and_make_the_total_unknown(self) -> None:
        gap = judged(weekly(PAST), [[5.0, NAN, 1.0]], certain([3.0, 3.0, 3.0]))
        known = judged(weekly(PAST), [[5.0, 1.0]], certain([3.0, 3.0]))
        for mark in set(MARKS) - {"tpl", "total_below_95"}:
            assert getattr(gap, mark)[0] == getattr(known, mark)[0], mark
        assert np.isnan([gap.tpl[0], gap.total_below_95[0]]).all()

    def test_of_nothing_but_unknown_steps_nothing_is_said(self) -> None:
        scores = judged(weekly(PAST), [[NAN, NAN]], certain([3.0, 3.0]))
        assert np.isnan([getattr(scores, mark)[0] for mark in MARKS]).all()

    def test_nor_of_a_product_that_was_not_forecast(self) -> None:
        nothing = np.full((1, 1, 1), NAN)
        found = Prediction(nothing[0], nothing, nothing, np.array([0.5]))
        assert np.isnan([getattr(judged(weekly(PAST), [[2.0]], found), mark)[0] for mark in MARKS]).all()

    def test_a_measure_without_its_level_is_unknown(self) -> None:
        scores = judged(weekly(PAST), [[5.0]], certain([3.0], levels=(0.9,)))
        unknown = {"mase", "spl95", "spl99", "inside_80", "inside_95", "below_95", "below_99"}
        assert {mark for mark in MARKS if np.isnan(getattr(scores, mark)[0])} == unknown | {"total_below_95"}

    def test_levels_are_found_whatever_binary_makes_of_them(self) -> None:
        scores = judged(weekly(PAST), [[5.0]], certain([3.0], levels=(0.1, 0.3 * 3, 0.95)))
        assert scores.inside_80[0] == 0.0

    def test_unknown_past_is_left_out_of_the_scale(self) -> None:
        assert differences(weekly([2.0, 4.0, NAN, 5.0, 5.0]), 1, np.abs)[0] == 1.0

    def test_products_do_not_mix_at_their_borders(self) -> None:
        panel = weekly([1.0, 2.0], [], [100.0], [7.0, 7.0, 10.0])
        assert differences(panel, 1, np.abs).tolist() == pytest.approx([1.0, NAN, NAN, 1.5], nan_ok=True)
        assert np.isnan(differences(panel, 9, np.abs)).all()

    def test_no_products_are_an_answer(self) -> None:
        found = Prediction.certain(np.empty((0, 2)), LEVELS)
        assert len(Scores.of(Scales.of(weekly()), np.empty((0, 2)), found)) == 0


class TestPinball:
    @given(st.floats(0.01, 0.99))
    def test_the_quantile_of_a_sample_costs_least(self, level: float) -> None:
        sample = np.random.default_rng(0).gamma(2.0, 3.0, 300)
        costs = [pinball_loss(sample, np.array(guess), level).mean() for guess in np.sort(sample)]
        best = np.sort(sample)[int(np.argmin(costs))]
        assert (sample < best).mean() <= level <= (sample <= best).mean() + 1e-12

    @given(st.floats(1e-6, 1e6))
    def test_scaled_marks_do_not_depend_on_the_unit(self, unit: float) -> None:
        one = judged(weekly(PAST), [[5.0, 1.0]], certain([3.0, 3.0]))
        other = judged(weekly([unit * sold for sold in PAST]), [[unit * 5, unit]], certain([unit * 3] * 2))
        for mark in ("mase", "rmsse", "spl", "spl95", "spl99", "inside_80"):
            assert getattr(other, mark)[0] == pytest.approx(getattr(one, mark)[0])


class TestTogether:
    scores = Scores.of(
        Scales.of(weekly(PAST, [3.0] * 4, PAST)),
        np.array([[5.0, 1.0], [3.0, 5.0], [NAN, NAN]]),
        certain([3.0, 3.0], [3.0, 3.0], [3.0, 3.0]),
    )

    def test_products_are_averaged_and_shares_of_demand_are_summed_first(self) -> None:
        summary = Summary.of(self.scores)
        assert (summary.products, summary.unscaled) == (2, 1)
        assert summary.mase == pytest.approx(2 / (8 / 3))
        assert summary.wape == pytest.approx((4 + 2) / (6 + 8))
        assert summary.bias == pytest.approx((0 - 2) / (6 + 8))
        assert summary.below_95 == pytest.approx((0.5 + 0.5) / 2)

    def test_sums_of_parts_make_the_same_summary(self) -> None:
        parts = [Sums.of(self.scores.subset(np.array(some, dtype=np.int64))) for some in ([0], [], [2, 1])]
        assert Summary.of_sums(parts[0] + parts[1] + parts[2]) == Summary.of(self.scores)

    def test_where_nothing_was_judged_nothing_is_said(self) -> None:
        summary = Summary.of(self.scores.subset(np.array([2])))
        assert (summary.products, summary.unscaled) == (0, 0)
        said = {getattr(summary, one.name) for one in fields(Summary)} - {0}
        assert said == {None}

    def test_marks_are_averaged_over_the_windows_that_have_them(self) -> None:
        first, second = self.scores.subset(np.array([0, 2])), self.scores.subset(np.array([1, 2]))
        averaged = Scores.averaged([first, second])
        assert averaged.absolute_error.tolist() == pytest.approx([3.0, NAN], nan_ok=True)
        assert averaged.mase[0] == first.mase[0]
        with pytest.raises(ValueError, match="nothing"):
            Scores.averaged([])

    def test_parts_are_put_where_they_belong(self) -> None:
        parts = [(np.array([3, 1]), self.scores.subset(np.array([0, 1])))]
        gathered = Scores.gathered(parts, 4)
        assert gathered.absolute_error.tolist() == pytest.approx([NAN, 2.0, NAN, 4.0], nan_ok=True)
