"""What the network says, made a prediction: in the units of demand, never negative, totals that add up."""

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_lstm.features import Inputs, describe
from inventoryai_lstm.histories import Floats, Histories
from inventoryai_lstm.lessons import tensors
from inventoryai_lstm.network import Network
from inventoryai_lstm.weighing import LEVELS

_AT_ONCE: Final = 256
"""Products that are answered at once: a few dozen megabytes."""
_BETWEEN: Final = np.concatenate([[0.0], (LEVELS[1:] + LEVELS[:-1]) / 2, [1.0]])


def answer(network: Network, panel: Panel, horizon: int, levels: NDArray[np.float64]) -> Prediction:
    """The prediction of a network whose weights are float64.

    In single precision, a product's answer would depend on the products beside it.
    """
    where = next(network.parameters()).device
    parts = []
    for start in range(0, len(panel), _AT_ONCE):
        histories = Histories.of(panel.chunk(start, start + _AT_ONCE), horizon)
        described = describe(histories)
        with torch.inference_mode():
            found = network(*tensors(described, torch.float64, where)).cpu().numpy()
        parts.append(_prediction(found, described, levels))
    return Prediction.join(parts)


def _prediction(found: Floats, inputs: Inputs, levels: NDArray[np.float64]) -> Prediction:
    """A prediction from what the network answered.

    Args:
        found: float64[n, h, 2, len(LEVELS)], quantiles of steps and of averages, in units of the scale.
        inputs: What it was told.
        levels: Those that are asked for.
    """
    demand = np.maximum(found, 0.0) * inputs.scale[:, None, None, None]
    unit, whole = (column[:, None, None] for column in (inputs.quantum, inputs.whole))
    steps = _between(demand[:, :, 0], levels)
    steps = np.where(whole, np.rint(steps / unit) * unit, steps)
    totals = _between(demand[:, :, 1], levels) * np.arange(1, found.shape[1] + 1)[None, :, None]
    totals[:, 0] = steps[:, 0]
    totals = np.maximum.accumulate(np.maximum(totals, steps), axis=1)
    return Prediction(mean=_mean(demand), quantiles=steps, totals=totals, levels=levels)


def _between(quantiles: Floats, levels: NDArray[np.float64]) -> Floats:
    """float64[..., q], the quantiles at other levels; beyond the outermost ones, those."""
    place = np.interp(levels, LEVELS, np.arange(len(LEVELS)))
    low = np.minimum(place.astype(np.int64), len(LEVELS) - 2)
    share = place - low
    found: Floats = quantiles[..., low] * (1 - share) + quantiles[..., low + 1] * share
    return found


def _mean(demand: Floats) -> Floats:
    """float64[n, h], the means of the steps, which add up to the mean of the total over all of them.

    Each quantile stands for the levels around it.

    Args:
        demand: float64[n, h, 2, len(LEVELS)], quantiles of steps and of averages.
    """
    means = demand @ np.diff(_BETWEEN)
    steps, total = means[:, :, 0], means[:, -1, 1] * demand.shape[1]
    added = steps.sum(axis=1)
    mean: Floats = steps * np.where(added > 0, total / np.where(added > 0, added, 1.0), 0.0)[:, None]
    return mean
