"""A table of sales lines, understood."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.files import ParsedSales
from inventoryai.domain.sales import AmountTooLarge, SalesColumns
from inventoryai.domain.tills import Codes, Duplicate, FreeItem, NotAProduct, till_keys
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets import figures
from inventoryai_spreadsheets.cells import (
    Money,
    Names,
    read_days,
    read_money,
    read_names,
    read_quantities,
    read_skus,
)
from inventoryai_spreadsheets.dialects import decimals, describe
from inventoryai_spreadsheets.groups import first_seen, most_frequent
from inventoryai_spreadsheets.headers import Header
from inventoryai_spreadsheets.judgement import Judgement
from inventoryai_spreadsheets.problems import ProblemLog
from inventoryai_spreadsheets.revenue import Revenue, revenue
from inventoryai_spreadsheets.sources import Source
from inventoryai_spreadsheets.tables import Table

_IGNORED: Final = (NotAProduct, FreeItem, Duplicate)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The values of every line, meaningless where the judgement has found something.

    Attributes:
        skus: The distinct SKUs; None for those that are none.
        sku: int64[n], index into ``skus``.
        day: int64[n].
        quantity: int64[n], thousandths.
        money: What each brought in.
        names: What the product is called on each.
        categories: Likewise.
    """

    skus: tuple[str | None, ...]
    sku: NDArray[np.int64]
    day: NDArray[np.int64]
    quantity: NDArray[np.int64]
    money: Revenue
    names: Names
    categories: Names


def understand_sales(
    source: Source, header: Header, table: Table, options: ReadOptions, log: ProblemLog
) -> ParsedSales:
    """Take the lines that are sales, and say of every other why it is not.

    Raises:
        FileDateOrderAmbiguous: The dates can be read two ways.
    """
    separators = decimals(table, header.delimiter, options.currency_exponent)
    judgement = Judgement.of(table)
    days, order = read_days(table.columns["date"], options)
    judgement.reject_texts("date", days.faults)
    lines = _lines(judgement, separators, days.values, options.currency_exponent)
    not_products = _set_aside(judgement, lines)
    judgement.record(log, _IGNORED)
    counts = judgement.counts()
    columns, names, categories = _take(judgement, lines)
    return ParsedSales(
        columns=columns,
        names=names,
        categories=categories,
        has_price=any(field in table.columns for field in figures.MONEY),
        rows=table.rows,
        ignored={problem.code: counts[problem] for problem in _IGNORED if counts[problem]},
        not_products=not_products,
        problems=log.problems(),
        dialect=describe(source, header, table, separators, order),
    )


def _lines(
    judgement: Judgement, separators: dict[str, str], days: NDArray[np.int64], exponent: int
) -> _Lines:
    table = judgement.table
    skus = read_skus(table.columns["sku"])
    judgement.reject_texts("sku", skus.faults)
    quantities = read_quantities(table.columns["quantity"], separators["quantity"])
    judgement.reject_texts("quantity", quantities.faults)
    money = _money(judgement, separators)
    found = revenue(table, quantities, money, exponent)
    judgement.say(AmountTooLarge, found.too_large)
    return _Lines(
        skus=skus.values,
        sku=skus.index[table.columns["sku"].codes],
        day=days[table.columns["date"].codes],
        quantity=quantities.values[table.columns["quantity"].codes],
        money=found,
        names=read_names(table.columns.get("name"), len(table)),
        categories=read_names(table.columns.get("category"), len(table)),
    )


def _money(judgement: Judgement, separators: dict[str, str]) -> dict[str, Money]:
    """The prices and amounts that the file has."""
    columns = judgement.table.columns
    fields = [field for field in figures.MONEY if field in columns]
    money = {field: read_money(columns[field], separators[field], field) for field in fields}
    for field, read in money.items():
        judgement.reject_texts(field, read.faults)
    return money


def _set_aside(judgement: Judgement, lines: _Lines) -> tuple[str, ...]:
    """Leave out what is understood and is no demand; return the codes taken for till keys."""
    good = judgement.good
    size = len(lines.skus)
    priced = good & (np.nan_to_num(lines.money.price) != 0)
    least, most = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(least, lines.sku[priced], lines.money.price[priced])
    np.maximum.at(most, lines.sku[priced], lines.money.price[priced])
    unpriced = ~np.isfinite(least)
    least[unpriced] = most[unpriced] = np.nan
    seen = np.flatnonzero(np.bincount(lines.sku[good], minlength=size))
    names = most_frequent(lines.names, lines.sku, size, good & ~lines.money.free)
    codes = Codes(
        skus=tuple(lines.skus[at] or "" for at in seen),
        names=tuple(names[at] for at in seen),
        least=least[seen],
        most=most[seen],
    )
    keys = seen[till_keys(codes)]
    judgement.say(NotAProduct, good & np.isin(lines.sku, keys))
    judgement.say(FreeItem, lines.money.free)
    judgement.say(Duplicate, _repeats(judgement))
    return tuple(sorted(lines.skus[at] or "" for at in keys))


def _repeats(judgement: Judgement) -> NDArray[np.bool_]:
    """bool[n], the good lines whose external id an earlier good line has."""
    repeats = np.zeros(len(judgement.table), dtype=bool)
    column = judgement.table.columns.get("external_id")
    if column is not None:
        known: dict[str, int] = {}
        index = np.array(
            [known.setdefault(text.strip(), len(known)) for text in column.texts], dtype=np.int64
        )
        identity = index[column.codes]
        lines = np.flatnonzero(judgement.good & (identity != known.get("", -1)))
        repeats[lines] = True
        repeats[lines[np.unique(identity[lines], return_index=True)[1]]] = False
    return repeats


def _take(
    judgement: Judgement, lines: _Lines
) -> tuple[SalesColumns, tuple[str | None, ...], tuple[str | None, ...]]:
    good = judgement.good
    kept, sku = first_seen(lines.sku[good])
    columns = SalesColumns(
        skus=tuple(lines.skus[at] or "" for at in kept),
        sku=sku,
        day=lines.day[good].astype(np.int32),
        quantity=lines.quantity[good],
        revenue=lines.money.minor[good],
        line=judgement.table.lines[good],
    )
    names = most_frequent(lines.names, lines.sku, len(lines.skus), good)
    categories = most_frequent(lines.categories, lines.sku, len(lines.skus), good)
    return columns, tuple(names[at] for at in kept), tuple(categories[at] for at in kept)
