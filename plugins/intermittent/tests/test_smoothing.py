"""The classical methods, against answers worked out by hand."""

import numpy as np
import pytest

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai_intermittent import inventoryai_engines
from inventoryai_intermittent.aggregation import Adida, Imapa, intervals
from inventoryai_intermittent.crostons import Croston, TeunterSyntetosBabai, size_weights
from inventoryai_intermittent.windows import Window

SPECS = {spec.name: spec for spec in inventoryai_engines()}
NAN = np.nan
SERIES = [0.0, 2.0, 0.0, 0.0, 3.0, 0.0]
CLASSICAL = ["croston", "sba", "tsb", "adida", "imapa"]


def window(*histories: list[float]) -> Window:
    return Window.of(np.array(histories))


def predict(name: str, *histories: list[float], horizon: int = 7, **options: object) -> Prediction:
    panel = Panel.of(list(histories), frequency=Frequency.DAY)
    return SPECS[name].load(options).predict(panel, horizon, np.array([0.1, 0.5, 0.9]), 0)


def test_croston_smooths_intervals_at_sales_only() -> None:
    # The first interval is 2; the second, of 3, makes it 2 + 0.1 · 1. What follows the last sale is not seen.
    assert Croston(alpha=0.1)(window(SERIES)).chance == pytest.approx(1 / 2.1)


def test_sba_takes_half_the_smoothing_parameter_off() -> None:
    assert Croston(alpha=0.1, debiased=True)(window(SERIES)).chance == pytest.approx(0.95 / 2.1)


def test_the_weights_of_sizes_give_the_smoothed_size() -> None:
    seen = window(SERIES)
    weights = size_weights(seen, np.array([0.1]))[:, 0]
    assert weights[seen.counts[:, 0] > 0].tolist() == pytest.approx([0.9, 0.1])
    assert weights @ seen.counts[:, 0] / weights.sum() == pytest.approx(2.1)


def test_croston_expects_size_over_interval() -> None:
    assert predict("croston", SERIES, alpha=0.1).mean[0] == pytest.approx([2.1 / 2.1] * 7, rel=0.02)
    assert predict("sba", SERIES, alpha=0.1).mean[0] == pytest.approx([0.95 * 2.1 / 2.1] * 7, rel=0.02)


def test_tsb_smooths_the_chance_in_every_period() -> None:
    # From the share of all sales, 2 in 6: down, up, down, down, up, down, a tenth of the way each time.
    chance = 2 / 6
    for sold in (0, 1, 0, 0, 1, 0):
        chance += 0.1 * (sold - chance)
    assert TeunterSyntetosBabai(alpha=0.1, beta=0.1)(window(SERIES)).chance == pytest.approx(chance)


def test_tsb_gives_up_a_product_that_no_longer_sells_and_croston_does_not() -> None:
    history = [0.0, 3.0] * 40 + [0.0] * 60
    assert predict("tsb", history).mean[0, 0] < 0.3
    assert predict("croston", history).mean[0, 0] == pytest.approx(1.5, rel=0.02)


def test_adida_smooths_buckets_of_the_mean_interval() -> None:
    history = window([0.0, 2.0, 0.0, 4.0, 0.0, 6.0])
    assert intervals(history).tolist() == [2]
    # Buckets of 2, 4 and 6 are 1, 2 and 3 a period: 1, then 1.5, then 2.25.
    assert Adida(alpha=0.5)(history) == pytest.approx(2.25)


def test_imapa_is_the_mean_over_bucket_lengths() -> None:
    # By single periods: 0, 1, 0.5, 2.25, 1.125, 3.5625.
    assert Imapa(alpha=0.5)(window([0.0, 2.0, 0.0, 4.0, 0.0, 6.0])) == pytest.approx((3.5625 + 2.25) / 2)


def test_the_smoothing_parameter_is_the_one_that_errs_least() -> None:
    steady, jumping = [5.0] * 30, [1.0] * 40 + [20.0] * 40
    assert Imapa()(window(jumping)) > Imapa(alpha=0.05)(window(jumping))
    assert Croston()(window(steady)).chance == pytest.approx(1.0)


@pytest.mark.parametrize("name", CLASSICAL)
def test_unknown_periods_are_not_periods_without_sales(name: str) -> None:
    known = np.random.default_rng(2).poisson(0.8, 150).astype(float)
    gaps = np.insert(known, np.arange(10, 150, 10), NAN)
    zeros = np.nan_to_num(gaps)
    plain, gapped, wrong = (predict(name, rows.tolist()).mean[0, 0] for rows in (known, gaps, zeros))
    assert gapped == pytest.approx(plain, rel=0.1)
    assert abs(gapped - plain) < abs(wrong - plain) or name in ("adida", "imapa")


@pytest.mark.parametrize("name", CLASSICAL)
def test_quantiles_are_of_the_distribution_and_not_of_a_mean(name: str) -> None:
    history = np.where(np.random.default_rng(3).random(300) < 0.2, 10.0, 0.0).tolist()
    low, middle, high = predict(name, history).quantiles[0, 0]
    assert (low, middle) == (0, 0)
    assert high >= 10


def test_sizes_to_come_are_as_those_seen_and_beyond() -> None:
    panel = Panel.of([[0.0, 4.0, 0.0, 6.0, 0.0, 5.0] * 20], frequency=Frequency.DAY)
    quantiles = SPECS["croston"].load({}).predict(panel, 1, np.array([0.3, 0.7, 0.75, 0.9, 0.99]), 0)
    none, _, middle, large, largest = quantiles.quantiles[0, 0]
    assert none == 0
    assert 4 <= middle <= large <= 6 <= largest < 12
