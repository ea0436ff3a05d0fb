"""A table of stock on hand, understood."""

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.files import NO_DAY, DateOrder, ParsedStock, StockColumns
from inventoryai.domain.sales import DateMissing, OnHandNegative
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets.cells import read_days, read_quantities, read_skus
from inventoryai_spreadsheets.dialects import decimals, describe
from inventoryai_spreadsheets.groups import first_seen
from inventoryai_spreadsheets.headers import Header
from inventoryai_spreadsheets.judgement import Judgement
from inventoryai_spreadsheets.problems import ProblemLog
from inventoryai_spreadsheets.sources import Source
from inventoryai_spreadsheets.tables import Table


def understand_stock(
    source: Source, header: Header, table: Table, options: ReadOptions, log: ProblemLog
) -> ParsedStock:
    """Take the lines that say how much there is of a product.

    Raises:
        FileDateOrderAmbiguous: The dates, if there are any, can be read two ways.
    """
    separators = decimals(table, header.delimiter, options.currency_exponent)
    judgement = Judgement.of(table)
    skus = read_skus(table.columns["sku"])
    judgement.reject_texts("sku", skus.faults)
    counts = read_quantities(table.columns["on_hand"], separators["on_hand"])
    judgement.reject_texts("on_hand", counts.faults)
    on_hand = counts.values[table.columns["on_hand"].codes]
    judgement.say(OnHandNegative, on_hand < 0)
    day, order = _days(judgement, options)
    judgement.record(log)
    good = judgement.good
    distinct, sku = first_seen(skus.index[table.columns["sku"].codes][good])
    named = tuple(skus.values[at] or "" for at in distinct)
    columns = StockColumns(named, sku, on_hand[good], day[good], table.lines[good])
    return ParsedStock(
        columns, table.rows, log.problems(), describe(source, header, table, separators, order)
    )


def _days(judgement: Judgement, options: ReadOptions) -> tuple[NDArray[np.int32], DateOrder | None]:
    """int32[n], the day of each line, which need not name one; and the order of day and month."""
    column = judgement.table.columns.get("date")
    if column is None:
        return np.full(len(judgement.table), NO_DAY, dtype=np.int32), None
    days, order = read_days(column, options)
    judgement.reject_texts("date", tuple(None if fault is DateMissing else fault for fault in days.faults))
    return days.values[column.codes].astype(np.int32), order
