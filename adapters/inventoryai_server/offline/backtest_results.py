"""Backtests as they leave the command: a table to read, CSV, JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final, TextIO

from rich.console import Console

from inventoryai.domain.errors import Locale
from inventoryai.forecasting.accuracy import marks_at
from inventoryai.forecasting.summaries import Summary
from inventoryai.usecases.offline_backtests import EngineBacktest, FileBacktest
from inventoryai_server.offline import words
from inventoryai_server.offline.backtest_words import HEADERS, LEGEND, TITLE
from inventoryai_server.orders import add_column, readable_table
from inventoryai_spreadsheets.writing import Cell, write_csv

PROMISED: Final[Mapping[str, float]] = {
    "inside_80": 0.8,
    "inside_95": 0.95,
    "below_95": 0.95,
    "below_99": 0.99,
}
"""What share of demand each range of quantiles should hold."""
SHARES: Final = frozenset({"wape", "bias", *PROMISED})
"""What is read in per cent."""
_COLUMNS: Final = (
    "mase", "rmsse", "wape", "bias", "spl", "spl95", "spl99", "tpl", *PROMISED, "seconds",
)  # fmt: skip
_DETAILS: Final = frozenset({"mase", "rmsse", "spl95", "spl99", "inside_95", "below_99"})
_NARROW: Final = 120
"""Columns of a terminal below which the table leaves out what a file would hold."""
_SUMMARY: Final = tuple(field.name for field in fields(Summary))
_DECIMALS: Final = 6

Numbers = Mapping[str, float | None]


def numbers_of(engine: EngineBacktest) -> dict[str, float | None]:
    """What there is to say of an engine: its marks on all products, and its seconds."""
    return {**asdict(engine.summary), "seconds": engine.seconds, "fallbacks": engine.fallbacks}


def best(column: str, found: Sequence[Numbers]) -> float | None:
    """The best number of a column: the nearest to what was promised, else to 0; None of a single engine."""
    goal = PROMISED.get(column, 0.0)
    values = [value for one in found if (value := one[column]) is not None]
    return min(values, key=lambda value: abs(value - goal)) if len(found) > 1 and values else None


def show_backtest(console: Console, found: FileBacktest, locale: Locale) -> None:
    """Print the marks of each engine, the best of each column marked, and what they mean."""
    numbers = [numbers_of(engine) for engine in found.engines]
    said = _spoken(found, locale)
    table = readable_table(TITLE(locale, windows=len(found.starts), **said))
    add_column(table, HEADERS["engine"](locale))
    shown = [name for name in _COLUMNS if console.width >= _NARROW or name not in _DETAILS]
    for name in shown:
        add_column(table, HEADERS[name](locale), numeric=True)
    made = [one for engine, one in zip(found.engines, numbers, strict=True) if engine.mostly_its_own]
    winners = {name: best(name, made) for name in shown}
    for engine, one in zip(found.engines, numbers, strict=True):
        table.add_row(engine.engine, *(_marked(name, one[name], winners[name], locale) for name in shown))
    console.print(table)
    console.print(LEGEND(locale, **said))


def _spoken(found: FileBacktest, locale: Locale) -> dict[str, object]:
    periods = words.PERIODS[found.question.frequency](locale)
    return {"horizon": found.question.horizon, "periods": periods}


def _marked(name: str, value: float | None, winner: float | None, locale: Locale) -> str:
    mark = "" if winner is None else "*" if value == winner else " "
    return written(name, value, locale) + mark


def written(name: str, value: float | None, locale: Locale, unit: str = "") -> str:
    """A number of a column as it is read, shares in per cent; nothing for None."""
    if value is None:
        return ""
    digits = (
        f"{100 * value:.1f}" if name in SHARES else f"{value:.2f}" if name == "seconds" else f"{value:.3f}"
    )
    return (digits.replace(".", ",") if locale == "fr" else digits) + unit


def write_backtest(found: FileBacktest, file: TextIO) -> None:
    """Write the marks as CSV: a row for each engine."""
    names = [*_SUMMARY, "seconds", "fallbacks"]
    rows = ([engine.engine, *_row(numbers_of(engine), names)] for engine in found.engines)
    write_csv(file, ["engine", *names], rows)


def _row(numbers: Numbers, names: Sequence[str]) -> list[Cell]:
    return [None if (value := numbers[name]) is None else _short(value) for name in names]


def _short(value: float) -> float:
    return round(value, _DECIMALS)


def backtest_json(found: FileBacktest) -> Iterator[str]:
    """The marks as JSON: of each engine, then of each product, one to a line."""
    question = found.question
    head: dict[str, Any] = {
        "frequency": question.frequency.value,
        "horizon": question.horizon,
        "windows": [
            {"starts_on": start.isoformat(), "products": judged}
            for start, judged in zip(found.starts, found.judged, strict=True)
        ],
        "last_day": found.last_day.isoformat(),
    }
    engines = [
        {"engine": one.engine, "forecasts": one.forecasts, **_known(numbers_of(one))} for one in found.engines
    ]
    yield _lines(head)[:-1] + ',\n"engines": [\n'
    yield ",\n".join(_lines(engine) for engine in engines)
    yield '\n],\n"products": [\n'
    for product, sku in enumerate(found.skus):
        marks = {one.engine: _known(marks_at(one.scores, product)) for one in found.engines}
        yield (",\n" if product else "") + _lines({"sku": sku, "engines": marks})
    yield "\n]}\n"


def _known(numbers: Numbers) -> dict[str, float | None]:
    return {name: None if value is None else _short(value) for name, value in numbers.items()}


def _lines(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
