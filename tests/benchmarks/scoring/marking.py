"""Asking an engine about every window of a set, and marking what it says."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from benchmarks.scoring.windows import DemandSet

from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.forecasting import Engine, Prediction
from inventoryai.forecasting.evaluation import Window, scored
from inventoryai.forecasting.summaries import Summary

SEED = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """What one engine reached on one set.

    Attributes:
        summary: Its measures.
        seconds: What its predictions took together, on one core; 0 where that was not measured.
    """

    summary: Summary
    seconds: float = 0.0

    def measure(self, name: str) -> float:
        """One measure by its name in ``Summary``; NaN where it could not be taken."""
        value: object = getattr(self.summary, name)
        return float(value) if isinstance(value, int | float) else np.nan


def mark_engine(engine: Engine, demand: DemandSet, windows: Sequence[Window]) -> Marks:
    """The engine's predictions of all windows, marked; seconds are of processor time."""
    levels = np.array(DEFAULT_LEVELS)
    start = time.process_time()
    predictions = [engine.predict(window.panel, demand.horizon, levels, SEED) for window in windows]
    return Marks(summary_of(demand, windows, predictions), time.process_time() - start)


def summary_of(demand: DemandSet, windows: Sequence[Window], predictions: Sequence[Prediction]) -> Summary:
    """Predictions of all windows, marked; MASE compares with the season that the set has."""
    products = len(windows[0].products)
    return Summary.of(scored(products, windows, predictions, lag=demand.season))


def measure_names() -> list[str]:
    """The names of all measures, in the order in which they are kept."""
    return [field.name for field in fields(Summary)]
