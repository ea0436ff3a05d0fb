"""What can be said of a product in single numbers."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency
from inventoryai_lstm.histories import Floats
from inventoryai_lstm.seasons import pooled_sums

FACTS: Final = 16
_NOTHING: Final = 1e-9
"""Demand below this share of the mean is none."""
_NEARLY: Final = 1e-4
"""How far from a whole number, relatively, a whole number may be."""


def facts(
    frequency: Frequency, known: NDArray[np.bool_], demand: Floats, weights: Sequence[Floats]
) -> Floats:
    """float64[n, FACTS], each roughly from -2 to 4.

    Args:
        frequency: What one period is.
        known: bool[n, t].
        demand: float64[n, t], over its mean; 0 where unknown.
        weights: Two of float64[n, t], one that fades quickly and one that fades slowly.
    """
    positive = known & (demand > _NOTHING)
    columns = [
        *_units(demand),
        *_ages(known),
        *(np.arcsinh((demand * weight).sum(axis=1)) for weight in weights),
        *((positive * weight).sum(axis=1) for weight in weights),
        *_sizes(demand, positive, weights[1]),
        np.log1p(_since(positive)) / 4,
        np.arcsinh(_change(known, demand)),
        np.arcsinh(_recently(known, demand, weights[1])),
        pooled_sums(frequency, demand, known),
        np.arcsinh(demand.sum(axis=1) / np.maximum(known.sum(axis=1), 1)),
        np.arcsinh(demand.max(axis=1)) / 3,
    ]
    return np.stack(columns, axis=1).astype(np.float64)


def quantum(demand: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The least demand there was, float64[n], and whether all demand came in whole multiples of it.

    1 where there was none.
    """
    least = np.where(demand > _NOTHING, demand, np.inf).min(axis=1)
    least = np.where(np.isfinite(least), least, 1.0)
    units = demand / least[:, None]
    whole = (np.abs(units - np.rint(units)) < _NEARLY * np.maximum(units, 1.0)).all(axis=1)
    return least, whole


def _units(demand: Floats) -> tuple[Floats, Floats]:
    """How many of the least demand make the mean, and whether all is in whole ones: how rare sales are."""
    least, whole = quantum(demand)
    return np.clip(-np.log(least), -2, 12) / 3, whole.astype(np.float64)


def _ages(known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """How many periods are known, and how many there are since the first."""
    age = np.where(known.any(axis=1), known.shape[1] - np.argmax(known, axis=1), 0)
    return np.log1p(known.sum(axis=1)) / 6, np.log1p(age) / 6


def _sizes(demand: Floats, positive: NDArray[np.bool_], weight: Floats) -> tuple[Floats, Floats]:
    """How much is sold where anything is, and how differently much."""
    selling = np.maximum((positive * weight).sum(axis=1), 1e-9)
    size = (demand * weight).sum(axis=1) / selling
    squares = (demand**2 * weight).sum(axis=1) / selling
    spread = np.sqrt(np.maximum(squares - size**2, 0.0))
    return np.arcsinh(size) / 2, np.arcsinh(spread) / 2


def _since(positive: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Periods since the last sale; all of them where there was none."""
    return np.where(positive.any(axis=1), np.argmax(positive[:, ::-1], axis=1), positive.shape[1])


def _change(known: NDArray[np.bool_], demand: Floats) -> Floats:
    """Mean absolute change from one known period to the next."""
    both = known[:, 1:] & known[:, :-1]
    change: Floats = (np.abs(np.diff(demand, axis=1)) * both).sum(axis=1) / np.maximum(both.sum(axis=1), 1)
    return change


def _recently(known: NDArray[np.bool_], demand: Floats, weight: Floats) -> Floats:
    """The mean of the later half of what is known."""
    periods = np.arange(known.shape[1])
    half = weight * (periods >= len(periods) - np.maximum(known.sum(axis=1) // 2, 1)[:, None])
    mean: Floats = (demand * half).sum(axis=1) / np.maximum(half.sum(axis=1), 1e-12)
    return mean
