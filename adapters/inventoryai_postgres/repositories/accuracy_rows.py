"""Scores and tallies as rows."""

from collections.abc import Sequence
from typing import Final

import asyncpg
import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.products import ProductId
from inventoryai.forecasting.accuracy import EngineMarks, ProductAccuracy, Tally
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.measures import MARKS
from inventoryai.forecasting.summaries import Sums
from inventoryai_postgres.copying import INTEGER, REAL, UUID, Layout, Rows, uuids
from inventoryai_postgres.repositories.forecast_rows import outcome_of
from inventoryai_postgres.texts import from_json, keepable, to_json

MARK_COLUMNS: Final = ", ".join(MARKS)
STAGED_COLUMNS: Final = (
    f"product_id uuid, place integer, weight real, {', '.join(f'{mark} real' for mark in MARKS)}"
)
_STAGED: Final = Layout.of(product_id=UUID, place=INTEGER, weight=REAL, **dict.fromkeys(MARKS, REAL))
TALLY_COLUMNS: Final = "engine, place, chosen, products, unscaled, leads, weight, weighed, marks"

TallyRow = tuple[str, int, bool, int, int, int, float, int, str]


def staged(products: Sequence[ProductId], trials: Sequence[Trial]) -> Rows:
    """The marks of every product by every engine, NaN where there are none; engines are numbered from 1."""
    ids = uuids(products)
    told = [np.flatnonzero(_worth_keeping(trial)) for trial in trials]
    rows = _STAGED.rows(sum(map(len, told)))
    start = 0
    for place, (trial, kept) in enumerate(zip(trials, told, strict=True), start=1):
        part = rows[start : start + len(kept)]
        part["product_id"], part["place"] = ids[kept], place
        part["weight"] = np.nan_to_num(trial.weight[kept])
        for mark in MARKS:
            part[mark] = getattr(trial.scores, mark)[kept]
        start += len(kept)
    return rows


def _worth_keeping(trial: Trial) -> NDArray[np.bool_]:
    """bool[n], the products on which an engine was judged, or in whose forecasts it has a part."""
    kept: NDArray[np.bool_] = ~np.isnan(trial.scores.demand) | (trial.weight > 0)
    return kept


def tally_row(tally: Tally, place: int, *, kept: bool) -> TallyRow:
    """A tally as ``TALLY_COLUMNS``."""
    sums = tally.sums
    marks = {mark: [sums.total[mark], sums.known[mark]] for mark in MARKS}
    counts = (sums.products, sums.unscaled, tally.leads, tally.weight, tally.weighed)
    return (keepable(tally.engine), place, kept, *counts, to_json(marks))


def tally_of(row: asyncpg.Record) -> Tally:
    """The tally in a row of ``TALLY_COLUMNS``; a mark that is newer than the row is of no product."""
    marks = from_json(row["marks"])
    known = {mark: marks.get(mark, (0.0, 0)) for mark in MARKS}
    return Tally(
        engine=row["engine"],
        sums=Sums(
            products=row["products"],
            unscaled=row["unscaled"],
            total={mark: float(summed) for mark, (summed, _) in known.items()},
            known={mark: int(count) for mark, (_, count) in known.items()},
        ),
        leads=row["leads"],
        weight=row["weight"],
        weighed=row["weighed"],
    )


def marks_of(row: asyncpg.Record) -> EngineMarks:
    """The marks in a row of ``engine``, ``weight`` and ``MARK_COLUMNS``."""
    return EngineMarks(row["engine"], row["weight"], {mark: row[mark] for mark in MARKS})


def product_of(row: asyncpg.Record, engines: Sequence[EngineMarks]) -> ProductAccuracy:
    """The product in a row of ``FORECAST_COLUMNS``."""
    return ProductAccuracy(ProductId(row["product_id"]), row["sku"], outcome_of(row), tuple(engines))
