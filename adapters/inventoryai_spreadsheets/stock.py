"""A table of stock on hand, understood."""

import numpy as np

from inventoryai.domain.files import NO_DAY, ParsedStock, StockColumns
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
    day, order = np.full(len(table), NO_DAY, dtype=np.int32), None
    if "date" in table.columns:
        days, order = read_days(table.columns["date"], options)
        judgement.reject_texts(
            "date", tuple(None if fault is DateMissing else fault for fault in days.faults)
        )
        day = days.values[table.columns["date"].codes].astype(np.int32)
    judgement.record(log)
    good = judgement.good
    distinct, sku = first_seen(skus.index[table.columns["sku"].codes][good])
    columns = StockColumns(
        skus=tuple(skus.values[at] or "" for at in distinct),
        sku=sku,
        on_hand=on_hand[good],
        day=day[good],
        line=table.lines[good],
    )
    return ParsedStock(
        columns, table.rows, log.problems(), describe(source, header, table, separators, order)
    )
