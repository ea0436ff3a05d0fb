"""Forecasts by statsforecast: run by the Python of an environment that has it, and has nothing of ours.

    python statsforecast_process.py forecast MODEL WINDOW.npz FORECAST.npz
    python statsforecast_process.py fit FORM SERIES.npz FITS.npz
    python statsforecast_process.py time

``forecast`` reads values, offsets, season, horizon and levels, and writes mean, quantiles and totals.
``fit`` reads values, offsets and season, fits AutoETS in that form (such as AAdN; ZZZ lets it choose), and
writes the form and the mean squared one-step error of each series.
``time`` answers one line with seconds for each line "MODEL SEASON WINDOW.npz JOBS" that it reads, so
that both sides of a race can be timed in turn; with two jobs, two processes forecast the whole window each.
"""

import sys
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsforecast import models  # type: ignore[import-not-found] # of the other environment
from statsforecast.utils import ConformalIntervals  # type: ignore[import-not-found] # as above

Array = NDArray[np.float64]

PATHS = 1000
SEED = 0
MEAN_ONLY = "CrostonSBAMean"
"""Croston's method without the conformal intervals that make it a distribution."""


def make(name: str, season: int, horizon: int) -> Any:
    """The model of that name, as its users make it."""
    if name == "HistoricAverage":
        return models.HistoricAverage()
    if name == MEAN_ONLY:
        return models.CrostonSBA()
    if name == "CrostonSBA":
        return models.CrostonSBA(prediction_intervals=ConformalIntervals(n_windows=2, h=horizon))
    return getattr(models, name)(season_length=season)


def intervals(levels: Array) -> list[tuple[str, float]]:
    """For each quantile level the central interval that it bounds: ("lo", 80) for 0.1, ("hi", 80) for 0.9."""
    half = 0.5
    return [("lo" if level < half else "hi", round(abs(2 * level - 1) * 100, 6)) for level in levels.tolist()]


def distribution(model: Any, history: Array, horizon: int, levels: Array) -> tuple[Array, Array, Array]:
    """Mean [h], quantiles [h, q] and totals [h, q] of one series, nothing below 0."""
    bounds = intervals(levels)
    model = model.new().fit(history)
    found = model.predict(h=horizon, level=sorted({level for _, level in bounds}))
    quantiles = np.stack([found[f"{side}-{level}"] for side, level in bounds], axis=1)
    try:
        paths = np.maximum(model.simulate(h=horizon, n_paths=PATHS, seed=SEED), 0)
    except NotImplementedError:
        totals = np.full(quantiles.shape, np.nan)
    else:
        totals = np.quantile(np.cumsum(paths, axis=1), levels, axis=0).T
    return np.maximum(found["mean"], 0), np.maximum(quantiles, 0), totals


def histories(window: Any) -> list[Array]:
    """The series of a window, one array each."""
    values, offsets = window["values"], window["offsets"]
    return [values[start:stop] for start, stop in pairwise(offsets)]


def forecast(name: str, source: str, target: str) -> None:
    """All series of one window."""
    window = np.load(source)
    horizon, levels = int(window["horizon"]), window["levels"]
    model = make(name, int(window["season"]), horizon)
    answers = [distribution(model, one, horizon, levels) for one in histories(window)]
    mean, quantiles, totals = (np.stack(part) for part in zip(*answers, strict=True))
    np.savez(target, mean=mean, quantiles=quantiles, totals=totals)


def fit(form: str, source: str, target: str) -> None:
    """All series in one form, or in that which AutoETS chooses for each."""
    file = np.load(source)
    damped = None if "Z" in form else "d" in form
    model = models.AutoETS(int(file["season"]), model=form.replace("d", ""), damped=damped)
    fitted = [model.new().fit(one).model_ for one in histories(file)]
    forms = [name_of(one["components"]) for one in fitted]
    np.savez(target, forms=np.array(forms), mse=np.array([one["mse"] for one in fitted]))


def name_of(components: str) -> str:
    """AAdN for AAND: the library puts the damping last."""
    return components[:2] + ("d" if components[3] == "D" else "") + components[2]


def answer(name: str, season: int, horizon: int, levels: Array, series: Sequence[Array]) -> None:
    """What a user of the library does for these series: fit, forecast, intervals. No totals."""
    warnings.simplefilter("ignore")
    model = make(name, season, horizon)
    asked = None if name == MEAN_ONLY else sorted({level for _, level in intervals(levels)})
    for one in series:
        model.forecast(y=one, h=horizon, level=asked)


def race() -> None:
    """Seconds for each line of standard input, until it ends."""
    with ProcessPoolExecutor(2) as pool:
        for line in sys.stdin:
            name, season, source, jobs = line.split()
            window = np.load(source)
            series = histories(window)
            work = partial(answer, name, int(season), int(window["horizon"]), window["levels"])
            list(pool.map(work, [series[:1], series[:1]]))  # imports are not what is timed
            work(series[:1])
            start = time.perf_counter()
            if jobs == "1":
                work(series)
            else:
                list(pool.map(work, [series] * 2))  # as ours: each the whole track
            sys.stdout.write(f"{time.perf_counter() - start}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "forecast":
        forecast(*sys.argv[2:])
    elif sys.argv[1] == "fit":
        fit(*sys.argv[2:])
    else:
        race()
