"""Exponential smoothing: forms are fitted, weighed, and simulated together."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_ets import _ets
from inventoryai_ets.fitting import Fits, Scaled, fit
from inventoryai_ets.forms import LEVEL, evidence
from inventoryai_ets.names import FITTED, NAMES, simpler

_PATHS: Final = 256
"""A power of two, so that the sorting needs no rest; the 99th percentile is the third largest."""

ALL: Final = "ZZZ"
"""Stands for all forms where the name of one is asked for."""


@dataclass(frozen=True, slots=True)
class Ets:
    """The best few of fifteen forms, each as much as its likelihood says.

    Attributes:
        model: ``ZZZ`` for all forms, or the name of one. A product for which that one is out of the question
            (zeros under multiplication, less than two seasons) gets the nearest that is not.
        combine: How many forms are taken together at most.
    """

    model: str = ALL
    combine: int = 3

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        scaled = Scaled.of(panel)
        fits = fit(scaled, frozenset(FITTED) if self.model == ALL else frozenset({self.model}))
        return simulate(scaled, fits, self._weights(fits), horizon, levels, seed)

    def _weights(self, fits: Fits) -> NDArray[np.float64]:
        """float64[n, 18], what each form counts."""
        criterion = fits.criterion()
        if self.model != ALL:
            criterion = _prefer(self.model, criterion)
        # Nothing can be said for any form: a level without memory is the mean.
        speechless = ~np.isfinite(criterion).any(axis=1)
        criterion[speechless, 0] = 0
        fits.parameters[speechless, 0, :] = 0
        fits.parameters[speechless, 0, LEVEL] = 1
        return evidence(criterion, self.combine)


def _prefer(model: str, criterion: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[n, 18], 0 for the one form that each product is to have, infinite for the others.

    It is the richest of the model and the forms simpler than it that the product can have: errors and season
    may not multiply where there are zeros, and a season needs two cycles.
    """
    ranked = sorted(simpler(model), key=lambda name: (len(simpler(name)), name), reverse=True)
    columns = [NAMES.index(name) for name in ranked]
    possible = np.isfinite(criterion[:, columns])
    first = np.array(columns)[np.argmax(possible, axis=1)]
    preferred = np.full(criterion.shape, np.inf)
    preferred[np.arange(len(first)), first] = np.where(possible.any(axis=1), 0.0, np.inf)
    return preferred


def simulate(
    scaled: Scaled,
    fits: Fits,
    weights: NDArray[np.float64],
    horizon: int,
    levels: NDArray[np.float64],
    seed: int,
) -> Prediction:
    """Futures from the fitted forms, with draws that are the same for all products."""
    products = len(weights)
    members = int((weights > 0).sum(axis=1).max())
    form = np.ascontiguousarray(np.argsort(-weights, axis=1, kind="stable")[:, :members])
    weight = np.take_along_axis(weights, form, axis=1)
    parameters = np.take_along_axis(fits.parameters, form[:, :, None], axis=1)
    mean = np.empty((products, horizon))
    quantiles, totals = np.empty((2, products, horizon, len(levels)))
    _ets.simulate(
        scaled.values,
        scaled.panel.offsets,
        _order(scaled.panel, form, weight),
        fits.season,
        members,
        form,
        weight,
        parameters,
        horizon,
        _ranks(horizon, seed),
        _normal(),
        np.clip(np.ceil(levels * _PATHS - 1e-9).astype(np.int64) - 1, 0, _PATHS - 1),
        mean,
        quantiles,
        totals,
    )
    units = scaled.means[:, None]
    return Prediction(mean * units, quantiles * units[..., None], totals * units[..., None], levels.copy())


def _order(panel: Panel, form: NDArray[np.int64], weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """int64[n], products so that eight in a row have much in common: what one needs is done for all."""
    counts = weight > 0
    multiplied = (counts & (form >= len(NAMES) // 2)).any(axis=1)
    seasonal = (counts & (form % 3 > 0)).any(axis=1)
    return np.lexsort((panel.lengths, counts.sum(axis=1), seasonal, multiplied))


def _ranks(horizon: int, seed: int) -> NDArray[np.int64]:
    """int64[horizon, paths]: which of the equally likely errors each future meets; in a step, each once."""
    return np.argsort(np.random.default_rng(seed).random((horizon, _PATHS)), axis=1)


def _normal() -> NDArray[np.float64]:
    """float64[paths], equally likely normal numbers in rising order."""
    standard = NormalDist()
    return np.array([standard.inv_cdf((path + 0.5) / _PATHS) for path in range(_PATHS)])
