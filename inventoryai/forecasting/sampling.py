"""Turning sampled futures into quantiles, and past errors into sampled futures.

Sorting is nearly all that this costs, and three things make it quick: what is worked on at once stays in
a processor's cache, the same memory is used again and again (fresh memory costs more than the sort), and
counts are sorted as float32, which holds them exactly and sorts in less than half the time.
"""

import math
from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

_Float = TypeVar("_Float", bound=np.floating[Any])
Paths = NDArray[np.float64]
Fill = Callable[[slice, Paths], None]
"""Writes the futures of some products into the float64[h, b, s] given."""
Described = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""The mean float64[n, h], and the quantiles float64[n, h, q] of steps and of running totals."""

_CELLS: Final = 1 << 16
"""How many sampled numbers are held at once: few enough to stay in a processor's cache."""

_EXACT: Final = 1 << 24
"""Whole numbers below this are float32."""


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
    ranks = quantile_ranks(levels, samples.shape[-1])
    # Sorting is vectorised in numpy and partitioning at several places is not: it would take longer.
    chosen: NDArray[np.float64] = np.sort(samples, axis=-1)[..., ranks]
    return chosen


def quantile_ranks(levels: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """int64[q], the place of each level's quantile among ``count`` samples in rising order."""
    # 0.35 * 200 is a hair above 70 in binary; without the allowance it would be the 71st.
    ranks = np.ceil(levels * count - 1e-9).astype(np.int64) - 1
    within: NDArray[np.int64] = np.clip(ranks, 0, count - 1)
    return within


def describe_futures(fill: Fill, shape: tuple[int, int, int], levels: NDArray[np.float64]) -> Described:
    """Mean, step quantiles and quantiles of running totals of simulated futures, some products at a time.

    Args:
        fill: Where the futures come from; what is below 0 counts as 0.
        shape: Products, steps and paths.
        levels: float64[q], within 0 and 1.
    """
    products, horizon, paths = shape
    ranks = quantile_ranks(levels, paths)
    block = _block(products, horizon * paths)
    memory = np.empty((2, horizon * block * paths))
    mean = np.empty((products, horizon))
    quantiles, totals = np.empty((2, products, horizon, len(levels)))
    for some in _slices(products, block):
        part = (horizon, some.stop - some.start, paths)
        now, running = (_reshaped(some_memory, part) for some_memory in memory)
        fill(some, now)
        np.maximum(now, 0.0, out=now)
        mean[some] = now.mean(axis=2).T
        _add_up(now, running)
        quantiles[some] = _order_statistics(now, ranks)
        totals[some] = _order_statistics(running, ranks)
    return mean, quantiles, totals


def describe_tables(
    tables: NDArray[np.float64],
    table: NDArray[np.integer],
    places: NDArray[np.integer],
    levels: NDArray[np.float64],
    order: NDArray[np.integer],
) -> Described:
    """As ``describe_futures``, of steps whose distributions are known; see ``Prediction.from_tables``.

    The quantiles of a step are read off its table, so that only the totals are left to be sorted.
    """
    products, _, paths = tables.shape
    horizon = len(table)
    ranks = quantile_ranks(levels, paths)
    used, order = np.unique(order, return_inverse=True)
    cells = places.reshape(-1, horizon, paths)[used].astype(np.intp, copy=False) + table[:, None] * paths
    block = _block(products, horizon * paths)
    memory = np.empty(horizon * block * paths)
    totals = np.empty((products, horizon, len(levels)))
    for some in _slices(products, block):
        values = _counted(tables[some], horizon)
        running = _reshaped(memory.view(values.dtype), (len(values), horizon, paths))
        for of_one, own, chosen in zip(running, values, order[some], strict=True):
            np.take(own, cells[chosen], out=of_one, mode="clip")
        steps = running.swapaxes(0, 1)
        _add_up(steps, steps)
        running.sort(axis=-1)
        totals[some] = np.take(running, ranks, axis=-1)
    return tables.mean(axis=2)[:, table], tables[:, :, ranks][:, table], totals


def stratified(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    """float64[rows, columns] in [0, 1): every column has one draw in each of ``rows`` equal slices.

    A column of ordinary draws may miss the tail by luck; this one cannot.
    """
    slices = rng.permuted(np.tile(np.arange(rows, dtype=np.float64)[:, None], (1, columns)), axis=0)
    drawn: NDArray[np.float64] = (slices + rng.random((rows, columns))) / rows
    return drawn


def paths_from_errors(
    horizon: int, seed: int, *, season: int, paths: int
) -> Callable[[NDArray[np.float64], NDArray[np.float64], Paths], None]:
    """A block bootstrap whose draws are made once, for all products to come.

    Blocks of ``season`` successive known errors start anywhere, going round at the end, so that every
    error is as likely in every step and neighbours stay neighbours.

    Returns:
        A function of point float64[n, h] and errors float64[n, e], that writes the futures into the
        float64[h, n, paths] it is given.
    """
    blocks = -(-horizon // season)
    where = stratified(np.random.default_rng(seed), paths, blocks).T.copy()

    def draw(point: NDArray[np.float64], errors: NDArray[np.float64], futures: Paths) -> None:
        ring, known = _rings(errors, season)
        row = np.arange(len(point))[:, None] * ring.shape[1]
        for block in range(blocks):
            start = row + (where[block] * known[:, None]).astype(np.intp)
            first = block * season
            for step in range(first, min(first + season, horizon)):
                # One cell further on in the ring is one period later.
                np.take(ring.ravel()[step - first :], start, out=futures[step], mode="clip")
        futures += point.T[:, :, None]

    return draw


def _rings(errors: NDArray[np.float64], season: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The known errors of each product, in order, and from the beginning again after the last.

    Returns:
        float64[n, e + season] and int64[n], how many are known, 0 counting as one error of 0.
    """
    products, length = errors.shape
    there = ~np.isnan(errors)
    known = there.sum(axis=1)
    packed = np.zeros((products, max(1, length)))
    packed[:, :length][np.arange(length) < known[:, None]] = errors[there]
    known = np.maximum(known, 1)
    turn = np.arange(packed.shape[1] + season) % known[:, None]
    return np.take_along_axis(packed, turn, axis=1), known


def _reshaped(memory: NDArray[_Float], shape: tuple[int, int, int]) -> NDArray[_Float]:
    """The beginning of some memory, as an array of that shape."""
    return memory[: math.prod(shape)].reshape(shape)


def _add_up(demand: NDArray[np.floating], sums: NDArray[np.floating]) -> None:
    """Write the running totals of [h, b, s] over its steps, which may be where the demand is.

    Steps come first, so that each sum is one long vector; ``numpy.cumsum`` is not vectorised.
    """
    sums[0] = demand[0]
    for step in range(1, len(demand)):
        np.add(sums[step - 1], demand[step], out=sums[step])


def _order_statistics(samples: NDArray[np.floating], ranks: NDArray[np.int64]) -> NDArray[np.floating]:
    """[b, h, q], the samples [h, b, s] of those ranks; they are put in order on the way."""
    ordered = samples
    # One row tells nearly always that demand is fractional, and is quickly asked.
    if _narrow(samples[-1, -1:]) is not None and (narrow := _narrow(samples)) is not None:
        ordered = narrow
    ordered.sort(axis=-1)
    return np.take(ordered, ranks, axis=-1).swapaxes(0, 1)


def _counted(tables: NDArray[np.float64], horizon: int) -> NDArray[np.floating]:
    """[b, t * s], the tables float64[b, t, s]; as float32 when they are counts whose totals it holds."""
    flat: NDArray[np.floating] = tables.reshape(len(tables), tables.shape[1] * tables.shape[2])
    if np.array_equal(flat[-1], np.rint(flat[-1])) and np.array_equal(flat, np.rint(flat)):
        return flat.astype(np.float32) if flat.max() * horizon < _EXACT else flat
    return flat


def _narrow(samples: NDArray[np.floating]) -> NDArray[np.float32] | None:
    """The same numbers as float32, where that holds every one of them exactly."""
    narrow = samples.astype(np.float32)
    return narrow if np.array_equal(narrow, samples) else None


def _block(products: int, cells: int) -> int:
    """How many products are worked on at once, each of which takes so many cells."""
    return min(max(1, _CELLS // max(1, cells)), max(1, products))


def _slices(products: int, block: int) -> list[slice]:
    """All products, ``block`` at a time."""
    return [slice(start, min(start + block, products)) for start in range(0, products, block)]
