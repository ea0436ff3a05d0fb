"""From the distribution of each step to the distribution of totals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_intermittent import kernel
from inventoryai_intermittent.windows import Matrix, Vector, Window, windows

PATHS: Final = 256
"""Futures simulated, and entries in the table of a distribution."""
USUAL_DEPENDENCE: Final = 0.1
"""Correlation of the demands of two periods of a horizon, where a product's own past does not tell."""
_CELLS: Final = 150_000
"""Simulated numbers held at once: few enough to stay in a processor's cache."""
_FEWEST: Final = 8
"""Products simulated at once in any case, however long the horizon: one at a time would be slow."""
_STEPS: Final = 12
"""Correlations that are told apart: the squares of 0, 1/12, 2/12, …"""
_MOST: Final = 0.7
"""The highest correlation: beyond it, a few futures of a whole horizon are no sample any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What ``n`` products may sell in a period, as equally likely numbers of units.

    Attributes:
        values: float32[n, phases, PATHS], rising; step k (from 0) is distributed as phase k mod phases.
        dependence: float64[n], correlation of the demands of any two steps.
        known_mean: float64[n, phases], the means of the values, where they were worked out with them.
    """

    values: NDArray[np.float32]
    dependence: Vector
    known_mean: Matrix | None = None

    @property
    def mean(self) -> Matrix:
        """float64[n, phases]."""
        if self.known_mean is not None:
            return self.known_mean
        return np.asarray(self.values.mean(axis=2, dtype=np.float64))


Law = Callable[[Window, int], Tables]
"""From a window and the horizon to the distributions."""


class Futures:
    """Simulated futures whose draws depend on the seed, the path and the step, and not on the product.

    In every step, every entry of a product's table is used exactly once, so that its quantiles owe
    nothing to chance. Which path gets which entry is decided by normal scores that the steps of a path
    have partly in common: a Gaussian copula. A path on which the product does well does well throughout.
    """

    def __init__(self, horizon: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._common = rng.permutation(_normal_scores(PATHS))
        self._own = rng.standard_normal((horizon, PATHS))
        self._ranks: dict[int, NDArray[np.intp]] = {}

    def predict(self, tables: Tables, unit: Vector, levels: NDArray[np.float64]) -> Prediction:
        """Quantiles of the steps from the tables, of the totals from simulated sums.

        Args:
            tables: The distributions of ``n`` products, in units.
            unit: float64[n], what one unit is.
            levels: float64[q], rising, within 0 and 1.
        """
        steps = np.arange(len(self._own)) % tables.values.shape[1]
        place = np.clip(np.ceil(levels * PATHS - 1e-9).astype(np.intp) - 1, 0, PATHS - 1)
        scale = unit[:, None, None]
        average = tables.mean * unit[:, None]
        totals = self._totals(tables, place)
        return Prediction(
            mean=average[:, steps],
            quantiles=(tables.values[:, :, place] * scale)[:, steps],
            totals=np.multiply(totals, scale, out=totals),
            levels=levels,
        )

    def _totals(self, tables: Tables, place: NDArray[np.intp]) -> Matrix:
        """float64[n, h, q], in units: products of like correlation together."""
        totals = np.empty((len(tables.values), len(self._own), len(place)))
        group = np.rint(_STEPS * np.sqrt(_copula(tables))).astype(np.intp)
        write = self._write_compiled if kernel.available() else self._write
        for strength in np.unique(group).tolist():
            write(totals, tables.values, np.flatnonzero(group == strength), strength, place)
        return totals

    def _write_compiled(
        self,
        totals: Matrix,
        values: NDArray[np.float32],
        alike: NDArray[np.intp],
        strength: int,
        place: NDArray[np.intp],
    ) -> None:
        """As ``_write``, by the compiled kernel."""
        from inventoryai_intermittent import _counts  # noqa: PLC0415 - it may not be there

        _counts.totals(values, values.shape[1], alike, self._ranks_of(strength), place, totals)

    def _write(
        self,
        totals: Matrix,
        values: NDArray[np.float32],
        alike: NDArray[np.intp],
        strength: int,
        place: NDArray[np.intp],
    ) -> None:
        """The totals of products of one correlation, some at a time."""
        block = max(_FEWEST, _CELLS // self._own.size)
        for start in range(0, len(alike), block):
            some = alike[start : start + block]
            totals[some] = self._sums(values[some], strength)[:, :, place].swapaxes(0, 1)

    def _sums(self, values: NDArray[np.float32], strength: int) -> NDArray[np.float32]:
        """float32[h, n, PATHS], running totals along the paths, each step's in rising order."""
        phases = np.ascontiguousarray(values.swapaxes(0, 1))
        sums = np.empty((len(self._own), len(values), PATHS), dtype=np.float32)
        for step, ranks in enumerate(self._ranks_of(strength)):
            # Every rank is in range; "clip" is what spares numpy a copy.
            np.take(phases[step % len(phases)], ranks, axis=1, out=sums[step], mode="clip")
            if step:
                sums[step] += sums[step - 1]
        sums.sort(axis=2)
        return sums

    def _ranks_of(self, strength: int) -> NDArray[np.intp]:
        """intp[h, PATHS], for each step a shuffle of 0 … PATHS − 1; made when first asked for."""
        if strength not in self._ranks:
            share = strength / _STEPS
            scores = share * self._common + np.sqrt(1 - share * share) * self._own
            ranks = np.empty(scores.shape, dtype=np.intp)
            np.put_along_axis(ranks, np.argsort(scores, axis=1), np.arange(PATHS)[None], axis=1)
            self._ranks[strength] = ranks
        return self._ranks[strength]


def forecast(
    law: Law, panel: Panel, periods: int, horizon: int, levels: NDArray[np.float64], seed: int
) -> Prediction:
    """What ``law`` says of the last ``periods`` of a panel, in the shape that engines answer in."""
    futures = Futures(horizon, seed)
    places, parts = [], []
    for products, window in windows(panel, periods):
        places.append(products)
        parts.append(futures.predict(law(window, horizon), window.unit, levels))
    joined, order = Prediction.join(parts), np.concatenate(places)
    return joined if (np.diff(order) > 0).all() else joined.subset(np.argsort(order))


def _copula(tables: Tables) -> Vector:
    """The correlation of normal scores that gives the tables the correlation wanted of them.

    Scores are correlated more than what is drawn by them, and much more where most entries are 0. To first
    order the loss is the squared correlation of a table with its scores (the first Hermite coefficient).
    """
    first = tables.values[:, 0].astype(np.float64)
    spread = first.std(axis=1)
    scores = _normal_scores(PATHS)
    kept = (first @ scores / PATHS / np.where(spread > 0, spread, 1.0)) ** 2
    return np.clip(tables.dependence / np.maximum(kept, 0.05), 0.0, _MOST)


def _normal_scores(count: int) -> Vector:
    """Equally likely values of a standard normal, rising: Winitzki's inverse error function.

    Winitzki, S. (2008), A handy approximation for the error function and its inverse; to 0.3 %.
    """
    level = (np.arange(count) + 0.5) / count
    sign = 2 * level - 1
    log = np.log1p(-sign * sign)
    a = 0.147
    half = 2 / (np.pi * a) + log / 2
    raw = np.sign(sign) * np.sqrt(2 * (np.sqrt(half * half - log / a) - half))
    scores: Vector = raw / raw.std()
    return scores
