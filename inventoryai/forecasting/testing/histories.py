"""Histories that forecasters meet, and those that break them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel

SPECIAL: Final = (
    "constant",
    "all_zero",
    "spike",
    "intermittent",
    "gaps",
    "one_known",
    "huge",
    "tiny",
    "trend",
    "season",
)
"""Names of histories that break forecasters; see ``special_history``."""


def special_history(name: str, length: int) -> NDArray[np.float64]:
    """float64[length], one of the ``SPECIAL`` histories; the same every time."""
    rng = np.random.default_rng(7)
    counts = rng.poisson(4.0, length).astype(np.float64)
    time = np.arange(length, dtype=np.float64)
    gap = (time % 5 == 2) & (time < length - 1)  # noqa: PLR2004 - every fifth period, but not the last
    histories = {
        "constant": np.full(length, 7.0),
        "all_zero": np.zeros(length),
        "spike": np.where(time == length // 2, 1000.0, 0.0),
        "intermittent": np.where(rng.random(length) < 0.15, counts + 1, 0.0),  # noqa: PLR2004 - seldom
        "gaps": np.where(gap, np.nan, counts),
        "one_known": np.where(time == 0, 3.0, np.nan),
        "huge": 1e9 * counts,
        "tiny": 1e-6 * counts,
        "trend": time,
        "season": 5 + 5 * np.sin(2 * np.pi * time / 7),
    }
    return histories[name]


def ordinary_panel(frequency: Frequency = Frequency.DAY, length: int = 120) -> Panel:
    """A dozen products of unequal length, of the kinds that shops have; the same every time."""
    rng = np.random.default_rng(7)
    rates = np.geomspace(0.05, 200.0, 12)
    lengths = rng.integers(length // 2, length + 1, 12)
    return Panel.of(
        [rng.poisson(rate, size).astype(np.float64) for rate, size in zip(rates, lengths, strict=True)],
        frequency=frequency,
        end=20_000,
    )
