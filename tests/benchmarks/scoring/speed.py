"""Series a second, ours and statsforecast's in turn, so that a busy machine is busy for both.

What counts, on both sides alike: one job is one process that has the series and forecasts all of them; two
jobs are two processes that are each handed the whole track and forecast it at the same time. The clock runs
from handing the series over until the last process is done. Forecasts stay where they were made. No process
starts threads of its own (two that do would fight over two cores), and all are warm: engines are loaded and
have been asked once.
"""

# ruff: noqa: T201 # printing is what it is for

import multiprocessing
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from benchmarks.scoring.reference import SCRIPT, alone, save_window
from benchmarks.scoring.windows import SEED, SETS, DemandSet

from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.forecasting import Engine, Panel, discover

ROUNDS: Final = 5
BATCH: Final = 1000
"""Series in one call of ours: what the host hands to an engine."""
RIVALS: Final = {"ets": "AutoETS", "theta": "DynamicOptimizedTheta"}
EVERYBODY_ELSE: Final = "CrostonSBA"
SERIES: Final = {"AutoETS": 16, "DynamicOptimizedTheta": 60, "CrostonSBA": 1000, "CrostonSBAMean": 1000}
"""How many series the rival is timed on: a few seconds' worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Series of one length to race on."""

    title: str
    demand: DemandSet
    panel: Panel

    def part(self, count: int) -> Panel:
        """The first so many of its series."""
        return self.panel.chunk(0, min(count, len(self.panel)))


def tracks(folder: Path) -> list[Track]:
    """Daily series of 700 days and monthly ones of 51 months, a thousand each, of real demand."""
    daily, monthly = SETS[0], SETS[4]
    return [
        Track("700 days", daily, _cut(folder, daily, 700, 120)),
        Track("51 months", monthly, _cut(folder, monthly, 51, 51)),
    ]


def _cut(folder: Path, demand: DemandSet, length: int, step: int) -> Panel:
    """A thousand stretches of one length from a set's file, in a fixed disorder."""
    table = pd.read_csv(folder / f"{demand.name}.csv.gz", dtype={"unique_id": str})
    series = [rows["y"].to_numpy(dtype=np.float64) for _, rows in table.groupby("unique_id")]
    pieces = [one[at : at + length] for one in series for at in range(0, len(one) - length + 1, step)]
    pieces = [piece for piece in pieces if np.ptp(piece) > 0]
    order = np.random.default_rng(SEED).permutation(len(pieces))[:BATCH]
    return Panel.of([pieces[place] for place in order], frequency=demand.frequency, end=20_000)


def race(python: Path, folder: Path, engines: Sequence[str]) -> None:
    """Prints the medians of some rounds, for one job and for two."""
    grounds = tracks(folder)
    os.environ.update(alone())  # what the host's processes are told as well, before they import anything
    spawning = multiprocessing.get_context("spawn")
    with _rival(python) as rival, ProcessPoolExecutor(2, mp_context=spawning) as pool:
        for track in grounds:
            print(f"\n{track.title:24}{'jobs':>5}{'series/s':>12}{'rival':>26}{'series/s':>12}{'times':>9}")
            for name in engines:
                for other in _rivals_of(name):
                    for jobs in (1, 2):
                        _report(name, other, jobs, _run(track, name, other, jobs, rival, pool))


def _rivals_of(name: str) -> tuple[str, ...]:
    """Croston's method twice: with the conformal intervals that make it comparable, and its bare mean."""
    return (RIVALS[name],) if name in RIVALS else (EVERYBODY_ELSE, "CrostonSBAMean")


def _report(name: str, other: str, jobs: int, rates: tuple[float, float]) -> None:
    ours, theirs = rates
    print(f"{name:24}{jobs:5}{ours:12.0f}{other:>26}{theirs:12.1f}{ours / theirs:9.1f}", flush=True)


def _run(
    track: Track, name: str, other: str, jobs: int, rival: "Rival", pool: Executor
) -> tuple[float, float]:
    """Series a second of both, the medians of rounds that take turns."""
    few = track.part(SERIES[other])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(jobs * len(track.panel) / _ours(name, track, jobs, pool))
        theirs.append(jobs * len(few) / rival.seconds(other, track.demand, few, jobs))
    return statistics.median(ours), statistics.median(theirs)


def _ours(name: str, track: Track, jobs: int, pool: Executor) -> float:
    """Seconds of a process that forecasts the whole track, or of two that do so at the same time."""
    few, horizon = track.part(2), track.demand.horizon
    list(pool.map(timed, [name] * 2, [few] * 2, [horizon] * 2))
    if jobs == 1:
        return pool.submit(timed, name, track.panel, horizon).result()
    start = time.perf_counter()
    list(pool.map(timed, [name] * 2, [track.panel] * 2, [horizon] * 2))
    return time.perf_counter() - start


def timed(name: str, panel: Panel, horizon: int) -> float:
    """Seconds of one prediction, totals included, by an engine that is loaded."""
    engine, start = _engine(name), time.perf_counter()
    engine.predict(panel, horizon, np.array(DEFAULT_LEVELS), SEED)
    return time.perf_counter() - start


@lru_cache
def _engine(name: str) -> Engine:
    return discover().get(name).load({})


@dataclass(frozen=True, slots=True)
class Rival:
    """statsforecast, loaded and waiting in a process of its own."""

    process: "subprocess.Popen[str]"
    scratch: Path

    def seconds(self, model: str, demand: DemandSet, panel: Panel, jobs: int) -> float:
        """How long it takes for these series; totals are not asked of it."""
        source = self.scratch / "window.npz"
        save_window(source, demand, panel)
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the rival's process has no pipes")
        self.process.stdin.write(f"{model} {demand.season} {source} {jobs}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


@contextmanager
def _rival(python: Path) -> Iterator[Rival]:
    """The process, for as long as the race lasts."""
    command = [str(python), str(SCRIPT), "time"]
    with tempfile.TemporaryDirectory() as scratch:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=alone()
        )
        with process:
            yield Rival(process, Path(scratch))


FRESH: Final = """
import sys, time
start = time.perf_counter()
import numpy as np
from inventoryai.forecasting import Frequency, Panel, discover
found = time.perf_counter()
panel = Panel.of([np.arange(60.0) % 7] * 10, frequency=Frequency.DAY, end=20000)
discover().get(sys.argv[1]).load({}).predict(panel, 28, np.array([0.1, 0.5, 0.9]), 0)
print(time.perf_counter() - found, time.perf_counter() - start)
"""


@dataclass(frozen=True, slots=True)
class FirstCall:
    """What happened when an engine was asked in a process that never asked it before.

    Attributes:
        asked: Seconds to find, load and ask it.
        whole: The same with the imports of numpy and the engine API.
        fault: Why it gave no answer; empty where it did.
    """

    asked: float = 0.0
    whole: float = 0.0
    fault: str = ""


def first_call(python: str, name: str) -> FirstCall:
    """Start a process, and ask the engine of that name there."""
    answer = subprocess.run([python, "-c", FRESH, name], check=False, capture_output=True, text=True)
    if answer.returncode:
        return FirstCall(fault=(answer.stderr.splitlines() or [str(answer.returncode)])[-1])
    asked, whole = (float(part) for part in answer.stdout.split())
    return FirstCall(asked, whole)
