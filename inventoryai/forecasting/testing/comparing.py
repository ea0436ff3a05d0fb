# ruff: noqa: S101 - asserting is what a conformance kit is for
"""What the kit asserts of a prediction, for tests of an author's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

_SLACK: Final = 1e-9
_SAME: Final = 1e-6
_NUMBERS: Final = ("mean", "quantiles", "totals")


def check_totals(prediction: Prediction) -> None:
    """Totals are those of demand that is never negative, up to rounding."""
    quantiles, totals = prediction.quantiles, prediction.totals
    room = _SLACK * np.maximum(totals, quantiles)
    assert (np.abs(totals[:, 0] - quantiles[:, 0]) <= room[:, 0]).all(), (
        "totals of step 1 are not its quantiles"
    )
    assert (totals[:, 1:] >= totals[:, :-1] - room[:, :-1]).all(), "totals fall from one step to the next"
    highest = np.maximum.accumulate(quantiles, axis=1)
    assert (totals >= highest * (1 - _SLACK)).all(), "a total is below the quantile of one of its steps"


def assert_identical(one: Prediction, other: Prediction) -> None:
    """Equal to the last bit."""
    for name in _NUMBERS:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), f"{name} differ"


def assert_same(one: Prediction, other: Prediction) -> None:
    """Equal within 1e-6, relative to the number or, near 0, to the product's mean demand."""
    scale = np.abs(other.mean).max(axis=1)
    for name in _NUMBERS:
        first, second = getattr(one, name), getattr(other, name)
        room = _SAME * np.maximum(np.abs(second), scale.reshape(-1, *[1] * (second.ndim - 1)))
        assert (np.abs(first - second) <= room).all(), f"{name} differ"


@contextmanager
def frozen(panel: Panel, *others: NDArray[np.float64]) -> Iterator[None]:
    """A panel, and other arrays, that cannot be written to."""
    arrays = [panel.values, panel.offsets, panel.starts, *others]
    arrays += [*panel.covariates.values(), *panel.future.values()]
    before = [array.flags.writeable for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    try:
        yield
    finally:
        for array, writeable in zip(arrays, before, strict=True):
            array.flags.writeable = writeable
