"""Demand that never was: trends, seasons, promotions, rare and lumpy sales, launches, ends and empty shelves."""

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency
from inventoryai_lstm.histories import Floats, Histories
from inventoryai_lstm.series import Sample

_LATEST = {Frequency.DAY: 20_500, Frequency.WEEK: 2_930, Frequency.MONTH: 24_320}
"""Around the year 2026: a present is drawn from the ten years before."""
_STEADY = {Frequency.DAY: 0.1, Frequency.WEEK: 0.15, Frequency.MONTH: 0.25}
"""The share of products whose level hardly wanders: medicines, spare parts of a large fleet."""
_TEN_YEARS = {Frequency.DAY: 3_650, Frequency.WEEK: 520, Frequency.MONTH: 120}


def synthetic(
    random: np.random.Generator, count: int, frequency: Frequency, horizon: int, reach: int
) -> Sample:
    """So many products, each with demand of its own kind."""
    periods = reach + horizon
    ends = _LATEST[frequency] - random.integers(0, _TEN_YEARS[frequency], count)
    ordinals = ends[:, None] + np.arange(-reach, horizon)
    promotion = _promotions(random, count, periods)
    rate = _level(random, count, periods, frequency)
    rate *= _seasons(random, frequency, ordinals)
    rate *= np.exp(promotion * random.uniform(0.1, 1.5, (count, 1)))
    rate *= _freaks(random, count, periods)
    demand = _sold(random, rate)
    demand = _in_packs(random, demand)
    demand[:, :] = _lives(random, demand)
    demand = _stock_outs(random, demand)
    shortest = np.minimum(reach - 10, random.geometric(1 / (0.7 * reach), count))
    young = random.random(count) < 0.6
    begins = np.where(young, shortest, 0)
    demand[np.arange(periods) < begins[:, None]] = np.nan
    told = random.random((count, 1)) < 0.6
    histories = Histories(
        demand=demand[:, :reach].copy(),
        promotion=np.where(told, promotion, 0.0),
        holiday=np.zeros((count, periods)),
        ends=ends,
        frequency=frequency,
        horizon=horizon,
    )
    return Sample(histories, demand[:, reach:].copy())


def _log_uniform(random: np.random.Generator, low: float, high: float, count: int) -> Floats:
    return np.exp(random.uniform(np.log(low), np.log(high), (count, 1)))


def _level(random: np.random.Generator, count: int, periods: int, frequency: Frequency) -> Floats:
    """A level that wanders, jumps and trends; most levels of shops are low."""
    per_month = {Frequency.DAY: 1 / 30, Frequency.WEEK: 0.25, Frequency.MONTH: 1.0}[frequency]
    base = _log_uniform(random, 0.03, 30, count)
    many = random.random((count, 1)) < 0.3
    base = np.where(many, base * 25, base)
    steady = random.random((count, 1)) < _STEADY[frequency]
    base = np.where(steady, _log_uniform(random, 3, 1_000, count), base)
    wander = _log_uniform(random, 0.001, 0.15, count) * np.sqrt(per_month)
    walk = np.cumsum(random.standard_normal((count, periods)) * wander, axis=1)
    trend = random.standard_normal((count, 1)) * 0.02 * per_month * (random.random((count, 1)) < 0.5)
    walk += trend * np.arange(periods)
    jumps = (random.random((count, periods)) < 0.04 * per_month) * (random.random((count, 1)) < 0.35)
    walk += np.cumsum(jumps * random.normal(0.0, 0.6, (count, periods)), axis=1)
    # Noise that lasts for some days: a fair, a strike, a rumour.
    lasting = random.uniform(0.3, 0.95, (count, 1))
    noise = random.standard_normal((count, periods)) * _log_uniform(random, 0.02, 0.5, count)
    noise *= random.random((count, 1)) < 0.5
    waves = np.empty_like(noise)
    state = noise[:, 0]
    for place in range(periods):
        state = lasting[:, 0] * state + np.sqrt(1 - lasting[:, 0] ** 2) * noise[:, place]
        waves[:, place] = state
    walk += waves
    walk *= np.where(steady, _log_uniform(random, 0.02, 0.5, count), 1.0)
    walk -= np.median(walk, axis=1, keepdims=True)
    return base * np.exp(np.clip(walk, -6, 4))


