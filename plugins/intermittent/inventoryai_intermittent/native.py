"""The filtered count model in compiled code, from a window to the tables of its products."""

import numpy as np

from inventoryai_intermittent.futures import PATHS, Tables
from inventoryai_intermittent.habits import Habits
from inventoryai_intermittent.windows import Window


def tables(window: Window, habits: Habits, horizon: int) -> Tables:
    """The distribution of each point of the season, as ``negbin`` makes it in numpy."""
    from inventoryai_intermittent import _counts  # noqa: PLC0415 - it may not be there

    pace, periods, products = habits.pace, len(window.ages), len(window.unit)
    blocks = -(-periods // pace.block)
    lag = pace.lag(horizon, blocks)
    phases = min(habits.season, horizon)
    values = np.empty((products, phases, PATHS), dtype=np.float32)
    mean, dependence = np.empty((products, phases)), np.empty(products)
    _counts.tables(
        np.ascontiguousarray(window.counts),
        np.ascontiguousarray(window.known),
        np.ascontiguousarray(window.whole),
        habits.season,
        phases,
        max(0, periods - habits.past_window),
        pace.block,
        lag,
        pace.span(horizon, blocks),
        float(habits.off_season),
        pace.decay,
        0.5 ** (window.ages / habits.season_memory),
        habits.fading(window.ages),
        pace.trust(blocks - lag),
        values,
        mean,
        dependence,
    )
    return Tables(values, dependence, mean)
