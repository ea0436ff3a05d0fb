"""The seven sets that engines are judged on, and the three cuts through each.

The samples and cuts never change, so that scores of different years can stand beside each other.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel
from inventoryai.forecasting.evaluation import Window

FOLDER_VARIABLE: Final = "INVENTORYAI_SAMPLE_DATA"
CUTS: Final = 3
SEED: Final = 42
SOLD_OUT_HOURS: Final = 16
"""A day with this many hours without stock says nothing of what would have sold."""


@dataclass(frozen=True, slots=True)
class DemandSet:
    """One set of series and how it is cut.

    Attributes:
        name: What it is called in tables, and its file too unless said otherwise.
        season: Periods of the season that the reference is told of; 1 is none.
        horizon: Periods that are judged after each cut.
        step: Periods from one cut to the next.
        series: How many are drawn, where there are more.
        frequency: What one period is.
        last: How many of the last periods are looked at; all when 0.
        in_stock: Learn nothing from days that were mostly sold out, and judge no day that was at all.
        file: What its file is called, where not as the set.
    """

    name: str
    season: int
    horizon: int
    step: int
    series: int
    frequency: Frequency
    last: int = 0
    in_stock: bool = False
    file: str = ""

    @property
    def shortest(self) -> int:
        """Observations that a series needs: what the reference's conformal intervals ask for."""
        return self.horizon + self.step * (CUTS - 1) + 2 * self.horizon + 1


SETS: Final = (
    DemandSet("pasta_daily", 7, 28, 28, 118, Frequency.DAY, last=814),
    DemandSet("onlineretail_daily", 7, 28, 28, 250, Frequency.DAY),
    DemandSet("freshretail_daily", 7, 14, 14, 400, Frequency.DAY),
    DemandSet("ucisales_weekly", 1, 13, 4, 400, Frequency.WEEK),
    DemandSet("carparts_monthly", 12, 12, 3, 800, Frequency.MONTH),
    DemandSet("auto_monthly", 1, 6, 2, 800, Frequency.MONTH),
    DemandSet("hospital_monthly", 12, 12, 12, 400, Frequency.MONTH),
)
DEMAND: Final = tuple(one.name for one in SETS if one.name != "hospital_monthly")
"""Means are taken over these; hospital's smooth series stand by themselves."""
IN_STOCK: Final = replace(SETS[2], name="freshretail_in_stock", in_stock=True, file=SETS[2].name)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The sampled series of a set, whole: what is learnt from, and what is judged; NaN is unknown."""

    learnt: list[NDArray[np.float64]]
    judged: list[NDArray[np.float64]]
    end: int

    def __len__(self) -> int:
        return len(self.learnt)


def data_folder() -> Path | None:
    """Where the real data is, if it is anywhere."""
    named = os.environ.get(FOLDER_VARIABLE, "")
    return Path(named) if named and Path(named).is_dir() else None


def windows_of(demand: DemandSet, folder: Path) -> list[Window]:
    """The three cuts through a set, the oldest first."""
    series = _read(demand, folder)
    return list(_cuts(demand, series))


def unjudged(demand: DemandSet, folder: Path) -> Panel | None:
    """The series of a set that the fixed draw leaves, whole; None where it leaves none."""
    others = _read(demand, folder, drawn=False)
    if not len(others):
        return None
    return Panel.of([*others.learnt], frequency=demand.frequency, end=others.end)


def _read(demand: DemandSet, folder: Path, *, drawn: bool = True) -> Series:
    """The series that the fixed draw takes from the set's file, or those that it leaves."""
    path = folder / f"{demand.file or demand.name}.csv.gz"
    table = pd.read_csv(path, dtype={"unique_id": str}).sort_values(["unique_id", "ds"])
    learnt = judged = table["y"].astype(float)
    if demand.in_stock:
        learnt = learnt.mask(table["stockout_hours"] >= SOLD_OUT_HOURS)
        judged = judged.mask(table["stockout_hours"] > 0)
    last_day = pd.Timestamp(table["ds"].max()).to_numpy().astype("datetime64[D]").astype(int)
    places = {name: rows[-demand.last :] for name, rows in _rows(table["unique_id"]).items()}
    able = sorted(name for name, rows in places.items() if len(rows) >= demand.shortest)
    chosen = _chosen(able, demand)
    if not drawn:
        chosen = sorted(set(able) - set(chosen))
    return Series(
        learnt=_cut_out(learnt, [places[name] for name in chosen]),
        judged=_cut_out(judged, [places[name] for name in chosen]),
        end=demand.frequency.of_day(int(last_day)) + 1,
    )


def _rows(names: "pd.Series[str]") -> dict[str, NDArray[np.int64]]:
    """The rows of each series in a table that is sorted by them."""
    found, first = np.unique(names.to_numpy(dtype=str), return_index=True)
    return dict(zip(found.tolist(), np.split(np.arange(len(names)), first[1:]), strict=True))


def _cut_out(column: "pd.Series[float]", places: list[NDArray[np.int64]]) -> list[NDArray[np.float64]]:
    values = np.asarray(column, dtype=np.float64)
    return [values[rows] for rows in places]


def _chosen(names: list[str], demand: DemandSet) -> list[str]:
    if len(names) <= demand.series:
        return names
    drawn = np.random.default_rng(SEED).choice(names, demand.series, replace=False)
    return sorted(str(name) for name in drawn)


def _cuts(demand: DemandSet, series: Series) -> Iterator[Window]:
    for place in reversed(range(CUTS)):
        back = demand.horizon + demand.step * place
        panel = Panel.of(
            [one[: len(one) - back] for one in series.learnt],
            frequency=demand.frequency,
            end=series.end - back,
        )
        follow = [one[len(one) - back :][: demand.horizon] for one in series.judged]
        yield Window(np.arange(len(series)), panel, np.array(follow))
