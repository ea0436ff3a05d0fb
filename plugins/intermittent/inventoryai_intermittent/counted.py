"""Distributions of few units, which are counted one by one."""

from typing import Final

import numpy as np

from inventoryai_intermittent.windows import Matrix, Vector

LENGTHS: Final = (24, 64)
"""How far counting goes: as far as the first that suffices."""
_POISSON: Final = 1.001
"""Below this ratio of variance to mean, a negative binomial is a Poisson to all intents."""
_ROUNDS: Final = (True, True, True, False, False)
"""Newton's steps for a regular law, and whether each looks at the variance, too."""


_ROOM: Final = 1.05
"""The least variance that is asked for, as a multiple of the least that there can be."""


def shares(mean: Vector, ratio: Vector, cells: int) -> Matrix:
    """float64[N, cells], the distribution function at 0, 1, 2, …; 1 at the last.

    Args:
        mean: float64[N], above 0.
        ratio: float64[N], variance over mean, above 0.
        cells: How far to count.
    """
    masses = np.empty((len(mean), cells))
    regular = ratio < 1
    for rows, law in ((~regular, _negative_binomial), (regular, _conway_maxwell)):
        if rows.any():
            masses[rows] = law(mean[rows], ratio[rows], cells)
    summed: Matrix = np.cumsum(masses, axis=1, out=masses)
    summed /= summed[:, -1:].copy()
    return summed


def _negative_binomial(mean: Vector, ratio: Vector, cells: int) -> Matrix:
    """Masses up to a factor, each from the one before: p(k + 1) / p(k) = (r + k) / (k + 1) · q."""
    excess = np.maximum(ratio, _POISSON) - 1
    size, rest = mean / excess, excess / (1 + excess)
    step = np.arange(cells - 1, dtype=np.float64)
    factors = np.ones((len(mean), cells))
    np.add(size[:, None], step, out=factors[:, 1:])
    factors[:, 1:] *= 1 / (step + 1)
    factors[:, 1:] *= rest[:, None]
    masses: Matrix = np.cumprod(factors, axis=1, out=factors)
    return masses


def _conway_maxwell(mean: Vector, ratio: Vector, cells: int) -> Matrix:
    """Masses λ^k / (k!)^ν up to a factor, with the mean wanted and nearly the variance.

    Started where many units have the right mean and variance, ν is scaled by the variance that it gives,
    and ln λ found by Newton's method from the mean that it gives. Whole units of mean m cannot vary less
    than by going up or down from m to the nearest: (m mod 1) (1 − m mod 1).
    """
    between = mean % 1
    ratio = np.maximum(ratio, _ROOM * between * (1 - between) / mean)
    power = 1 / ratio
    count = np.arange(cells, dtype=np.float64)
    moments = np.stack([np.ones(cells), count, count * count], axis=1)
    tilt = power * np.log(mean + (1 - ratio) / 2 * np.minimum(mean, 1.0))
    for regular in _ROUNDS:
        total, first, second = (_masses(power, tilt, count) @ moments).T
        found = first / total
        spread = np.maximum(second / total - found * found, 1e-6)
        scale = np.clip(spread / (mean * ratio), 0.5, 2.0) if regular else 1.0
        power *= scale
        tilt *= scale
        tilt += np.clip(scale * (mean - found) / spread, -2.0, 2.0)
    return _masses(power, tilt, count)


def _masses(power: Vector, tilt: Vector, count: Vector) -> Matrix:
    """exp(tilt · k) / (k!)^power, the largest of each row 1."""
    factorials = np.concatenate([[0.0], np.cumsum(np.log(count[1:]))])
    terms = tilt[:, None] * count
    terms -= power[:, None] * factorials
    terms -= terms.max(axis=1, keepdims=True)
    masses: Matrix = np.exp(terms, out=terms)
    return masses
