"""How many whole days an order takes: certain, or a gamma distribution cut into days.

A certain lead time of 6.5 days is reckoned as 7: goods that come during a day are there for the next.
An uncertain one has Pr(L = l) = G(l + ½) − G(l − ½), where G is the gamma of the given mean and
deviation, so that the mean stays what it was. Days that fewer than 1 order in 2,000 falls below, or
above, are left out, and the others scaled up to 1: what is lost is kept as ``cut``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.incomplete_gamma import gamma_cdf

Floats = NDArray[np.float64]

TAIL: Final = 0.0005
"""Probability that is left out at either end."""
_LONGEST: Final = 1_000
"""Days beyond which no lead time is followed; a forecast that long is refused anyway."""


@dataclass(frozen=True, slots=True, eq=False)
class LeadTime:
    """The distribution of one lead time over whole days.

    Attributes:
        mean: Days, as given.
        sd: Days, as given.
        first: The shortest lead time reckoned with.
        probabilities: float64[m], of ``first``, ``first + 1``, …; they sum to 1.
        cut: The probability that was left out at both ends before scaling.
    """

    mean: float
    sd: float
    first: int
    probabilities: Floats
    cut: float

    @property
    def last(self) -> int:
        """The longest lead time reckoned with."""
        return self.first + len(self.probabilities) - 1

    @property
    def certain(self) -> bool:
        """Whether it was given without a deviation, and so is one whole number of days."""
        return self.sd == 0 or self.mean == 0


@dataclass(frozen=True, slots=True, eq=False)
class LeadTimes:
    """The lead times of n products, each distinct one once.

    Attributes:
        distinct: The distributions.
        which: int64[n], index into ``distinct``.
    """

    distinct: tuple[LeadTime, ...]
    which: NDArray[np.int64]

    @classmethod
    def of(cls, mean: Floats, sd: Floats) -> Self:
        """The lead times of products.

        Args:
            mean: float64[n], days, at least 0.
            sd: float64[n], days, at least 0; it means nothing beside a mean of 0.
        """
        if not len(mean):
            return cls((), np.empty(0, dtype=np.int64))
        pairs, which = np.unique(np.stack([mean, sd], axis=1), axis=0, return_inverse=True)
        distinct = tuple(discretised(pairs[:, 0], pairs[:, 1]))
        return cls(distinct, which.reshape(-1).astype(np.int64))

    def __getitem__(self, product: int) -> LeadTime:
        return self.distinct[int(self.which[product])]

    def longest(self) -> int:
        """The longest lead time reckoned with for any product; 0 if there are no products."""
        return max((lead_time.last for lead_time in self.distinct), default=0)

    def spans(self) -> NDArray[np.int64]:
        """int64[n]: how many different days each lead time may take."""
        sizes = np.array([len(one.probabilities) for one in self.distinct], dtype=np.int64)
        return sizes[self.which]


def discretised(mean: Floats, sd: Floats) -> Iterator[LeadTime]:
    """Lead times of the given means and standard deviations, in days, over whole days.

    Args:
        mean: float64[p], at least 0.
        sd: float64[p], at least 0.
    """
    uncertain = (sd > 0) & (mean > 0)
    distributions = _cumulative(mean[uncertain], sd[uncertain])
    for days, deviation, is_uncertain in zip(mean, sd, uncertain, strict=True):
        if is_uncertain:
            yield _trimmed(float(days), float(deviation), next(distributions))
        else:
            yield LeadTime(float(days), float(deviation), int(np.ceil(days)), np.ones(1), 0.0)


def _trimmed(mean: float, sd: float, below: Floats) -> LeadTime:
    """The lead time with Pr(L ≤ l) = below[l], without its tails."""
    first, last = np.searchsorted(below, [TAIL, 1.0 - TAIL])
    kept = np.diff(below, prepend=0.0)[first : last + 1]
    return LeadTime(mean, sd, int(first), kept / kept.sum(), float(1.0 - kept.sum()))


def _cumulative(mean: Floats, sd: Floats) -> Iterator[Floats]:
    """For each gamma, Pr(L ≤ l) for l from 0 to where hardly anything is left; one call for all of them."""
    scale = sd * sd / mean
    days = _reach(mean, sd)
    ends = np.cumsum(days)
    day = np.arange(days.sum()) - np.repeat(ends - days, days)
    below = gamma_cdf(np.repeat(mean / scale, days), (day + 0.5) / np.repeat(scale, days))
    yield from np.split(below, ends[:-1])


def _reach(mean: Floats, sd: Floats) -> NDArray[np.int64]:
    """int64[p]: a number of days that a gamma variable exceeds with less than the tail's probability.

    A gamma variable exceeds its mean by √(2vu) + cu with probability at most e⁻ᵘ, where v is its
    variance and c its scale (Boucheron, Lugosi & Massart, *Concentration Inequalities*, §2.4).
    """
    u = -np.log(TAIL)
    bound = mean + sd * np.sqrt(2.0 * u) + u * sd * sd / mean
    days: NDArray[np.int64] = np.minimum(np.ceil(bound), _LONGEST).astype(np.int64) + 1
    return days
