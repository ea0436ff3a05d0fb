"""Engines that say one number for each period, made distributions by the mistakes they made before."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction

Matrix = NDArray[np.float64]
Rule = Callable[[Matrix, int, int], tuple[Matrix, Matrix]]
"""From histories float64[n, w] (the last column is the last period, NaN where nothing is known; every
row knows something), the season and the horizon, to the point forecast float64[n, h] and the one-step
errors float64[n, e]."""


@dataclass(frozen=True, slots=True)
class PointEngine:
    """An engine made of a rule."""

    rule: Rule

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        season = panel.frequency.season
        histories = panel.tail(int(panel.lengths.max()))
        point, errors = self.rule(histories, season, horizon)
        return Prediction.from_errors(point, errors, levels, seed, season=season)


def last_value(histories: Matrix, season: int, horizon: int) -> tuple[Matrix, Matrix]:
    """The last known demand, again and again."""
    del season
    filled = _filled(histories)
    return np.repeat(filled[:, -1:], horizon, axis=1), histories[:, 1:] - filled[:, :-1]


def last_season(histories: Matrix, season: int, horizon: int) -> tuple[Matrix, Matrix]:
    """The last known demand at the same point of the season; the last at all where there is none.

    A history that never saw the same point twice is judged by the mistakes of its last value.
    """
    spare = season + -histories.shape[1] % season
    padded = np.pad(histories, ((0, 0), (spare, 0)), constant_values=np.nan)
    products = len(padded)
    by_point = padded.reshape(products, -1, season).swapaxes(1, 2)
    filled = _filled(by_point.reshape(products * season, -1)).reshape(by_point.shape)
    before = filled[:, :, :-1].swapaxes(1, 2).reshape(products, -1)
    errors = padded[:, season:] - before
    never_twice = np.isnan(errors).all(axis=1, keepdims=True)
    latest, steps = last_value(padded, season, 1)
    point = np.where(np.isnan(filled[:, :, -1]), latest, filled[:, :, -1])
    errors = np.where(never_twice, steps[:, season - 1 :], errors)
    return point[:, np.arange(horizon) % season], errors


def mean(histories: Matrix, season: int, horizon: int) -> tuple[Matrix, Matrix]:
    """The mean of all that is known."""
    del season
    average = _average(histories)
    return np.repeat(average, horizon, axis=1), histories - average


@dataclass(frozen=True, slots=True)
class WindowMean:
    """The mean of the last periods, or of all where none of those is known."""

    window: int = 28

    def __call__(self, histories: Matrix, season: int, horizon: int) -> tuple[Matrix, Matrix]:
        """See ``Rule``."""
        del season
        recent = histories[:, -self.window :]
        empty = np.isnan(recent).all(axis=1, keepdims=True)
        average = np.where(empty, _average(histories), _average(recent))
        return np.repeat(average, horizon, axis=1), histories[:, 1:] - self._before(histories)[:, 1:]

    def _before(self, histories: Matrix) -> Matrix:
        """float64[n, w], the mean of the window before each period, NaN where none of it is known."""
        known = ~np.isnan(histories)
        sums, counts = (_windowed(rows, self.window) for rows in (np.where(known, histories, 0.0), known))
        return np.where(counts > 0, np.maximum(sums, 0.0) / np.maximum(counts, 1), np.nan)


def _windowed(rows: NDArray[np.generic], window: int) -> Matrix:
    """float64[n, w], the sum of the ``window`` entries before each."""
    sums = np.pad(np.cumsum(rows, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    before = np.maximum(np.arange(rows.shape[1]) - window, 0)
    difference: Matrix = sums[:, :-1] - sums[:, before]
    return difference


def _filled(rows: Matrix) -> Matrix:
    """Each row with its unknown entries replaced by the last known one before, where there is one."""
    place = np.where(np.isnan(rows), 0, np.arange(rows.shape[1]))
    return np.take_along_axis(rows, np.maximum.accumulate(place, axis=1), axis=1)


def _average(rows: Matrix) -> Matrix:
    """float64[n, 1], the mean of the known entries; 0 where there is none."""
    known = np.maximum(np.sum(~np.isnan(rows), axis=1, keepdims=True), 1)
    average: Matrix = np.nansum(rows, axis=1, keepdims=True) / known
    return average
