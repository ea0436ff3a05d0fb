"""The weighted past: what it finds out about a product, and what it makes of it."""

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from inventoryai.forecasting import PROMOTION, Frequency, Panel, Prediction
from inventoryai_naive.choice import choose, rows_before
from inventoryai_naive.empirical import Empirical
from inventoryai_naive.habits import HABITS
from inventoryai_naive.past import Past

Floats = NDArray[np.float64]
NAN = np.nan
DAYS = HABITS[Frequency.DAY]
PASTA = Path(os.environ.get("INVENTORYAI_SAMPLE_DATA", "nowhere")) / "pasta_daily.csv.gz"
LEVELS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])


def predict(histories: ArrayLike, horizon: int = 14, **options: float) -> Prediction:
    rows = np.asarray(histories, dtype=np.float64)
    panel = Panel.of(list(rows.reshape(-1, rows.shape[-1])), frequency=Frequency.DAY)
    return Empirical(**options).predict(panel, horizon, LEVELS, 0)


def pinball(actual: Floats, quantiles: Floats) -> Floats:
    """[n, h], the mean pinball loss over the levels."""
    over = actual[..., None] - quantiles
    loss: Floats = np.maximum(LEVELS * over, (LEVELS - 1) * over).mean(axis=-1)
    return loss


def believed(histories: Floats) -> Floats:
    """[half-lives], how far each is believed, over all the products."""
    past = Past.of(histories, 7, DAYS)
    half_lives: Floats = choose(past, DAYS).sum(axis=0).mean(axis=1)
    return half_lives


class TestWeightsChosenByBacktest:
    length = DAYS.rows * DAYS.row
    rng = np.random.default_rng(1)

    def test_a_product_that_changed_is_read_with_a_shorter_memory_than_one_that_did_not(self) -> None:
        steady = self.rng.poisson(20, (30, self.length)).astype(float)
        shifted = self.rng.poisson(20, (30, self.length)).astype(float)
        shifted[:, -70:] += 60
        short, _, long = range(3)
        assert believed(shifted)[short] > 2 * believed(steady)[short]
        assert believed(steady)[long] > 2 * believed(shifted)[long]

    def test_a_new_level_is_believed(self) -> None:
        history = np.concatenate([self.rng.poisson(20, 200), self.rng.poisson(80, 60)])
        assert predict(history).mean.mean() == pytest.approx(80, rel=0.1)

    def test_a_short_history_is_read_as_is_usual(self) -> None:
        week = np.full((1, 70), NAN)
        week[0, -7:] = self.rng.poisson(20, 7)
        assert np.argmax(believed(week)) == 1

    def test_nothing_is_forecast_from_what_came_after(self) -> None:
        weights = rows_before(30, DAYS).reshape(len(DAYS.half_lives), DAYS.tests, 30)
        for test, target in enumerate(range(30 - DAYS.tests, 30)):
            assert (weights[:, test, target - DAYS.ahead + 1 :] == 0).all()
            assert (weights[:, test, : target - DAYS.ahead + 1] > 0).all()

    def test_a_half_life_that_is_given_is_used(self) -> None:
        history = np.concatenate([np.zeros(100), np.full(28, 10.0)])
        quick, slow = (predict(history, half_life=half).mean[0, 0] for half in (7, 100))
        assert quick > slow + 1


class TestSeasons:
    def test_the_days_of_the_week_are_told_apart(self) -> None:
        prediction = predict([0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 20.0] * 20, horizon=8)
        assert prediction.mean[0].tolist() == pytest.approx([0, 0, 0, 0, 0, 10, 20, 0], abs=0.2)

    def test_chance_is_not_taken_for_a_week(self) -> None:
        sold = np.random.default_rng(2).poisson(3, (50, 140))
        means = predict(sold, horizon=7).mean
        assert means.std(axis=1).mean() < 0.2

    def test_months_of_a_year_are_told_apart(self) -> None:
        rng = np.random.default_rng(3)
        year = 50 + 30 * np.sin(np.arange(12) / 12 * 2 * np.pi)
        panel = Panel.of([rng.poisson(np.tile(year, 5))], frequency=Frequency.MONTH)
        means = Empirical().predict(panel, 12, LEVELS, 0).mean[0]
        assert np.corrcoef(means, year)[0, 1] > 0.95


class TestDistributions:
    def test_a_product_that_was_not_seen_for_years_is_still_known(self) -> None:
        assert predict([6.0] * 10 + [NAN] * 2000, horizon=8).mean[0].tolist() == pytest.approx([6.0] * 8)

    def test_days_that_are_not_known_are_no_days_without_demand(self) -> None:
        sold = np.random.default_rng(4).poisson(10, 210).astype(float)
        sold[::3] = NAN
        assert predict(sold).mean.mean() == pytest.approx(10, rel=0.1)

    def test_what_is_sold_by_the_piece_or_the_dozen_is_forecast_so(self) -> None:
        sold = np.random.default_rng(5).poisson(3, 300) * np.where(np.arange(300) % 7 < 5, 12.0, 24.0)
        prediction = predict(sold)
        for numbers in (prediction.quantiles, prediction.totals):
            assert (numbers % 12 == 0).all()

    def test_quantiles_of_a_step_owe_nothing_to_the_seed(self) -> None:
        panel = Panel.of([np.random.default_rng(3).poisson(5, 200)], frequency=Frequency.DAY)
        answers = [Empirical().predict(panel, 7, LEVELS, seed) for seed in (0, 1)]
        np.testing.assert_array_equal(answers[0].quantiles, answers[1].quantiles)


