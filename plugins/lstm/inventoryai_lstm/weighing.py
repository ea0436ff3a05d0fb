"""The past, recent periods counting more: weights, and the quantiles that they make."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_lstm.histories import Floats

LEVELS: Final = np.array(
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999]
)
"""The levels of the quantiles that the network is told, and asked for."""
_NEVER_LESS: Final = 1e-9
"""No weight fades to nothing: who was not seen for years still has a past."""


def fading(known: NDArray[np.bool_], half_life: float) -> Floats:
    """float64[n, t], weights of known periods that sum to 1, or are all 0 where none is known.

    Args:
        known: bool[n, t].
        half_life: Periods after which one counts half.
    """
    age = np.arange(known.shape[1], 0, -1) - 1.0
    faded = known * np.maximum(np.exp2(-age / half_life), _NEVER_LESS)
    weights: Floats = faded / np.maximum(faded.sum(axis=1, keepdims=True), 1e-300)
    return weights


def quantiles(demand: Floats, weights: Sequence[Floats]) -> list[Floats]:
    """For each weighting float64[n, len(LEVELS)]: the least demand that so much of the weight stays below.

    Args:
        demand: float64[n, t], NaN where unknown.
        weights: float64[n, t] each, 0 where unknown.
    """
    order = np.argsort(demand, axis=1)  # unknown ones come last, and weigh nothing
    ranked = np.take_along_axis(np.nan_to_num(demand), order, axis=1)
    products = np.arange(len(demand))
    found = []
    for weight in weights:
        reached = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
        places = [np.argmax(reached >= min(level, 1 - 1e-9), axis=1) for level in LEVELS]
        found.append(np.stack([ranked[products, place] for place in places], axis=1))
    return found
