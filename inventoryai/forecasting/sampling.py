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
    ordered = np.partition(samples, np.unique(rank), axis=-1)
    chosen: NDArray[np.float64] = ordered[..., rank]
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
        A function of point float64[n, h] and errors float64[n, e], that returns float64[n, paths, h].
    """
    blocks = -(-horizon // season)
    where = stratified(np.random.default_rng(seed), paths, blocks)
    start = np.repeat(where, season, axis=1)[:, :horizon]
    within = np.tile(np.arange(season), blocks)[:horizon]

    def draw(point: NDArray[np.float64], errors: NDArray[np.float64]) -> Paths:
        packed, known = _known_first(errors)
        turn = np.maximum(known, 1)[:, None, None]
        index = ((start * turn).astype(np.int64) + within) % turn
        rows = np.arange(len(point))[:, None, None]
        futures: Paths = point[:, None, :] + packed[rows, index]
        return futures

    return draw


def _known_first(errors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Errors with the known ones first, in order, the rest 0; and how many are known.

    Returns:
        float64[n, max(e, 1)] and int64[n].
    """
    missing = np.isnan(errors)
    order = np.argsort(missing, axis=1, kind="stable")
    packed = np.take_along_axis(np.where(missing, 0.0, errors), order, axis=1)
    if not packed.shape[1]:
        packed = np.zeros((len(errors), 1))
    return packed, np.sum(~missing, axis=1)
