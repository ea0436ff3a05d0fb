"""The real sales that shipped weights may learn from, the last windows of every set left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency
from inventoryai_lstm.histories import Floats
from inventoryai_lstm.series import Series


@dataclass(frozen=True, slots=True)
class RealSet:
    """A set of daily sales, and what is made of it.

    Attributes:
        held_out: Its last days, which judge and never teach: the three windows that engines are judged on.
        share: How often it is drawn, beside the others.
        weeks: Days that are packed together as weeks.
        months: Days that are packed together as months, so that rare monthly sales can be learnt from
            rare daily ones.
    """

    held_out: int
    share: float
    weeks: tuple[int, ...] = ()
    months: tuple[int, ...] = ()


SETS: Final[Mapping[str, RealSet]] = {
    "onlineretail_daily": RealSet(84, 1.0, (7, 5), (7, 10, 14)),
    "pasta_daily": RealSet(84, 0.6, (7, 5), (14, 21, 30)),
    "freshretail_daily": RealSet(42, 0.8),
}
_PACKED_SHARE: Final = 0.45
"""How often days are drawn that were packed as something else, beside honest weeks."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Series to learn from, and how often."""

    series: Series
    share: float


def sources(folder: Path, left_out: str = "") -> dict[Frequency, list[Source]]:
    """Everything that there is to learn from in a folder, by frequency.

    Args:
        folder: Where the files of the sets are; one that is not there is left out.
        left_out: A set to be judged by, of which nothing is learnt.
    """
    found: dict[Frequency, list[Source]] = {frequency: [] for frequency in Frequency}
    for name, one in SETS.items():
        path = folder / f"{name}.csv.gz"
        if name == left_out or not path.exists():
            continue
        daily = read(path, one.held_out)
        found[Frequency.DAY].append(Source(daily, one.share))
        for days in one.weeks:
            share = one.share * (1.0 if days == 7 else _PACKED_SHARE)  # noqa: PLR2004 - a week
            found[Frequency.WEEK].append(Source(packed(daily, days, Frequency.WEEK), share))
        for days in one.months:
            share = one.share * _PACKED_SHARE
            found[Frequency.MONTH].append(Source(packed(daily, days, Frequency.MONTH), share))
    return found


def read(path: Path, held_out: int) -> Series:
    """One set of daily sales without its last days."""
    table = pd.read_csv(path, dtype={"unique_id": str})
    day = pd.to_datetime(table["ds"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    first, end = int(day.min()), int(day.max()) + 1
    codes, names = pd.factorize(table["unique_id"], sort=True)
    columns: dict[str, Floats] = {}
    for column, values in _columns(table).items():
        columns[column] = np.full((len(names), end - first), np.nan if column == "demand" else 0.0)
        columns[column][codes, day - first] = values
        columns[column] = columns[column][:, : end - first - held_out]
    return Series(**columns, end=end - held_out, frequency=Frequency.DAY)


def _columns(table: pd.DataFrame) -> Mapping[str, NDArray[np.float64]]:
    nothing = np.zeros(len(table))
    promotion = next((table[name] for name in ("promotion", "activity") if name in table), nothing)
    return {
        "demand": table["y"].to_numpy(dtype=np.float64),
        "promotion": np.asarray(promotion, dtype=np.float64),
        "holiday": np.asarray(table.get("holiday", nothing), dtype=np.float64),
    }


def packed(daily: Series, days: int, frequency: Frequency) -> Series:
    """Sums of so many days, told as if they were periods of another frequency.

    The calendar of whole weeks is kept, but for the day on which they begin; other sums have none.
    """
    rows = daily.demand.shape[1] // days

    def blocks(column: Floats) -> Floats:
        return column[:, column.shape[1] - rows * days :].reshape(len(column), rows, days)

    # NaN where any day is unknown.
    demand = blocks(daily.demand).sum(axis=2)
    enough = (~np.isnan(demand)).sum(axis=1) >= 12  # noqa: PLR2004 - ten to know, two to guess
    return Series(
        demand=demand[enough],
        promotion=blocks(daily.promotion).mean(axis=2)[enough],
        holiday=blocks(daily.holiday).mean(axis=2)[enough],
        end=frequency.of_day(daily.end),
        frequency=frequency,
        honest=frequency is Frequency.WEEK and days == 7,  # noqa: PLR2004 - a week
    )
