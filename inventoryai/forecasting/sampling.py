"""Turning sampled futures into quantiles, and past errors into sampled futures."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Paths = NDArray[np.float64]


def empirical_quantiles(samples: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order statistics: the smallest sample that at least a share ``level`` of them does not exceed.

    Nothing is interpolated. What interpolation would add in smoothness it would take in certainty:
    an order statistic rises with the level and with the samples exactly, not up to rounding.

    Args:
        samples: float64[..., s]; left as they are.
        levels: float64[q], within 0 and 1.

    Returns:
        float64[..., q]
    """
    count = samples.shape[-1]
    # 0.35 * 200 is a hair above 70 in binary; without the allowance it would be the 71st.
    rank = np.ceil(levels * count - 1e-9).astype(np.int64) - 1
    rank = np.clip(rank, 0, count - 1)
    # Sorting is vectorised in numpy and partitioning at several places is not: it would take longer.
    chosen: NDArray[np.float64] = np.sort(samples, axis=-1)[..., rank]
    return chosen


def stratified(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    """float64[rows, columns] in [0, 1): every column has one draw in each of ``rows`` equal slices.

    A column of ordinary draws may miss the tail by luck; this one cannot.
    """
    slices = rng.permuted(np.tile(np.arange(rows, dtype=np.float64)[:, None], (1, columns)), axis=0)
    drawn: NDArray[np.float64] = (slices + rng.random((rows, columns))) / rows
    return drawn


def paths_from_errors(
    horizon: int, seed: int, *, season: int, paths: int
) -> Callable[[NDArray[np.float64], NDArray[np.float64]], Paths]:
    """A block bootstrap whose draws are made once, for all products to come.

    Blocks of ``season`` successive known errors start anywhere, going round at the end, so that every
    error is as likely in every step and neighbours stay neighbours.

    Returns:
        A function of point float64[n, h] and errors float64[n, e], that returns float64[n, h, paths].
    """
    blocks = -(-horizon // season)
    where = stratified(np.random.default_rng(seed), paths, blocks)

    def draw(point: NDArray[np.float64], errors: NDArray[np.float64]) -> Paths:
        ring, known = _rings(errors, season)
        row = np.arange(len(point))[:, None] * ring.shape[1]
        futures = np.empty((len(point), horizon, paths))
        for block in range(blocks):
            start = row + (where[:, block] * known[:, None]).astype(np.int64)
            first = block * season
            for step in range(first, min(first + season, horizon)):
                futures[:, step] = ring.ravel()[start + step - first]
        futures += point[:, :, None]
        return futures

    return draw


def _rings(errors: NDArray[np.float64], season: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The known errors of each product, in order, and from the beginning again after the last.

    Returns:
        float64[n, e + season] and int64[n], how many are known, 0 counting as one error of 0.
    """
    products, length = errors.shape
    missing = np.isnan(errors)
    order = np.argsort(missing, axis=1, kind="stable")
    packed = np.zeros((products, max(1, length)))
    packed[:, :length] = np.take_along_axis(np.where(missing, 0.0, errors), order, axis=1)
    known = np.maximum(np.sum(~missing, axis=1), 1)
    turn = np.arange(packed.shape[1] + season) % known[:, None]
    return np.take_along_axis(packed, turn, axis=1), known
