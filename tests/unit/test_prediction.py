"""What an engine answers, and the two ways to make it from simpler things."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.forecasting import Prediction
from inventoryai.forecasting.sampling import empirical_quantiles, stratified
from inventoryai.forecasting.testing import assert_same, check_totals

Array = NDArray[np.float64]
LEVELS = np.array(DEFAULT_LEVELS)
NAN = np.nan


def counts(*shape: int) -> Array:
    return np.random.default_rng(0).poisson(3, shape).astype(np.float64)


class TestShapes:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"quantiles": np.zeros((2, 3, 1))}, "quantiles"),
            ({"totals": np.zeros((2, 2, 2))}, "totals"),
            ({"mean": np.zeros(2)}, "mean"),
            ({"mean": np.zeros((2, 3), dtype=np.float32)}, "float64"),
            ({"levels": np.array([0.9, 0.1])}, "rise"),
            ({"levels": np.array([0.0, 0.5])}, "between 0 and 1"),
            ({"levels": [0.1, 0.9]}, "levels"),
        ],
    )
    def test_arrays_that_do_not_fit_are_refused(self, changes: dict[str, object], message: str) -> None:
        good: dict[str, object] = {
            "mean": np.zeros((2, 3)),
            "quantiles": np.zeros((2, 3, 2)),
            "totals": np.zeros((2, 3, 2)),
            "levels": np.array([0.1, 0.9]),
        }
        with pytest.raises(ValueError, match=message):
            Prediction(**(good | changes))  # type: ignore[arg-type] # wrong on purpose

    def test_parts_join_in_order_and_come_apart_again(self) -> None:
        whole = Prediction.from_samples(counts(5, 20, 3), LEVELS)
        joined = Prediction.join([whole.subset([0, 1]), whole.subset([]), whole.subset([2, 3, 4])])
        np.testing.assert_array_equal(joined.totals, whole.totals)
        assert (len(joined), joined.horizon) == (5, 3)

    def test_nothing_and_what_differs_cannot_be_joined(self) -> None:
        with pytest.raises(ValueError, match="nothing"):
            Prediction.join([])
        one, other = (Prediction.certain(np.ones((1, 1)), [level]) for level in (0.1, 0.2))
        with pytest.raises(ValueError, match="levels"):
            Prediction.join([one, other])


class TestFromSamples:
    def test_quantiles_are_order_statistics_of_steps_and_of_totals(self) -> None:
        samples = np.array([[[1.0, 10.0], [2.0, 0.0], [3.0, 5.0], [4.0, 0.0]]])
        prediction = Prediction.from_samples(samples, [0.25, 0.5, 0.99])
        assert prediction.mean.tolist() == [[2.5, 3.75]]
        assert prediction.quantiles.tolist() == [[[1, 2, 4], [0, 0, 10]]]
        assert prediction.totals.tolist() == [[[1, 2, 4], [2, 4, 11]]]

    def test_what_is_below_zero_counts_as_zero_before_it_is_summed(self) -> None:
        prediction = Prediction.from_samples(np.array([[[-5.0, 3.0]]]), [0.5])
        assert prediction.totals.tolist() == [[[0.0], [3.0]]]

    def test_samples_are_left_as_they_were(self) -> None:
        samples = counts(2, 30, 4) - 2
        before = samples.copy()
        Prediction.from_samples(samples, LEVELS)
        np.testing.assert_array_equal(samples, before)

    def test_half_precision_is_welcome(self) -> None:
        assert Prediction.from_samples(counts(1, 9, 2).astype(np.float32), LEVELS).mean.dtype == np.float64

    @given(st.integers(0, 1000), st.integers(1, 60))
    def test_totals_are_those_of_demand_that_is_never_negative(self, seed: int, paths: int) -> None:
        samples = np.random.default_rng(seed).gamma(0.5, 10, (3, paths, 6))
        check_totals(Prediction.from_samples(samples, LEVELS))

    def test_a_week_of_independent_days_is_less_uncertain_than_seven_times_a_day(self) -> None:
        prediction = Prediction.from_samples(counts(1, 2000, 7), [0.95])
        assert prediction.totals[0, -1, 0] < 0.85 * prediction.quantiles[0, :, 0].sum()

    @pytest.mark.parametrize("samples", [counts(200, 30, 9), counts(200, 30, 9) * 0.1, counts(9, 5, 3) * 1e9])
    def test_whole_numbers_and_others_are_exact_however_many_products(self, samples: Array) -> None:
        prediction = Prediction.from_samples(samples, LEVELS)
        paths = samples.swapaxes(1, 2)
        totals = paths.copy()
        for step in range(1, paths.shape[1]):
            totals[:, step] += totals[:, step - 1]
        np.testing.assert_array_equal(prediction.quantiles, empirical_quantiles(paths, LEVELS))
        np.testing.assert_array_equal(prediction.totals, empirical_quantiles(totals, LEVELS))

    def test_a_product_is_the_same_beside_others_that_are_not_counts(self) -> None:
        samples = counts(40, 30, 9)
        mixed = np.concatenate([samples, samples + 0.1])
        alone, beside = (Prediction.from_samples(some, LEVELS) for some in (samples, mixed))
        np.testing.assert_array_equal(alone.totals, beside.totals[:40])


class TestFromTables:
    tables = np.sort(counts(30, 2, 50), axis=-1)
    table = np.array([0, 1, 0, 1, 1])
    places = np.array([np.random.default_rng(step).permutation(50) for step in range(5)])

    def test_it_is_what_sampling_the_tables_would_give(self) -> None:
        known = Prediction.from_tables(self.tables, self.table, self.places, LEVELS)
        paths = self.tables[:, self.table[:, None], self.places]
        sampled = Prediction.from_samples(paths.swapaxes(1, 2), LEVELS)
        assert_same(known, sampled)
        np.testing.assert_array_equal(known.totals, sampled.totals)
        check_totals(known)

    def test_steps_that_rise_together_add_their_quantiles(self) -> None:
        together = np.tile(np.arange(50), (5, 1))
        prediction = Prediction.from_tables(self.tables, self.table, together, LEVELS)
        np.testing.assert_allclose(prediction.totals, np.cumsum(prediction.quantiles, axis=1))

    def test_products_may_differ_in_how_their_steps_go_together(self) -> None:
        orders = np.stack([self.places, np.tile(np.arange(50), (5, 1))])
        order = np.arange(30) % 2
        both = Prediction.from_tables(self.tables, self.table, orders, LEVELS, order=order)
        for which in range(2):
            alone = Prediction.from_tables(self.tables, self.table, orders[which], LEVELS)
            assert_same(both.subset(order == which), alone.subset(order == which))

    def test_what_is_below_zero_counts_as_zero(self) -> None:
        below = Prediction.from_tables(self.tables - 2, self.table, self.places, LEVELS)
        clipped = Prediction.from_tables(np.maximum(self.tables - 2, 0), self.table, self.places, LEVELS)
        np.testing.assert_array_equal(below.totals, clipped.totals)
        assert below.quantiles.min() == 0

    def test_tables_that_are_no_counts_are_exact_too(self) -> None:
        tables = self.tables * 0.1
        known = Prediction.from_tables(tables, self.table, self.places, LEVELS)
        sampled = Prediction.from_samples(tables[:, self.table[:, None], self.places].swapaxes(1, 2), LEVELS)
        np.testing.assert_array_equal(known.totals, sampled.totals)

    def test_no_products_is_an_answer(self) -> None:
        assert len(Prediction.from_tables(self.tables[:0], self.table, self.places, LEVELS)) == 0


class TestFromErrors:
    point = np.full((2, 10), 20.0)
    errors = np.random.default_rng(1).normal(0, 3, (2, 50))

    def test_each_step_has_the_spread_of_the_errors(self) -> None:
        prediction = Prediction.from_errors(self.point, self.errors, LEVELS, 0, season=7, paths=500)
        spread = np.quantile(self.errors, LEVELS, axis=1, method="inverted_cdf").T
        np.testing.assert_allclose(prediction.quantiles[:, 4], 20 + spread)
        check_totals(prediction)

    def test_neighbours_stay_neighbours(self) -> None:
        alternating = np.tile([5.0, -5.0], 50)[None, :]
        point = np.full((1, 2), 100.0)
        together = Prediction.from_errors(point, alternating, [0.1, 0.9], 0, season=2)
        alone = Prediction.from_errors(point, alternating, [0.1, 0.9], 0)
        assert together.totals[0, 1].tolist() == [200.0, 200.0]
        assert alone.totals[0, 1].tolist() == [190.0, 210.0]

    def test_unknown_errors_are_ignored_wherever_they_are(self) -> None:
        known = np.array([[-2.0, 1.0, 3.0]])
        gaps = np.array([[NAN, -2.0, NAN, NAN, 1.0, 3.0, NAN]])
        one, other = (Prediction.from_errors(self.point[:1], e, LEVELS, 0, season=7) for e in (known, gaps))
        assert_same(one, other)

    @pytest.mark.parametrize("errors", [np.full((2, 4), NAN), np.empty((2, 0))])
    def test_without_errors_the_point_is_certain(
        self, errors: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    ) -> None:
        prediction = Prediction.from_errors(self.point, errors, LEVELS, 0, season=7)
        assert_same(prediction, Prediction.certain(self.point, LEVELS))

    def test_paths_are_clipped_before_they_are_summed(self) -> None:
        prediction = Prediction.from_errors(np.full((1, 2), 1.0), np.array([[-9.0, 9.0]]), [0.3], 0)
        assert prediction.mean[0, 0] == pytest.approx(5.0)
        assert prediction.totals[0, 1, 0] >= 0

    def test_the_draws_are_the_same_for_every_product_and_cut(self) -> None:
        errors, point = np.tile(self.errors[:1], (400, 1)), np.tile(self.point[:1], (400, 1))
        many = Prediction.from_errors(point, errors, LEVELS, 3, season=7)
        one = Prediction.from_errors(point[:1], errors[:1], LEVELS, 3, season=7)
        np.testing.assert_array_equal(many.totals, np.repeat(one.totals, 400, axis=0))

    def test_no_products_is_an_answer(self) -> None:
        assert len(Prediction.from_errors(self.point[:0], self.errors[:0], LEVELS, 0)) == 0


def test_the_quantile_of_a_share_is_exact_for_levels_that_binary_cannot_write() -> None:
    samples = np.arange(1.0, 201.0)
    levels = np.array([0.005, 0.07, 0.35, 0.7, 0.999])
    assert empirical_quantiles(samples, levels).tolist() == [1, 14, 70, 140, 200]


def test_stratified_draws_fall_once_into_every_slice() -> None:
    drawn = stratified(np.random.default_rng(0), 50, 3)
    slices = np.sort(np.floor(drawn * 50), axis=0)
    np.testing.assert_array_equal(slices, np.tile(np.arange(50.0)[:, None], (1, 3)))
