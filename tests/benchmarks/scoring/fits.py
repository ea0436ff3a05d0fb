"""How well each form of exponential smoothing is fitted, beside AutoETS on the same series.

Forecasts say little of a search: a worse fit may even forecast better by chance. So this compares the mean
squared error of one step within the history, both in the same form. AutoETS's are read from
reference_fits.csv, or computed anew.
"""

import csv
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import chain, islice
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from benchmarks.scoring.reference import REQUIREMENTS, SCRIPT, alone, interpreter
from benchmarks.scoring.windows import SEED, SETS, DemandSet
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel
from inventoryai_ets.fitting import Scaled, fit
from inventoryai_ets.names import NAMES

TABLE: Final = Path(__file__).parents[1] / "reference_fits.csv"
MIXED: Final = 200
"""Series of each sample."""
ASKED: Final = 60
"""So many of them, the first ones, are fitted in forms that are asked for too."""
LEAST_SALES: Final = 10
"""Periods with a sale that a series must have, so that there is something to smooth."""
ANY: Final = "ZZZ"
"""AutoETS's name for the form that it chooses itself."""

Histories = Mapping[tuple[str, str], NDArray[np.float64]]
"""Series by set and id."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Series of one frequency, in equal parts from some sets.

    Attributes:
        title: What it is called in the table.
        frequency: Its season is what AutoETS is told of.
        forms: What is asked for, beside the form that AutoETS chooses.
    """

    title: str
    frequency: Frequency
    forms: tuple[str, ...] = ()

    @property
    def sets(self) -> list[DemandSet]:
        """Where the series come from."""
        return [one for one in SETS if one.frequency is self.frequency]


SAMPLES: Final = (
    Sample("monthly", Frequency.MONTH, ("ANN", "AAN", "AAdN", "ANA", "AAA")),
    Sample("daily", Frequency.DAY),
)


@dataclass(frozen=True, slots=True)
class Fit:
    """What AutoETS reached on one series in one form.

    Attributes:
        set: The set.
        series: The id in it.
        form: As in ``inventoryai_ets.names``.
        mse: Mean squared one-step error in the history.
        chosen: Whether the form is the one that AutoETS chose.
    """

    set: str
    series: str
    form: str
    mse: float
    chosen: bool


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The kept fits of a sample, and our mean squared error over theirs, float64[fits]."""

    sample: Sample
    fits: list[Fit]
    ratios: NDArray[np.float64]

    @property
    def chosen(self) -> NDArray[np.bool_]:
        """bool[fits], which are in the form that AutoETS chose."""
        return np.array([one.chosen for one in self.fits], dtype=np.bool_)

    @property
    def forms(self) -> NDArray[np.str_]:
        """str[fits]."""
        return np.array([one.form for one in self.fits], dtype=np.str_)


def histories(sample: Sample, folder: Path) -> Histories:
    """The sample's series, uncut: from its sets in turn, each in a fixed disorder.

    Only those with some sales (``LEAST_SALES``) are in it. Of the real sets, spare parts alone have others:
    almost half of them.
    """
    drawn = [list(_disordered(one, folder)) for one in sample.sets]
    turns = chain.from_iterable(zip(*drawn, strict=False))
    return dict(islice(turns, MIXED))


def _disordered(demand: DemandSet, folder: Path) -> Iterator[tuple[tuple[str, str], NDArray[np.float64]]]:
    table = pd.read_csv(folder / f"{demand.name}.csv.gz", dtype={"unique_id": str}).sort_values("ds")
    series = {str(name): rows.to_numpy(dtype=np.float64) for name, rows in table.groupby("unique_id")["y"]}
    names = sorted(series)
    for place in np.random.default_rng(SEED).permutation(len(names)):
        history = series[names[place]][-demand.last :]
        if np.count_nonzero(history) >= LEAST_SALES:
            yield (demand.name, names[place]), history


def refresh(folder: Path) -> list[Fit]:
    """AutoETS's fits, computed anew: a minute or two."""
    python, fits = interpreter(), list[Fit]()
    for sample in SAMPLES:
        whole = histories(sample, folder)
        chosen = list(_fitted(python, ANY, sample, whole))
        known = {(one.set, one.series, one.form) for one in chosen}
        part = dict(islice(whole.items(), ASKED))
        asked = chain.from_iterable(_fitted(python, form, sample, part) for form in sample.forms)
        fits += chosen
        fits += (one for one in asked if (one.set, one.series, one.form) not in known)
    return fits


def _fitted(python: Path, form: str, sample: Sample, series: Histories) -> Iterator[Fit]:
    """Some series in one form, in the other environment."""
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch) / "series.npz", Path(scratch) / "fits.npz"
        panel = _panel(sample, list(series.values()))
        np.savez(source, values=panel.values, offsets=panel.offsets, season=sample.frequency.season)
        command = [str(python), str(SCRIPT), "fit", form, str(source), str(target)]
        subprocess.run(command, check=True, env=alone())
        with np.load(target) as found:
            forms, errors = found["forms"].tolist(), found["mse"].tolist()
    for (name, key), got, mse in zip(series, forms, errors, strict=True):
        yield Fit(name, key, got, mse, chosen=form == ANY)


def _panel(sample: Sample, series: Sequence[NDArray[np.float64]]) -> Panel:
    return Panel.of(list(series), frequency=sample.frequency)


def write(fits: Sequence[Fit]) -> None:
    """Keeps the fits, with what made them."""
    with TABLE.open("w", newline="") as file:
        file.write(f"# {', '.join(REQUIREMENTS)}; made by engines.py --refresh\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(field.name for field in fields(Fit))
        for one in fits:
            *names, mse, chosen = astuple(one)
            rows.writerow([*names, f"{mse:.8g}", "yes" if chosen else "no"])


def read() -> list[Fit]:
    """The kept fits of the reference."""
    with TABLE.open(newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [
            Fit(row["set"], row["series"], row["form"], float(row["mse"]), row["chosen"] == "yes")
            for row in rows
        ]


def compare(folder: Path) -> list[Compared]:
    """Ours on the series and in the forms of the kept fits, sample by sample, in a second or two."""
    kept, found = read(), list[Compared]()
    for sample in SAMPLES:
        series = histories(sample, folder)
        fits = [one for one in kept if (one.set, one.series) in series]
        found.append(Compared(sample, fits, ratios(fits, sample, series)))
    return found


def ratios(fits: Sequence[Fit], sample: Sample, series: Histories) -> NDArray[np.float64]:
    """float64[fits], our mean squared error over theirs; infinite where ours cannot have that form."""
    found = np.empty(len(fits))
    for form in {one.form for one in fits}:
        places = [place for place, one in enumerate(fits) if one.form == form]
        scaled = Scaled.of(_panel(sample, [series[fits[place].set, fits[place].series] for place in places]))
        squares = fit(scaled, {form}).squares[:, NAMES.index(form)]
        ours = squares / scaled.panel.known() * scaled.means**2
        found[places] = ours / np.array([fits[place].mse for place in places])
    return found
