"""Forecasts of new products, made after others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.checking import check_prediction
from inventoryai.forecasting.cold_start import NEW_BELOW, Likeness, cold_start, new_products

LEVELS = np.array([0.1, 0.5, 0.9])
NAN = float("nan")
HORIZON = 4


def daily(*histories: list[float]) -> Panel:
    return Panel.of(list(histories), frequency=Frequency.DAY, end=1000)


def forecast(*means: float) -> Prediction:
    """Poisson paths around each mean, with a weekend that sells double."""
    rng = np.random.default_rng(3)
    season = np.array([1, 1, 2, 1])
    return Prediction.from_samples(
        rng.poisson(np.array(means)[:, None, None] * season, (len(means), 200, HORIZON)).astype(float),
        LEVELS,
    )


def only(panel: Panel, prediction: Prediction, likeness: Likeness) -> Prediction:
    places, found = cold_start(panel, prediction, [likeness])
    assert places.tolist() == [0]
    return found


def assert_times(found: Prediction, factor: float, model: Prediction, place: int) -> None:
    for name in ("mean", "quantiles", "totals"):
        np.testing.assert_allclose(getattr(found, name)[0], factor * getattr(model, name)[place])


def test_who_is_new_is_told_by_what_is_known_and_by_what_the_engine_needs() -> None:
    panel = daily([], [1.0] * 13, [1.0] * 14, [NAN] * 30 + [1.0] * 13, [1.0] * 29)

    assert new_products(panel).tolist() == [True, True, False, True, False]
    assert new_products(panel, minimum_history=30).tolist() == [True] * 5


@pytest.mark.parametrize(("frequency", "periods"), [("day", 14), ("week", 8), ("month", 6)])
def test_two_weeks_two_months_or_half_a_year_make_a_history(frequency: str, periods: int) -> None:
    assert NEW_BELOW[Frequency(frequency)] == periods


def test_a_product_without_sales_gets_the_share_of_the_named_one_exactly() -> None:
    panel, model = daily([5.0] * 60, []), forecast(5, 0)
    assert_times(only(panel, model, Likeness(1, (0,), 0.8)), 0.8, model, 0)


def test_its_own_sales_move_the_share_the_more_the_longer_they_are() -> None:
    model = forecast(5, 0)
    level = model.mean[0].mean()
    few = only(daily([5.0] * 60, [20.0] * 2), model, Likeness(1, (0,), 0.8))
    many = only(daily([5.0] * 60, [20.0] * 12), model, Likeness(1, (0,), 0.8))

    guess, usual = 0.8 * level, 5 / level
    assert few.mean.mean() == pytest.approx((3.5 * guess + 2 * 20 / usual) / 5.5)
    assert many.mean.mean() == pytest.approx((3.5 * guess + 12 * 20 / usual) / 15.5)


def test_a_predecessor_that_ends_when_the_new_one_begins_does_not_say_that_times_were_bad() -> None:
    model = forecast(20, 0)
    found = only(daily([20.0] * 60 + [5.0] + [0.0] * 8, [20.0] * 9), model, Likeness(1, (0,), 1.0))
    assert found.mean.mean() == pytest.approx((3.5 * model.mean[0].mean() + 9 * 20) / 12.5)


def test_sales_that_are_as_expected_move_nothing() -> None:
    model = forecast(5, 0)
    found = only(daily([5.0] * 60, [4.0] * 5), model, Likeness(1, (0,), 0.8))
    assert_times(found, 0.8, model, 0)


def test_few_sales_on_strong_days_are_not_taken_for_a_high_level() -> None:
    """It sold 8 on two days on which the named product sold twice its usual."""
    model = forecast(5, 0)
    level = float(model.mean[0].mean())
    panel = daily([level] * 58 + [2 * level] * 2, [1.6 * level] * 2)
    assert_times(only(panel, model, Likeness(1, (0,), 0.8)), 0.8, model, 0)


def test_what_sells_far_more_than_its_model_does_not_sell_in_the_bursts_of_it() -> None:
    """The predecessor is over but for one day in 200; stretched to the mean, that day would be of 3,000."""
    once = np.zeros((1, 200, HORIZON))
    once[0, 0] = 1.0
    model = Prediction.join(
        [
            Prediction.from_samples(once, np.array([0.5, 0.9, 0.999])),
            Prediction.certain(np.zeros((1, HORIZON)), (0.5, 0.9, 0.999)),
        ]
    )
    found = only(daily([20.0] * 100 + [0.0] * 60, [20.0] * 10), model, Likeness(1, (0,)))

    np.testing.assert_allclose(found.mean, 10 * 20 / 13.5, rtol=0.01)
    assert (np.abs(found.quantiles[0, :, 0] - found.mean[0]) < 1).all()
    assert (found.quantiles[0, :, 2] < 40).all()
    assert (np.abs(found.totals[0, -1, 0] - found.mean.sum()) < 1).all()


def test_a_share_is_taken_at_its_word_however_large() -> None:
    model = forecast(5, 0)
    assert_times(only(daily([5.0] * 60, []), model, Likeness(1, (0,), 10.0)), 10, model, 0)


def test_days_without_stock_say_nothing_of_the_level() -> None:
    model = forecast(5, 0)
    known = only(daily([5.0] * 60, [9.0, 9.0]), model, Likeness(1, (0,)))
    gapped = only(daily([5.0] * 60, [9.0, NAN, 9.0, NAN]), model, Likeness(1, (0,)))
    unknown = only(daily([5.0] * 60, [NAN, NAN]), model, Likeness(1, (0,)))

    np.testing.assert_allclose(gapped.mean, known.mean)
    assert_times(unknown, 1, model, 0)


def test_a_category_gives_what_any_of_its_products_may_sell_drawn_to_their_middle() -> None:
    model = forecast(2, 40, 6, 0)
    panel = daily([2.0] * 60, [40.0] * 60, [6.0] * 60, [])
    found = only(panel, model, Likeness(3, (0, 1, 2)))
    levels = model.mean[:3].mean(axis=1)
    guesses = np.sqrt(levels * np.median(levels))

    assert found.mean.mean() == pytest.approx(guesses.mean())
    # The lowest decile is of the weakest, the highest of the strongest, the median between them.
    weakest, strongest = (
        model.quantiles[0] * (guesses / levels)[0],
        model.quantiles[1] * (guesses / levels)[1],
    )
    assert (found.quantiles[0, :, 0] <= weakest[:, 1]).all()
    assert (found.quantiles[0, :, 2] >= strongest[:, 0]).all()
    middle = found.quantiles[0, :, 1]
    assert ((weakest[:, 1] < middle) & (middle < strongest[:, 1])).all()
    # The weekend sells double in the shape of everybody, so it does here.
    assert found.mean[0, 2] > 1.5 * found.mean[0, 1]


def test_models_that_are_all_alike_are_as_one() -> None:
    model = forecast(5, 0)
    four = model.subset([0, 0, 0, 1])
    found = only(daily([5.0] * 60, [5.0] * 60, [5.0] * 60, []), four, Likeness(3, (0, 1, 2)))
    assert_times(found, 1, model, 0)


def test_one_that_sells_nothing_any_more_is_no_model() -> None:
    model = forecast(0, 6, 0)
    panel = daily([0.0] * 60, [6.0] * 60, [])
    np.testing.assert_allclose(only(panel, model, Likeness(2, (0, 1))).mean[0], model.mean[1])

    places, found = cold_start(panel, model, [Likeness(2, (0,)), Likeness(2, (0, 1)), Likeness(2, ())])
    assert places.tolist() == [1]
    assert len(found) == 1


def test_products_that_never_sold_share_a_forecast_and_others_do_not() -> None:
    panel = daily([5.0] * 60, [], [], [1.0, 1.0])
    after = [Likeness(1, (0,)), Likeness(2, (0,)), Likeness(3, (0,)), Likeness(2, (0,), 0.5)]
    _, found = cold_start(panel, forecast(5, 0, 0, 0), after)

    np.testing.assert_array_equal(found.quantiles[0], found.quantiles[1])
    assert found.mean[2].sum() < found.mean[0].sum()
    np.testing.assert_allclose(found.mean[3], found.mean[0] / 2)


def test_the_past_of_models_may_be_shorter_than_that_of_the_new_product() -> None:
    model = forecast(5, 0)
    found = only(daily([5.0] * 2, [NAN] * 20 + [5.0] * 3), model, Likeness(1, (0,)))
    assert np.isfinite(found.mean).all()


@given(
    st.lists(st.lists(st.one_of(st.floats(0, 1e6), st.just(NAN)), max_size=20), min_size=3, max_size=5),
    st.lists(st.floats(0, 1e4), min_size=5, max_size=5),
    st.floats(0.01, 10),
)
def test_what_comes_out_is_always_a_forecast(
    histories: list[list[float]], means: list[float], share: float
) -> None:
    panel = daily(*histories)
    model = forecast(*means[: len(panel)])
    some = [Likeness(0, (1,), share), Likeness(1, tuple(range(2, len(panel))))]
    places, found = cold_start(panel, model, some)

    assert check_prediction("cold_start", found, len(places), HORIZON, LEVELS) == {}
    np.testing.assert_array_equal(found.totals[:, 0], found.quantiles[:, 0])
    rising: NDArray[np.float64] = np.diff(found.totals, axis=1)
    assert (rising >= -1e-9 * np.maximum(found.totals[:, 1:], 1)).all()
