"""Panels that nobody thought of: some put together by hypothesis, many more drawn from a seed."""

import os
from typing import Final

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel

VARIABLE: Final = "INVENTORYAI_RANDOM_PANELS"
"""The environment variable that says how many random panels each engine is asked about."""

_FEWEST: Final = 10
_MOST_BY_HAND: Final = 100
_LARGEST: Final = 1e9
_END: Final = 20_000
_FREQUENCIES: Final = tuple(Frequency)


def how_many(usual: int) -> tuple[int, int]:
    """How many panels hypothesis puts together, and how many come from seeds.

    The former are slow to make, and when a test fails on one of them, it is made as small as possible; the
    latter cost next to nothing.

    Args:
        usual: How many there are in all unless the environment says otherwise.
    """
    total = int(os.environ.get(VARIABLE) or usual)
    by_hand = min(total, _MOST_BY_HAND, max(_FEWEST, total // 4))
    return by_hand, total - by_hand


@st.composite
def panels(draw: st.DrawFn, minimum_history: int = 1, longest: int = 60) -> Panel:
    """Panels in which every product has ``minimum_history`` known periods, and some unknown ones."""
    demands = st.one_of(
        st.integers(0, 20).map(float),
        st.floats(0, _LARGEST, allow_subnormal=False),
        st.just(0.0),
    )
    known = st.lists(demands, min_size=minimum_history, max_size=max(longest, minimum_history))
    histories: list[list[float]] = []
    for history in draw(st.lists(known, min_size=1, max_size=5)):
        gaps = draw(st.lists(st.integers(0, len(history)), max_size=3))
        for gap in gaps:
            history.insert(gap, float("nan"))
        histories.append(history)
    return Panel.of(list(histories), frequency=draw(st.sampled_from(Frequency)), end=_END)


def random_panel(seed: int, minimum_history: int = 1, longest: int = 60) -> tuple[Panel, int]:
    """A panel as ``panels`` makes them, and a horizon of 1 to 10; the same for the same seed."""
    rng = np.random.default_rng(seed)
    histories = [_history(rng, minimum_history, longest) for _ in range(rng.integers(1, 6))]
    frequency = _FREQUENCIES[rng.integers(len(_FREQUENCIES))]
    return Panel.of(list(histories), frequency=frequency, end=_END), int(rng.integers(1, 11))


def _history(rng: np.random.Generator, minimum_history: int, longest: int) -> NDArray[np.float64]:
    """float64[length], one history with at least so many known periods; short ones are as likely as long."""
    most = max(longest, minimum_history)
    length = int(rng.integers(minimum_history, rng.integers(minimum_history, most + 1) + 1))
    demand = _demand(rng, length)
    if rng.random() < 0.25:  # noqa: PLR2004 - a quarter is nothing but zeros for a while
        demand[: rng.integers(length + 1)] = 0.0
    if rng.random() < 0.25:  # noqa: PLR2004 - a quarter has stopped selling
        demand[rng.integers(length + 1) :] = 0.0
    gaps = rng.integers(0, length + 1, rng.integers(0, 2 + length // 2))
    return np.insert(demand, gaps, np.nan)


def _demand(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    """float64[length], of one of the kinds that there are, at some scale."""
    scale = 10.0 ** rng.uniform(-6, np.log10(_LARGEST))
    time = np.arange(length)
    kinds = (
        lambda: rng.poisson(10.0 ** rng.uniform(-2, 3), length),
        lambda: rng.poisson(2.0, length) * (rng.random(length) < rng.random()),
        lambda: rng.lognormal(0.0, rng.uniform(0.1, 3.0), length) * scale,
        lambda: np.full(length, scale),
        lambda: np.round(rng.random(length) * time * scale, 3),
        lambda: (1.5 + np.sin(2 * np.pi * time / rng.integers(2, 15))) * scale,
        lambda: np.where(time == rng.integers(length), scale, 0.0),
    )
    return np.minimum(np.asarray(kinds[rng.integers(len(kinds))](), dtype=np.float64), _LARGEST)
