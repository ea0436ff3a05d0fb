# ruff: noqa: S101 - asserting is what a conformance kit is for
"""What the kit asserts of a prediction, for tests of an author's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np

from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

_SLACK: Final = 1e-9
_SAME: Final = 1e-6


def check_totals(prediction: Prediction) -> None:
    """Totals are those of demand that is never negative, up to rounding."""
    quantiles, totals = prediction.quantiles, prediction.totals
    np.testing.assert_allclose(totals[:, 0], quantiles[:, 0], rtol=_SLACK, err_msg="total of step 1")
    slack = _SLACK * totals
    assert (totals[:, 1:] >= totals[:, :-1] - slack[:, :-1]).all(), "totals fall from one step to the next"
    highest = np.maximum.accumulate(quantiles, axis=1)
    assert (totals >= highest * (1 - _SLACK)).all(), "a total is below the quantile of one of its steps"


def assert_same(one: Prediction, other: Prediction) -> None:
    """Equal within 1e-6, relative to the number or, near 0, to the product's mean demand."""
    scale = np.abs(other.mean).max(axis=1)
    for name in ("mean", "quantiles", "totals"):
        first, second = getattr(one, name), getattr(other, name)
        room = _SAME * np.maximum(np.abs(second), scale.reshape(-1, *[1] * (second.ndim - 1)))
        assert (np.abs(first - second) <= room).all(), f"{name} differ"


@contextmanager
def frozen(panel: Panel) -> Iterator[None]:
    """A panel whose arrays cannot be written to."""
    arrays = (panel.values, panel.offsets, panel.starts)
    for array in arrays:
        array.flags.writeable = False
    yield
    for array in arrays:
        array.flags.writeable = True
