"""Levels of demand that follow it: slow or quick, as each product's own past advises.

A level is the weighted mean of what was sold, where what is older counts less and a period counts for as
much demand as its season lets one expect. This is the discounted gamma–Poisson filter: with a_t = λ a_{t−1}
+ y_t and b_t = λ b_{t−1} + e_t, demand y of exposure e has mean e · a / b. A period whose demand is unknown
adds to neither. Source: Harvey, A. C. & Fernandes, C. (1989), Time series models for count or qualitative
observations, Journal of Business & Economic Statistics 7.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

import numpy as np

from inventoryai_intermittent.futures import USUAL_DEPENDENCE
from inventoryai_intermittent.seasons import Seasons
from inventoryai_intermittent.windows import Matrix, Vector

_PRIOR: Final = 0.2
"""Periods that the mean of the whole window counts for in every level."""
_BELIEVED: Final = 5.0
"""Periods that the usual ratio of variance to mean counts for."""
_USUAL_RATIO: Final = 1.2
_FLOOR: Final = 1e-3
"""The least level, as a part of mean demand, that past demand is compared with."""
_HORIZONS: Final = 5.0
"""Horizons that the usual dependence counts for."""
_MOST_DEPENDENCE: Final = 0.5
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly things change, by frequency.

    Attributes:
        half_lives: Periods after which demand counts half, one for each level tried, quickest first.
        block: Periods after which levels are looked at again.
        memory: Half-life, in periods, of the trust in past errors.
        furthest: Blocks of the longest horizon that past errors are taken over; the same for all products,
            so that a short history is treated alike beside long ones and alone.
    """

    half_lives: tuple[float, ...]
    block: int
    memory: float
    furthest: int

    @property
    def decay(self) -> Vector:
        """float64[J], what demand of one period before counts in each level."""
        return np.asarray(0.5 ** (1 / np.array(self.half_lives)), dtype=np.float64)

    def lag(self, horizon: int, blocks: int) -> int:
        """Blocks between a level and the block it is judged by: about a quarter of the horizon."""
        horizon = min(horizon, self.furthest * self.block)
        return int(np.clip(round((horizon / 4 - (self.block + 1) / 2) / self.block), 0, blocks))

    def span(self, horizon: int, blocks: int) -> int:
        """Blocks that the sums are taken over by which dependence is judged."""
        return min(-(-min(horizon, self.furthest * self.block) // self.block), blocks)

    def trust(self, count: int) -> Vector:
        """float64[count], how far errors of the last blocks are trusted."""
        return np.asarray(0.5 ** (np.arange(count, 0, -1) * (self.block / self.memory)), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """What the filter found of ``n`` series.

    Attributes:
        level: float64[n], demand a period of exposure 1 to come.
        ratio: float64[n], variance of a period's demand over its mean.
        dependence: float64[n], correlation of the demands of two periods of one horizon.
    """

    level: Vector
    ratio: Vector
    dependence: Vector


def filtered(counts: Matrix, known: Matrix, seasons: Seasons, pace: Pace, horizon: int) -> Filtered:
    """Follow the level of ``n`` series, and learn from errors made about a quarter of the horizon ahead.

    Args:
        counts: float64[T, n], 0 where unknown.
        known: float64[T, n], 1 where known, else 0.
        seasons: What each period lets one expect.
        pace: Half-lives and blocks.
        horizon: How far ahead levels have to be good.
    """
    blocks = Blocks.of(counts, known * seasons.past(len(counts)), pace.block)
    levels = _levels(blocks, pace)
    later = blocks.since(pace.lag(horizon, len(blocks)))
    told = (np.cumsum(blocks.exposure, axis=0) - blocks.exposure)[: len(later)] > 0
    trust = told * pace.trust(len(later))[:, None]
    share = _shares(levels[: len(later)], later, trust)
    level = np.einsum("bjn,jn->bn", levels, share)
    ratio = _ratio(later, np.maximum(level[: len(later)], _FLOOR * blocks.average), trust, seasons.spent)
    return Filtered(level[-1], ratio, _dependence(blocks, level, ratio, pace.span(horizon, len(blocks))))


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Sums over blocks of ``S`` periods, all that the filter has to know of them.

    Attributes:
        demand: float64[B, n]
        exposure: float64[B, n], of the known periods.
        squares: float64[B, n], of squared demand.
        crossed: float64[B, n], of demand times exposure.
        exposed: float64[B, n], of squared exposure.
        periods: float64[B, S, n] twice, demand and exposure of the single periods.
        average: float64[n], demand for an exposure of 1, of the whole window.
    """

    demand: Matrix
    exposure: Matrix
    squares: Matrix
    crossed: Matrix
    exposed: Matrix
    periods: tuple[Matrix, Matrix]
    average: Vector

    @classmethod
    def of(cls, counts: Matrix, exposure: Matrix, length: int) -> Self:
        """From float64[T, n] both; the last block ends with the last period."""
        x, e = (_cut(rows, length) for rows in (counts, exposure))
        total = exposure.sum(axis=0)
        return cls(
            demand=x.sum(axis=1),
            exposure=e.sum(axis=1),
            squares=np.einsum("bsn,bsn->bn", x, x),
            crossed=np.einsum("bsn,bsn->bn", x, e),
            exposed=np.einsum("bsn,bsn->bn", e, e),
            periods=(x, e),
            average=np.maximum(counts.sum(axis=0) / np.where(total > 0, total, 1.0), _TINY),
        )

    def __len__(self) -> int:
        return len(self.demand)

    def since(self, block: int) -> Self:
        """Without the first blocks."""
        return type(self)(
            demand=self.demand[block:],
            exposure=self.exposure[block:],
            squares=self.squares[block:],
            crossed=self.crossed[block:],
            exposed=self.exposed[block:],
            periods=(self.periods[0][block:], self.periods[1][block:]),
            average=self.average,
        )

    def errors(self, level: Matrix) -> Matrix:
        """float64[B, n], squared errors of the single periods, summed, of levels float64[B, n]."""
        return self.squares - level * (2 * self.crossed - level * self.exposed)


def _levels(blocks: Blocks, pace: Pace) -> Matrix:
    """float64[B + 1, J, n], each level before each block, and after the last."""
    decay = pace.decay[:, None]
    within = decay ** np.arange(pace.block - 1, -1, -1)
    sold, expected = (_discounted(within, decay**pace.block, rows) for rows in blocks.periods)
    sold += _PRIOR * blocks.average
    expected += _PRIOR
    sold /= expected
    return sold


def _discounted(within: Matrix, fading: Matrix, periods: Matrix) -> Matrix:
    """float64[B + 1, J, n], discounted sums of float64[B, S, n], before each block and after the last.

    Args:
        within: float64[J, S], what each period of a block counts at its end.
        fading: float64[J, 1], what the sum before a block counts at its end.
        periods: float64[B, S, n].
    """
    sums = np.zeros((len(periods) + 1, len(within), periods.shape[2]))
    np.matmul(within, periods, out=sums[1:])
    faded = np.empty_like(sums[0])
    for before, after in pairwise(sums):
        np.multiply(before, fading, out=faded)
        np.add(after, faded, out=after)
    return sums


def _cut(rows: Matrix, length: int) -> Matrix:
    """float64[B, length, n], blocks of rows; what the first lacks is 0."""
    spare = -len(rows) % length
    padded = np.pad(rows, ((spare, 0), (0, 0))) if spare else rows
    return padded.reshape(-1, length, rows.shape[1])


def _shares(levels: Matrix, blocks: Blocks, trust: Matrix) -> Matrix:
    """float64[J, n], how far each level is believed: its Poisson likelihood, discounted and tempered.

    A likelihood of overdispersed counts, taken for Poisson, is too sure of itself by the ratio of their
    variance to their mean; its logarithm is divided by that (quasi-likelihood, Wedderburn 1974).
    """
    usual = np.maximum(levels, _FLOOR * blocks.average)
    gain = np.einsum("bn,bjn->jn", trust * blocks.demand, np.log(usual))
    gain -= np.einsum("bn,bjn->jn", trust * blocks.exposure, usual)
    flat = np.broadcast_to(blocks.average, blocks.demand.shape)
    expected = (trust * blocks.exposure).sum(axis=0) * blocks.average
    spread = (trust * blocks.errors(flat)).sum(axis=0) / np.maximum(expected, _TINY)
    gain /= np.maximum(spread, 1.0)
    share: Matrix = np.exp(gain - gain.max(axis=0))
    share /= share.sum(axis=0)
    return share


def _ratio(blocks: Blocks, level: Matrix, trust: Matrix, spent: Vector) -> Vector:
    """float64[n], variance over mean, of errors against levels float64[B, n], and of what is usual.

    What was learnt from the same observations made the errors smaller than those to come will be: as in a
    regression, the observations spent on it do not count. Two more are spent on not knowing the variance
    itself (the mean of a scaled inverse χ² of ν degrees is ν / (ν − 2) times its scale).
    """
    errors = (trust * np.maximum(blocks.errors(level), 0.0)).sum(axis=0)
    expected = (trust * level * blocks.exposure).sum(axis=0)
    believed = _BELIEVED * blocks.average
    ratio = (errors + _USUAL_RATIO * believed) / np.maximum(expected + believed, _TINY)
    counted = (trust * blocks.exposure).sum(axis=0) + _BELIEVED
    widened: Vector = ratio * counted / np.maximum(counted - spent - 2, counted / 2)
    return widened


def _dependence(blocks: Blocks, level: Matrix, ratio: Vector, span: int) -> Vector:
    """float64[n], the correlation that explains how far sums over a horizon missed, compared with periods.

    Errors of h independent periods have h times the variance of one; with correlation ρ of any two,
    1 + (h − 1) ρ times as much again. What few horizons say is drawn towards what is usual.
    """
    length = blocks.periods[0].shape[1]
    sold, exposed = (_sums(array, span) for array in (blocks.demand, blocks.exposure))
    told = (np.cumsum(blocks.exposure, axis=0) - blocks.exposure)[: len(sold)] > 0
    expected = level[: len(sold)] * exposed
    missed = (told * (sold - expected) ** 2).sum(axis=0)
    variance = ratio * (told * expected).sum(axis=0)
    found = (missed / np.maximum(variance, _TINY) - 1) / max(1, span * length - 1)
    independent = told.sum(axis=0) / span
    drawn = (independent * found + _HORIZONS * USUAL_DEPENDENCE) / (independent + _HORIZONS)
    usual: Vector = np.clip(drawn, 0.0, _MOST_DEPENDENCE)
    return usual


def _sums(rows: Matrix, span: int) -> Matrix:
    """float64[B − span + 1, n], sums of ``span`` rows in succession."""
    running = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    sums: Matrix = running[span:] - running[:-span]
    return sums
