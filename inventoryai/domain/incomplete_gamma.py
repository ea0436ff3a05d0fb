"""The distribution function of the gamma distribution, for whole arrays, with numpy alone.

P(a, x) = γ(a, x) / Γ(a) is the probability that a gamma variable of shape a and scale 1 is at most x.
Formulas: NIST Digital Library of Mathematical Functions, §8.11 (the series, 8.11.4) and §5.11
(Stirling's series, 5.11.1). Where the shape is large the series needs too many terms, and the density
is integrated over the nearer tail instead, as Press et al. do in *Numerical Recipes*, 3rd ed., §6.2.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_NEGLIGIBLE: Final = -45.0
"""A tail whose logarithm is below this (3e-20) is nothing beside 1 in double precision."""
_LARGE_SHAPE: Final = 100.0
_TERMS: Final = 2_000
"""More than the series can need: below a shape of 100 and within the bound, x stays under 220."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def gamma_cdf(shape: ArrayLike, x: ArrayLike) -> Floats:
    """P(shape, x), elementwise and broadcast, to about 1e-13.

    Args:
        shape: Above 0.
        x: In units of the scale; what is below 0 has probability 0.
    """
    a, point = np.broadcast_arrays(np.asarray(shape, np.float64), np.asarray(x, np.float64))
    answer = np.where(point > a, 1.0, 0.0)
    matters = (point > 0) & (_tail_bound(a, point) > _NEGLIGIBLE)
    small, large = matters & (a < _LARGE_SHAPE), matters & (a >= _LARGE_SHAPE)
    answer[small] = _series(a[small], point[small])
    answer[large] = _quadrature(a[large], point[large])
    return np.clip(answer, 0.0, 1.0)


def _tail_bound(a: Floats, x: Floats) -> Floats:
    """Chernoff's bound on the logarithm of the tail beyond x, on x's side of the mean."""
    ratio = np.maximum(x, np.finfo(np.float64).tiny) / a
    bound: Floats = a * (np.log(ratio) + 1.0 - ratio)
    return bound


def _series(a: Floats, x: Floats) -> Floats:
    """P(a, x) = xᵃ e⁻ˣ / Γ(a + 1) · Σ xⁿ / ((a + 1) … (a + n)): all terms positive, nothing cancels."""
    log_gamma = np.fromiter((math.lgamma(shape + 1.0) for shape in a), np.float64, len(a))
    term = np.ones_like(x)
    total = np.ones_like(x)
    for n in range(1, _TERMS):
        term = term * x / (a + n)
        total += term
        if not (term > total * 1e-17).any():
            break
    value: Floats = np.exp(a * np.log(x) - x - log_gamma) * total
    return value


def _quadrature(a: Floats, x: Floats) -> Floats:
    """P(a, x) by Gauss-Legendre over the tail that lies on x's side of the mean."""
    above = x > a
    end = np.where(above, a + 14.0 * np.sqrt(a), a - 9.6 * np.sqrt(a))
    half = (end - x)[:, None] / 2.0
    nodes = x[:, None] + half * (1.0 + _NODES)
    tail = np.abs((_density(a[:, None], nodes) * half) @ _WEIGHTS)
    return np.where(above, 1.0 - tail, tail)


def _density(a: Floats, t: Floats) -> Floats:
    """The gamma density at t, with Stirling's series in place of a logarithm of Γ that would cancel."""
    deviation = (t - a) / a
    stirling = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * a**2)) / a**2) / a
    power = a * (np.log1p(deviation) - deviation)
    density: Floats = np.exp(power - stirling) * np.sqrt(a / (2.0 * np.pi)) / t
    return density
