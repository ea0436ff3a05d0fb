"""What statsforecast reaches on the same windows: read from reference.csv, or computed anew."""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from benchmarks.scoring.marking import Marks, measure_names, summary_of
from benchmarks.scoring.windows import DemandSet, windows_of

from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.forecasting import Panel, Prediction
from inventoryai.forecasting.summaries import Summary

MODELS: Final = ("AutoETS", "DynamicOptimizedTheta", "CrostonSBA", "HistoricAverage", "SeasonalNaive")
FIRST: Final = MODELS[0]
"""What all others are compared with."""
REQUIREMENTS: Final = ("statsforecast==2.1.1", "pandas==2.3.3", "numpy==2.4.6", "scipy==1.17.1")
PARTS: Final = ("mean", "quantiles", "totals")
SCRIPT: Final = Path(__file__).with_name("statsforecast_process.py")
TABLE: Final = Path(__file__).parents[1] / "reference.csv"
ENVIRONMENT: Final = Path(__file__).parents[3] / "build" / "statsforecast"

Board = dict[tuple[str, str], Marks]
"""Marks by engine and set."""


def read() -> Board:
    """The kept scores of the reference."""
    with TABLE.open(newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {(row["model"], row["set"]): Marks(_summary(row)) for row in rows}


def _summary(row: Mapping[str, str]) -> Summary:
    found: dict[str, float | int | None] = {
        name: float(row[name]) if row[name] else None for name in measure_names()
    }
    counts = {name: int(row[name]) for name in ("products", "unscaled")}
    return Summary(**{**found, **counts})  # type: ignore[arg-type] # the names are those of its fields


def write(board: Board) -> None:
    """Keeps the scores, with what made them."""
    with TABLE.open("w", newline="") as file:
        file.write(f"# {', '.join(REQUIREMENTS)}; made by engines.py --refresh\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["model", "set", *measure_names()])
        for (model, name), marks in board.items():
            found = (getattr(marks.summary, measure) for measure in measure_names())
            rows.writerow([model, name, *(_written(value) for value in found)])


def _written(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.5f}"


def refresh(sets: Iterable[DemandSet], folder: Path, models: Iterable[str] = MODELS) -> Board:
    """Every model on every set, computed anew: about a quarter of an hour.

    It knows nothing of unknown demand, so it learns from what was recorded on sold-out days too.
    """
    python, board = interpreter(), Board()
    for demand in sets:
        windows = windows_of(demand, folder)
        told = [window.panel for window in windows_of(replace(demand, in_stock=False), folder)]
        for model in models:
            with tempfile.TemporaryDirectory() as scratch:
                found = [_forecast(python, model, demand, panel, Path(scratch)) for panel in told]
            board[model, demand.name] = Marks(summary_of(demand, windows, found))
    return dict(sorted(board.items(), key=lambda one: MODELS.index(one[0][0])))


def interpreter() -> Path:
    """The Python of an environment that has the reference, made if need be.

    It cannot live in ours: it wants pandas 2.
    """
    python = ENVIRONMENT / "bin" / "python"
    done = ENVIRONMENT / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not (done.exists() and done.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        done.write_text(wanted)
    return python


def save_window(target: Path, demand: DemandSet, panel: Panel) -> None:
    """What the reference's process reads."""
    np.savez(
        target,
        values=panel.values,
        offsets=panel.offsets,
        season=demand.season,
        horizon=demand.horizon,
        levels=np.array(DEFAULT_LEVELS),
    )


def alone() -> dict[str, str]:
    """The environment of a process that counts its own threads."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _forecast(python: Path, model: str, demand: DemandSet, panel: Panel, scratch: Path) -> Prediction:
    """One window by one model, in the other environment."""
    source, target = scratch / "window.npz", scratch / "forecast.npz"
    save_window(source, demand, panel)
    command = [str(python), str(SCRIPT), "forecast", model, str(source), str(target)]
    subprocess.run(command, check=True, env=alone())
    with np.load(target) as found:
        mean, quantiles, totals = (np.asarray(found[one], dtype=np.float64) for one in PARTS)
        return Prediction(mean, quantiles, totals, np.array(DEFAULT_LEVELS))
