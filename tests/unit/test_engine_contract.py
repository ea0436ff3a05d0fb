"""The conformance kit finds what it is for: each of these engines breaks one promise, and one test tells."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai.forecasting.testing import EngineContract, random_panel
from inventoryai.forecasting.testing.random_panels import VARIABLE, how_many

Levels = NDArray[np.float64]
Spoil = Callable[[Panel, Prediction], Prediction]


class Mean:
    """A good engine, until what it answers is spoilt."""

    def __init__(self, spoil: Spoil) -> None:
        self.spoil = spoil

    def predict(self, panel: Panel, horizon: int, levels: Levels, seed: int) -> Prediction:
        rng = np.random.default_rng(seed)
        means = np.array([np.nanmean(panel.history(product)) for product in range(len(panel))])
        samples = means[:, None, None] * np.sort(rng.random((1, 50, horizon)), axis=1) * 2
        return self.spoil(panel, Prediction.from_samples(samples, levels))


def negative(_panel: Panel, prediction: Prediction) -> Prediction:
    return replace(prediction, mean=prediction.mean - 1e9)


def no_number(_panel: Panel, prediction: Prediction) -> Prediction:
    return replace(prediction, totals=prediction.totals * np.nan)


def crossing(_panel: Panel, prediction: Prediction) -> Prediction:
    return replace(prediction, quantiles=prediction.quantiles[..., ::-1])


def certain(_panel: Panel, prediction: Prediction) -> Prediction:
    return replace(prediction, totals=np.cumsum(prediction.quantiles, axis=1) * 0.5)


def by_place(_panel: Panel, prediction: Prediction) -> Prediction:
    bonus = 1 + np.arange(len(prediction))[:, None]
    return replace(prediction, mean=prediction.mean * bonus)


def by_luck(_panel: Panel, prediction: Prediction) -> Prediction:
    return replace(prediction, mean=prediction.mean * np.random.default_rng().random())


def by_size(panel: Panel, prediction: Prediction) -> Prediction:
    return replace(prediction, mean=prediction.mean * len(panel))


def writing(panel: Panel, prediction: Prediction) -> Prediction:
    panel.values[:] = np.nan_to_num(panel.values)
    return prediction


def nosy(panel: Panel, prediction: Prediction) -> Prediction:
    return replace(prediction, mean=prediction.mean + sum(map(np.sum, panel.future.values())))


class Remembering:
    """Grows with the largest demand it ever saw."""

    def __init__(self) -> None:
        self.largest = 0.0

    def __call__(self, panel: Panel, prediction: Prediction) -> Prediction:
        self.largest = max(self.largest, float(np.nanmax(panel.values)) + len(panel.values))
        return replace(prediction, mean=prediction.mean + self.largest)


class TestMean(EngineContract):
    scale_equivariant = True

    @pytest.fixture
    def engine(self) -> Mean:
        return Mean(lambda _panel, prediction: prediction)


def kit() -> EngineContract:
    return TestMean()


Check = Callable[[Mean], None]
BROKEN: dict[str, tuple[Spoil, Check]] = {
    "negative": (negative, lambda engine: kit().test_any_levels_may_be_asked_for(engine, (0.5,))),
    "NaN": (no_number, lambda engine: kit().test_special_histories_get_a_forecast(engine, "constant")),
    "crossing": (crossing, lambda engine: kit().test_short_histories_get_a_forecast(engine, "trend", 3)),
    "totals": (certain, lambda engine: kit().test_any_panel_gets_a_forecast(engine)),
    "order": (by_place, lambda engine: kit().test_the_order_of_products_changes_nothing(engine)),
    "chance": (by_luck, lambda engine: kit().test_the_same_question_gets_the_same_bytes(engine)),
    "cuts": (by_size, lambda engine: kit().test_cutting_a_panel_changes_nothing(engine)),
    "covariates": (
        nosy,
        lambda engine: kit().test_covariates_that_the_engine_does_not_name_are_ignored(engine),
    ),
    "memory": (Remembering(), lambda engine: kit().test_nothing_is_remembered_of_the_days_to_come(engine)),
    "scale": (
        lambda _panel, prediction: replace(prediction, mean=prediction.mean + 1),
        lambda engine: kit().test_scale(engine, 1e3),
    ),
}


@pytest.mark.parametrize(("spoil", "check"), BROKEN.values(), ids=BROKEN)
def test_a_broken_promise_is_found(spoil: Spoil, check: Check) -> None:
    with pytest.raises(AssertionError):
        check(Mean(spoil))


def test_an_engine_that_writes_into_the_panel_is_stopped() -> None:
    with pytest.raises(ValueError, match="read-only"):
        kit().test_the_panel_is_left_as_it_was(Mean(writing))


def test_a_seed_is_a_panel_that_an_engine_may_be_asked_about() -> None:
    for seed in range(200):
        panel, horizon = random_panel(seed, minimum_history=5)
        assert (panel.known() >= 5).all()
        assert 1 <= horizon <= 10
        assert np.array_equal(panel.values, random_panel(seed, minimum_history=5)[0].values, equal_nan=True)


@pytest.mark.parametrize(
    ("said", "expected"), [("", (10, 30)), ("2000", (100, 1900)), ("5", (5, 0)), ("100", (25, 75))]
)
def test_the_environment_says_how_many_random_panels_there_are(
    monkeypatch: pytest.MonkeyPatch, said: str, expected: tuple[int, int]
) -> None:
    monkeypatch.setenv(VARIABLE, said)
    assert how_many(40) == expected
