"""The dynamic optimised theta model (Fiorucci et al. 2016) of many products; the arithmetic is compiled."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_ets import _theta

_PATHS: Final = 256
"""How many futures are simulated: a power of two suits the sorting."""


@dataclass(frozen=True, slots=True)
class Theta:
    """Exponential smoothing that keeps a share of the trend, around a season; futures are simulated.

    A season is looked for where two of them are known: 7 days, 12 months, 52 weeks. The kernel works in
    units of each product's mean demand, so that neither large numbers nor small ones are special to it.
    """

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        season, products = panel.frequency.season, len(panel)
        scale = _means(panel)
        values = panel.values / np.repeat(scale, panel.lengths)
        mean = np.empty((products, horizon))
        quantiles, totals = np.empty((2, products, horizon, len(levels)))
        ranks = _ranks(horizon, seed)
        places = np.clip(np.ceil(levels * _PATHS - 1e-9).astype(np.int64) - 1, 0, _PATHS - 1)
        old_enough = panel.known() >= 2 * season
        for length, those in ((season, old_enough), (1, ~old_enough)):
            chosen = np.flatnonzero(those)
            # Eight products of like length share the work of the longest of them.
            order = chosen[np.argsort(panel.lengths[chosen], kind="stable")]
            _theta.predict(
                values, panel.offsets, order, length, horizon, ranks, places, mean, quantiles, totals
            )
        mean *= scale[:, None]
        quantiles *= scale[:, None, None]
        totals *= scale[:, None, None]
        return Prediction(mean, quantiles, totals, np.array(levels, dtype=np.float64))


def _means(panel: Panel) -> NDArray[np.float64]:
    """float64[n], mean known demand, 1 where there was none."""
    sums = np.bincount(panel.owners(), weights=np.nan_to_num(panel.values), minlength=len(panel))
    means: NDArray[np.float64] = sums / np.maximum(panel.known(), 1)
    return np.where(means > 0, means, 1.0)


def _ranks(horizon: int, seed: int) -> NDArray[np.int64]:
    """int64[horizon, paths]: which of the equally likely errors each future meets; in a step, each once."""
    drawn = np.random.default_rng(seed).random((horizon, _PATHS))
    return np.argsort(drawn, axis=1).astype(np.int64)
