"""What the network is told: no unit of demand, nothing of the future, and the calendar as it is."""

import numpy as np
import pytest

from inventoryai.forecasting import Frequency, Panel

pytest.importorskip("torch", reason="torch is not installed: see the README of the plugin")

from inventoryai_lstm.calendar import calendar_features
from inventoryai_lstm.features import describe
from inventoryai_lstm.histories import CONTEXT, Histories
from inventoryai_lstm.series import Series
from inventoryai_lstm.weighing import LEVELS, fading, quantiles


def test_demand_has_no_unit(weekly_shop: Panel) -> None:
    panel = weekly_shop
    times = Panel(panel.values * 1_000, panel.offsets, panel.starts, panel.frequency)
    plain, large = describe(Histories.of(panel, 7)), describe(Histories.of(times, 7))
    for name in ("past", "static", "future", "base"):
        np.testing.assert_allclose(getattr(large, name), getattr(plain, name), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(large.scale, plain.scale * 1_000)
    np.testing.assert_allclose(large.quantum, plain.quantum * 1_000)


def test_a_cut_shows_nothing_of_what_came_after(weekly_shop: Panel) -> None:
    panel = weekly_shop
    shuffled = panel.values.reshape(len(panel), -1).copy()
    shuffled[:, 150:] = np.random.default_rng(0).permutation(shuffled[:, 150:], axis=1) * 7
    other = Panel.of(list(shuffled), frequency=Frequency.DAY, end=panel.end)
    rows, cuts = np.arange(len(panel)), np.full(len(panel), 150)
    before, after = (Series.of(one).cut(rows, cuts, (140, 28)) for one in (panel, other))
    for name in ("past", "static", "future", "base", "scale"):
        np.testing.assert_array_equal(
            getattr(describe(before.histories), name), getattr(describe(after.histories), name)
        )
    assert (before.actual != after.actual).any()


def test_a_cut_is_what_the_engine_would_have_been_shown_that_day(weekly_shop: Panel) -> None:
    panel = weekly_shop
    then = Panel.of(
        [panel.history(one)[:150] for one in range(len(panel))], frequency=Frequency.DAY, end=19_950
    )
    sample = Series.of(panel).cut(np.arange(len(panel)), np.full(len(panel), 150), (150, 28))
    told, cut = describe(Histories.of(then, 28)), describe(sample.histories)
    for name in ("past", "static", "future", "base"):
        np.testing.assert_allclose(getattr(cut, name), getattr(told, name), rtol=1e-6, atol=1e-7)


def test_an_unknown_day_is_no_day_without_sales() -> None:
    history = np.tile([5.0, 6.0, 7.0, 5.0, 6.0, 9.0, 8.0], 20)
    gaps, zeros = history.copy(), history.copy()
    gaps[100:120], zeros[100:120] = np.nan, 0.0
    told = describe(Histories.of(Panel.of([gaps, zeros], frequency=Frequency.DAY, end=20_000), 7))
    assert told.scale[0] == pytest.approx(np.nanmean(gaps), rel=0.02)
    assert told.scale[1] < 0.95 * told.scale[0]


@pytest.mark.parametrize("frequency", list(Frequency))
def test_what_is_told_of_is_as_long_as_the_network_expects(frequency: Frequency) -> None:
    told = describe(Histories.of(Panel.of([np.ones(10)], frequency=frequency, end=3_000), 400))
    assert told.past.shape[1] == CONTEXT[frequency]
    assert told.future.shape[1] == 400
    for name in ("past", "static", "future", "base"):
        assert np.isfinite(getattr(told, name)).all()


def test_weekdays_come_again_after_seven_days_and_months_do_not() -> None:
    days = calendar_features(Frequency.DAY, np.arange(20_000, 20_014)[None])[0]
    np.testing.assert_allclose(days[:7, 6:], days[7:, 6:], atol=1e-6)
    assert (np.abs(days[:7, :4] - days[7:, :4]).max(axis=1) > 1e-3).all()
    months = calendar_features(Frequency.MONTH, np.arange(24_000, 24_024)[None])[0]
    np.testing.assert_allclose(months[:12], months[12:], atol=0.05)
    assert not months[:, 4:].any()


def test_quantiles_of_the_past_are_those_of_a_sorted_list_when_nothing_fades() -> None:
    demand = np.random.default_rng(3).gamma(2.0, 3.0, (4, 999))
    (found,) = quantiles(demand, [fading(np.ones(demand.shape, dtype=bool), 1e12)])
    wanted = np.quantile(demand, LEVELS, axis=1, method="inverted_cdf").T
    np.testing.assert_allclose(found, wanted)


def test_recent_demand_counts_more() -> None:
    demand = np.concatenate([np.zeros(100), np.ones(20)])[None]
    (found,) = quantiles(demand, [fading(np.ones((1, 120), dtype=bool), 10.0)])
    assert found[0, list(LEVELS).index(0.5)] == 1.0
