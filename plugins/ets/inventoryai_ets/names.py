"""The forms of exponential smoothing by name, in the kernel's order.

A name is error, trend and season, each N(one), A(dditive), Ad (damped) or M(ultiplicative), as in Hyndman,
Koehler, Ord & Snyder (2008), *Forecasting with Exponential Smoothing*.
"""

from collections.abc import Iterable
from typing import Final

TRENDS: Final = ("N", "A", "Ad")

NAMES: Final = tuple(error + trend + season for error in "AM" for trend in TRENDS for season in "NAM")
"""All combinations."""

UNSTABLE: Final = frozenset({"ANM", "AAM", "AAdM"})
"""Additive errors around a season that multiplies: a small level blows them up, and nobody fits them."""

FITTED: Final = tuple(name for name in NAMES if name not in UNSTABLE)
"""The fifteen forms that are tried."""


def trend_of(name: str) -> str:
    """N, A or Ad."""
    return name[1:-1]


def bits(names: Iterable[str]) -> int:
    """Some forms as the kernel wants them: one bit each."""
    return sum(1 << NAMES.index(name) for name in names)


def simpler(name: str) -> frozenset[str]:
    """The forms that a search for this one starts from, itself included."""
    trends = TRENDS[: TRENDS.index(trend_of(name)) + 1]
    found = {
        error + trend + season for error in {"A", name[0]} for trend in trends for season in {"N", name[-1]}
    }
    return frozenset(found) - UNSTABLE