def _seasons(random: np.random.Generator, frequency: Frequency, ordinals: NDArray[np.int64]) -> Floats:
    """Factors of the week, the year and its feasts."""
    count = len(ordinals)
    days = frequency.first_days(ordinals)
    year = 2 * np.pi * days / 365.2425
    strength = _log_uniform(random, 0.03, 0.8, count) * (random.random((count, 1)) < 0.7)
    wave = np.zeros(ordinals.shape)
    for harmonic in (1, 2, 3):
        shift = random.uniform(0, 2 * np.pi, (count, 1))
        wave += np.cos(harmonic * year + shift) * random.standard_normal((count, 1)) / harmonic
    factor = np.exp(strength * wave)
    feast = random.uniform(0, 365.2425, (count, 1))
    apart = np.abs((days - feast + 182.6) % 365.2425 - 182.6)
    height = random.exponential(1.0, (count, 1)) * (random.random((count, 1)) < 0.25)
    factor *= np.exp(height * np.exp(-0.5 * (apart / random.uniform(5, 25, (count, 1))) ** 2))
    if frequency is Frequency.MONTH:
        own = random.normal(0, 1, (count, 12)) * _log_uniform(random, 0.02, 0.35, count)
        factor *= np.exp(np.take_along_axis(own, (ordinals % 12), axis=1) * (random.random((count, 1)) < 0.6))
    if frequency is Frequency.DAY:
        own = random.normal(0, 1, (count, 7)) * _log_uniform(random, 0.05, 0.9, count)
        weekday = np.exp(own * (random.random((count, 1)) < 0.8))
        closed = (random.random((count, 7)) < 0.4) & (np.arange(7) == random.integers(0, 7, (count, 1)))
        weekday = np.where(closed, 0.0, weekday)
        factor *= np.take_along_axis(weekday, (ordinals + 3) % 7, axis=1)
    return factor


def _promotions(random: np.random.Generator, count: int, periods: int) -> Floats:
    """Spans of 1, for a third of the products."""
    starts = random.random((count, periods)) < random.uniform(0.005, 0.05, (count, 1))
    starts &= random.random((count, 1)) < 0.35
    length = random.integers(1, 15, (count, 1))
    since = np.where(starts, np.arange(periods), -100)
    since = np.arange(periods) - np.maximum.accumulate(since, axis=1)
    return (since < length).astype(np.float64)


def _freaks(random: np.random.Generator, count: int, periods: int) -> Floats:
    """Factors of single periods in which far more was wanted than ever: a wedding, a tender, a mistake."""
    often = random.uniform(0.002, 0.06, (count, 1)) * (random.random((count, 1)) < 0.3)
    struck = random.random((count, periods)) < often
    return np.where(struck, np.exp(random.exponential(0.8, (count, periods)) + 0.3), 1.0)


def _sold(random: np.random.Generator, rate: Floats) -> Floats:
    """What customers take at such a rate: one by one, in lumps, by weight, or in runs of interest."""
    count = len(rate)
    kind = random.random((count, 1))
    shape = _log_uniform(random, 0.3, 60, count)
    bursts = rate * random.gamma(shape, 1 / shape, rate.shape)
    counted = random.poisson(np.minimum(bursts, 1e7)).astype(np.float64)
    size = _log_uniform(random, 1.5, 40, count)
    lumps = random.poisson(np.minimum(rate / size, 1e6))
    lumpy = np.where(
        lumps > 0, lumps + random.poisson(lumps * (size - 1) * random.gamma(1.5, 1 / 1.5, rate.shape)), 0
    )
    weighed = np.round(bursts * 10 ** random.integers(0, 3, (count, 1))) / 10.0
    calm = np.rint(np.maximum(random.normal(rate, np.sqrt(rate) * random.uniform(0.3, 2.5, (count, 1))), 0))
    kinds = [kind < 0.45, kind < 0.7, kind < 0.82]
    return np.select(kinds, [counted, lumpy.astype(np.float64), weighed], calm)


def _in_packs(random: np.random.Generator, demand: Floats) -> Floats:
    pack = random.choice([1, 1, 1, 1, 1, 2, 4, 6, 10, 12, 24], (len(demand), 1)).astype(np.float64)
    return np.where(pack > 1, np.ceil(demand / pack - 1e-9) * pack, demand)


def _lives(random: np.random.Generator, demand: Floats) -> Floats:
    """Ends, and times in which nobody asks."""
    count, periods = demand.shape
    ends = (random.random((count, 1)) < 0.05) * (
        np.arange(periods) > random.uniform(0.3, 1.1, (count, 1)) * periods
    )
    hazard = random.uniform(0.005, 0.06, (count, 1))
    switches = random.random((count, periods)) < hazard
    asleep = (np.cumsum(switches, axis=1) % 2 == 1) & (random.random((count, 1)) < 0.12)
    return np.where((ends > 0) | asleep, 0.0, demand)


def _stock_outs(random: np.random.Generator, demand: Floats) -> Floats:
    """Empty shelves: demand is unknown then, or was written down as 0."""
    count, periods = demand.shape
    starts = (random.random((count, periods)) < 0.01) & (random.random((count, 1)) < 0.25)
    length = random.integers(1, 12, (count, 1))
    since = np.where(starts, np.arange(periods), -100)
    empty = np.arange(periods) - np.maximum.accumulate(since, axis=1) < length
    unseen = random.random((count, 1)) < 0.3
    return np.where(empty, np.where(unseen, 0.0, np.nan), demand)
