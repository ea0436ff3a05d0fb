"""What a planner's word makes of the numbers of a forecast: means, quantiles and totals that agree."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency, as_day
from inventoryai.forecasting import Prediction
from inventoryai.forecasting.overriding import Changes, overridden
from inventoryai.forecasting.poisson import poisson_quantiles

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
HORIZON = 6
MONDAY = as_day(date(2024, 1, 1))
DAYS = np.arange(MONDAY, MONDAY + HORIZON + 1)

Said = tuple[int, int, int, float | None, float | None]


def changes(
    *said: Said, season: Frequency = Frequency.DAY, made: int = MONDAY - 1, expires: int = 2**40
) -> Changes:
    """Product, first and last day counted from the Monday, mean and factor of each, the oldest first."""
    number = len(said)
    return Changes(
        product=np.array([one[0] for one in said], dtype=np.int64),
        first=np.array([MONDAY + one[1] for one in said], dtype=np.int64),
        until=np.array([MONDAY + one[2] + 1 for one in said], dtype=np.int64),
        mean=np.array([np.nan if one[3] is None else one[3] for one in said], dtype=np.float64),
        factor=np.array([np.nan if one[4] is None else one[4] for one in said], dtype=np.float64),
        season=(season,) * number,
        made=np.full(number, made, dtype=np.int64),
        expires=np.full(number, expires, dtype=np.int64),
    )


def forecast(*rates: float, seed: int = 0) -> Prediction:
    samples = np.random.default_rng(seed).poisson(np.array(rates)[:, None, None], (len(rates), 400, HORIZON))
    return Prediction.from_samples(samples.astype(np.float64), LEVELS)


def agree(changed: Prediction) -> None:
    """Quantiles and totals are a distribution, and the first total is the first period."""
    assert (np.diff(changed.quantiles, axis=2) >= 0).all()
    assert (np.diff(changed.totals, axis=2) >= 0).all()
    assert (np.diff(changed.totals, axis=1) >= -1e-9).all()
    np.testing.assert_allclose(changed.totals[:, 0], changed.quantiles[:, 0])
    assert all(np.isfinite(one).all() for one in (changed.mean, changed.quantiles, changed.totals))


def test_a_factor_on_all_periods_stretches_everything_alike() -> None:
    before = forecast(8, 3)
    after = overridden(before, changes((1, 0, HORIZON - 1, None, 1.3)), DAYS)
    for name in ("mean", "quantiles", "totals"):
        np.testing.assert_array_equal(getattr(after, name)[0], getattr(before, name)[0])
        np.testing.assert_allclose(getattr(after, name)[1], 1.3 * getattr(before, name)[1])
    agree(after)


def test_a_factor_on_some_periods_leaves_the_others_as_they_are() -> None:
    before = forecast(8)
    after = overridden(before, changes((0, 2, 3, None, 2.0)), DAYS)
    np.testing.assert_allclose(after.mean[0] / before.mean[0], [1, 1, 2, 2, 1, 1])
    np.testing.assert_allclose(after.totals[0, :2], before.totals[0, :2])
    added = np.diff(after.totals[0], axis=0)
    np.testing.assert_allclose(added[-2:], np.diff(before.totals[0], axis=0)[-2:])
    agree(after)


def test_periods_set_to_nothing_add_nothing() -> None:
    before = forecast(8)
    after = overridden(before, changes((0, 2, HORIZON - 1, 0.0, None)), DAYS)
    assert after.mean[0, 2:].tolist() == [0] * 4
    assert not after.quantiles[0, 2:].any()
    np.testing.assert_allclose(after.totals[0, 2:], np.tile(before.totals[0, 1], (4, 1)))
    agree(after)


def test_a_mean_is_exactly_what_was_said_and_stretches_the_distribution() -> None:
    before = forecast(8)
    after = overridden(before, changes((0, 0, 0, 12.0, None)), DAYS)
    assert after.mean[0, 0] == 12
    np.testing.assert_allclose(after.quantiles[0, 0], before.quantiles[0, 0] * 12 / before.mean[0, 0])
    agree(after)


def test_what_is_expected_of_a_product_that_never_sold_comes_one_by_one() -> None:
    nothing = Prediction.certain(np.zeros((1, HORIZON)), LEVELS)
    after = overridden(nothing, changes((0, 0, HORIZON - 1, 2.0, None)), DAYS)
    assert after.mean.tolist() == [[2.0] * HORIZON]
    np.testing.assert_array_equal(after.quantiles[0, 3], poisson_quantiles(np.array([2.0]), LEVELS)[0])
    np.testing.assert_array_equal(after.totals[0, 4], poisson_quantiles(np.array([10.0]), LEVELS)[0])
    agree(after)
    never = overridden(nothing, changes((0, 0, HORIZON - 1, None, 2.0)), DAYS)
    assert not never.totals.any()


def test_a_rare_sale_does_not_become_days_of_hundreds() -> None:
    """One day in ten somebody buys one; a planner expects ten a day."""
    before = forecast(0.1)
    after = overridden(before, changes((0, 0, HORIZON - 1, 10.0, None)), DAYS)
    assert after.mean[0].tolist() == [10.0] * HORIZON
    middle = after.quantiles[0, :, 2]
    assert ((middle >= 9) & (middle <= 11)).all()
    assert after.quantiles.max() < 25
    agree(after)


def test_of_several_that_speak_of_a_period_the_last_one_counts() -> None:
    before = forecast(8)
    said = changes((0, 0, 3, 20.0, None), (0, 2, 5, None, 0.5))
    after = overridden(before, said, DAYS)
    assert after.mean[0, :2].tolist() == [20, 20]
    np.testing.assert_allclose(after.mean[0, 2:], before.mean[0, 2:] / 2)


def test_what_nobody_speaks_of_is_the_very_same() -> None:
    before = forecast(8, 3)
    assert overridden(before, changes(), DAYS) is before
    assert overridden(before, changes((0, HORIZON, HORIZON + 3, 5.0, None)), DAYS) is before


def test_what_was_said_after_a_period_had_begun_was_not_foreseen() -> None:
    before = forecast(8)
    said = changes((0, 0, 5, None, 2.0), made=MONDAY + 2, expires=MONDAY + 4)
    after = overridden(before, said, DAYS, foreseen=True)
    np.testing.assert_allclose(after.mean[0] / before.mean[0], [1, 1, 2, 2, 1, 1])
    hindsight = overridden(before, said, DAYS)
    np.testing.assert_allclose(hindsight.mean, 2 * before.mean)


class TestOtherPeriods:
    """An override made on days, weeks or months speaks of days, which any forecast can be read by."""

    weeks = MONDAY + 7 * np.arange(HORIZON + 1)

    def test_days_of_a_week_count_as_the_part_of_it_that_they_are(self) -> None:
        before = forecast(70)
        said = changes((0, 0, 6, None, 2.0), (0, 12, 14, 20.0, None))
        after = overridden(before, said, self.weeks).mean[0]
        mean = before.mean[0]
        expected = [2 * mean[0], mean[1] * 5 / 7 + 2 * 20, mean[2] * 6 / 7 + 20, *mean[3:]]
        np.testing.assert_allclose(after, expected)

    @pytest.mark.parametrize(("season", "per_day"), [(Frequency.WEEK, 2.0), (Frequency.MONTH, 14 / 31)])
    def test_a_mean_of_a_longer_period_is_spread_over_its_days(
        self, season: Frequency, per_day: float
    ) -> None:
        after = overridden(forecast(8), changes((0, 0, 5, 14.0, None), season=season), DAYS)
        np.testing.assert_allclose(after.mean[0], per_day)

    def test_a_month_is_a_month_however_long(self) -> None:
        edges = Frequency.MONTH.first_days(np.arange(HORIZON + 1) + 2024 * 12)
        said = changes((0, 0, 181, 300.0, None), season=Frequency.MONTH)
        np.testing.assert_allclose(overridden(forecast(50), said, edges).mean[0], 300)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(-2, HORIZON),
            st.integers(0, HORIZON + 1),
            st.one_of(st.none(), st.floats(0, 1e4)),
            st.floats(0, 100),
        ),
        max_size=5,
    ),
    st.integers(0, 5),
)
def test_numbers_always_agree(said: list[tuple[int, int, int, float | None, float]], seed: int) -> None:
    asked = [
        (product, first, first + more, mean, factor if mean is None else None)
        for product, first, more, mean, factor in said
    ]
    before = forecast(0, 0.05, 9, seed=seed)
    after = overridden(before, changes(*asked), DAYS)
    agree(after)
    # The same from the totals: what they say on average grows by the mean of each period.
    for product in range(3):
        last: dict[int, tuple[float | None, float | None]] = {}
        for who, first, until, mean, factor in asked:
            if who == product:
                last |= dict.fromkeys(range(first, until + 1), (mean, factor))
        expected = [
            value if mean is None and factor is None else mean if mean is not None else (factor or 0) * value
            for value, (mean, factor) in (
                (value, last.get(day, (None, None)))
                for day, value in enumerate(before.mean[product].tolist())
            )
        ]
        np.testing.assert_allclose(after.mean[product], np.array(expected, dtype=float), atol=1e-9)


def test_totals_mean_what_the_periods_mean() -> None:
    """With quantiles at so many levels that their mean is that of the distribution."""
    levels = (np.arange(200) + 0.5) / 200
    samples = np.random.default_rng(1).poisson(6.0, (1, 2_000, HORIZON)).astype(np.float64)
    before = Prediction.from_samples(samples, levels)
    after = overridden(before, changes((0, 1, 2, 15.0, None), (0, 4, 4, 60.0, None)), DAYS)
    np.testing.assert_allclose(after.totals.mean(axis=2), np.cumsum(after.mean, axis=1), rtol=0.03)
    np.testing.assert_allclose(after.quantiles.mean(axis=2), after.mean, rtol=0.02)


def smallest(mean: float, level: float) -> int:
    count, term = 0, math.exp(-mean)
    reached = term
    while reached < level:
        count += 1
        term *= mean / count
        reached += term
    return count


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 11.5, 49.9])
def test_poisson_quantiles_are_those_of_a_sum_over_counts(mean: float) -> None:
    levels = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
    found = poisson_quantiles(np.array([[mean]]), levels)
    assert found[0, 0].tolist() == [smallest(mean, level) for level in levels.tolist()]


@pytest.mark.parametrize("mean", [51.0, 100.3, 650.0])
def test_poisson_quantiles_of_large_means_are_off_by_one_at_most(mean: float) -> None:
    levels = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
    found = poisson_quantiles(np.array([mean]), levels)[0]
    assert np.abs(found - [smallest(mean, level) for level in levels.tolist()]).max() <= 1


def test_nothing_expected_is_nothing_at_all_levels() -> None:
    none: NDArray[np.float64] = np.zeros((2, 3))
    assert not poisson_quantiles(none, LEVELS).any()
    assert poisson_quantiles(np.empty((0, 3)), LEVELS).shape == (0, 3, 5)
