"""The compiled kernel and the numpy model are one model."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Engine, Frequency, Panel, Prediction
from inventoryai.forecasting.testing import EngineContract
from inventoryai_intermittent import inventoryai_engines, kernel

SPECS = {spec.name: spec for spec in inventoryai_engines()}
LEVELS = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
HORIZONS = {Frequency.DAY: 28, Frequency.WEEK: 13, Frequency.MONTH: 12}


def never() -> bool:
    return False


@pytest.fixture
def without_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "available", never)


def shop() -> list[NDArray[np.floating]]:
    """All that a shop sells: seldom, by the dozen, by weight, regularly, always the same, not of late."""
    rng = np.random.default_rng(3)
    week = np.array([0.1, 1, 1, 1, 2, 4, 6])
    drawn: list[Callable[[int], NDArray[np.floating]]] = [
        lambda days: rng.poisson(0.1, days).astype(float),
        lambda days: rng.poisson(np.resize(week, days)).astype(float),
        lambda days: rng.poisson(np.resize(week, days) * rng.gamma(1.0, 1.0, days)).astype(float),
        lambda days: 12.0 * rng.poisson(2.0, days),
        lambda days: 0.1 * rng.poisson(5.0, days),
        lambda days: rng.gamma(2.0, 1.0, days),
        lambda days: rng.poisson(900.0, days).astype(float),
        lambda days: rng.binomial(20, 0.8, days).astype(float),
        lambda days: np.full(days, 7.0),
        np.zeros,
    ]
    histories = [draw(days) for days in (1, 2, 40, 150, 700) for draw in drawn]
    gaps = [np.where(rng.random(len(one)) < 0.2, np.nan, one) for one in histories[-10:]]
    gone = [np.append(histories[-9], np.full(500, np.nan))]
    return [*histories, *gaps, *gone]


def predict(name: str, frequency: Frequency) -> Prediction:
    panel = Panel.of([*shop()], frequency=frequency)
    return SPECS[name].load({}).predict(panel, HORIZONS[frequency], LEVELS, 5)


@pytest.mark.parametrize("name", sorted(SPECS))
@pytest.mark.parametrize("frequency", list(Frequency))
def test_both_say_the_same(name: str, frequency: Frequency, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kernel.available():
        pytest.skip("there was no C compiler")
    compiled = predict(name, frequency)
    monkeypatch.setattr(kernel, "available", never)
    plain = predict(name, frequency)
    np.testing.assert_allclose(compiled.mean, plain.mean, rtol=1e-6)
    np.testing.assert_allclose(compiled.quantiles, plain.quantiles, rtol=1e-6)
    np.testing.assert_allclose(compiled.totals, plain.totals, rtol=1e-6)


@pytest.mark.usefixtures("without_compiler")
class TestNumpyAlone(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return SPECS["negbin"].load({})