class TestTotals:
    def test_they_widen_with_dependence(self) -> None:
        history = np.random.default_rng(3).poisson(5, 200)
        wide, narrow = (predict(history, 28, dependence=some).totals[0, -1] for some in (0.5, 0.0))
        assert wide[8] - wide[0] > 2 * (narrow[8] - narrow[0])

    @pytest.mark.parametrize("inertia", [0.0, 0.9])
    def test_they_hold_whether_days_go_together_or_not(self, inertia: float) -> None:
        sold = autoregressive(400, 301, inertia)
        prediction = predict(sold[:, :-28], 28)
        total = sold[:, -28:].sum(axis=1)
        low, high = (np.mean(total <= prediction.totals[:, -1, level]) for level in (0, 9))
        assert 0.03 < low < 0.15
        assert 0.9 < high < 0.99

    def test_days_that_go_together_are_seen_to(self) -> None:
        spreads = []
        for inertia in (0.0, 0.9):
            totals = predict(autoregressive(100, 273, inertia), 28).totals[:, -1]
            spreads.append(np.mean(totals[:, 8] - totals[:, 0]))
        assert spreads[1] > 1.6 * spreads[0]


def autoregressive(products: int, length: int, inertia: float) -> Floats:
    """Demand around 50 with a deviation of 10, each day remembering so much of the day before."""
    rng = np.random.default_rng(8)
    state = rng.normal(0, 10, products)
    days = []
    for noise in rng.normal(0, 10 * np.sqrt(1 - inertia**2), (length, products)):
        state = inertia * state + noise
        days.append(50 + state)
    sold: Floats = np.maximum(np.array(days).T, 0.0)
    return sold


class TestPromotions:
    rng = np.random.default_rng(6)

    def panel(self, past: Floats, future: Floats) -> Panel:
        """Products that sell five times as much on promotion."""
        sold = self.rng.poisson(np.where(past > 0, 50, 10)).astype(float)
        bare = Panel.of(list(sold), frequency=Frequency.DAY)
        return Panel(
            bare.values,
            bare.offsets,
            bare.starts,
            bare.frequency,
            covariates={PROMOTION: past.ravel()},
            future={PROMOTION: future},
        )

    def test_a_promotion_sells_like_those_before_it(self) -> None:
        past = (self.rng.random((5, 200)) < 0.2).astype(float)
        future = np.tile([0.0, 1.0], (5, 7))
        means = Empirical().predict(self.panel(past, future), 14, LEVELS, 0).mean
        assert means[:, ::2].mean() == pytest.approx(10, rel=0.1)
        assert means[:, 1::2].mean() == pytest.approx(50, rel=0.15)

    def test_one_promotion_long_ago_says_little_and_none_says_nothing(self) -> None:
        past = np.zeros((2, 200))
        past[0, 20] = 1
        means = Empirical().predict(self.panel(past, np.ones((2, 7))), 7, LEVELS, 0).mean
        assert 11 < means[0].mean() < 30
        assert means[1].mean() == pytest.approx(10, rel=0.1)

    @pytest.mark.skipif(not PASTA.exists(), reason="INVENTORYAI_SAMPLE_DATA does not hold the pasta shop")
    def test_the_promotions_of_a_real_shop_make_its_forecasts_better(self) -> None:
        sold, promoted = real_shop()
        past, future = promoted[:, :-28], promoted[:, -28:]
        bare = Panel.of(list(sold[:, :-28]), frequency=Frequency.DAY)
        known = {PROMOTION: past.ravel()}
        rich = Panel(bare.values, bare.offsets, bare.starts, bare.frequency, known, {PROMOTION: future})
        losses = [
            pinball(sold[:, -28:], Empirical().predict(panel, 28, LEVELS, 0).quantiles).mean()
            for panel in (bare, rich)
        ]
        assert losses[1] < 0.95 * losses[0]


def real_shop() -> tuple[Floats, Floats]:
    """float64[n, 814], the last days of the pasta shop: what was sold, and whether it was on promotion."""
    columns = np.genfromtxt(PASTA, delimiter=",", names=True, dtype=None, encoding="utf-8")
    products, days = np.unique(columns["unique_id"]), np.unique(columns["ds"])
    order = np.lexsort((columns["ds"], columns["unique_id"]))
    shape = (len(products), len(days))
    sold, promoted = (columns[name][order].astype(float).reshape(shape) for name in ("y", "promotion"))
    return sold[:, -814:], promoted[:, -814:]
