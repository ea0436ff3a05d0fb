"""Distributions of few units, counted one by one: 0, 1, 2, …"""

from typing import Final

import numpy as np

from inventoryai_intermittent.windows import Matrix, Vector

LENGTHS: Final = (24, 64)
"""How far counting goes: as far as the first that suffices."""
_POISSON: Final = 1.001
"""Below this ratio of variance to mean, a negative binomial is a Poisson to all intents."""
_ROUNDS: Final = 4


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
    """Masses (λ^k / k!)^ν up to a factor, whose mean is ``mean`` and whose variance about ``ratio`` times it.

    ν is 1 / ``ratio``; the logarithm of λ^ν is found by Newton's method from the mean it gives.
    """
    power = 1 / ratio
    count = np.arange(cells, dtype=np.float64)
    base = -power[:, None] * np.concatenate([[0.0], np.cumsum(np.log(count[1:]))])
    moments = np.stack([np.ones(cells), count, count * count], axis=1)
    tilt = power * np.log(mean + (power - 1) / (2 * power) * np.minimum(mean, 1.0))
    for _ in range(_ROUNDS):
        total, first, second = (_masses(base, tilt, count) @ moments).T
        found = first / total
        spread = second / total - found * found
        tilt += np.clip((mean - found) / np.maximum(spread, 1e-6), -2.0, 2.0)
    return _masses(base, tilt, count)


def _masses(base: Matrix, tilt: Vector, count: Vector) -> Matrix:
    """Exp of base + tilt · count, the largest of each row 1."""
    terms = tilt[:, None] * count
    terms += base
    terms -= terms.max(axis=1, keepdims=True)
    masses: Matrix = np.exp(terms, out=terms)
    return masses
