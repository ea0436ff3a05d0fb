"""The reader of CSV files, gzipped or not."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inventoryai.domain.files import SALES_FIELDS, STOCK_FIELDS, ParsedSales, ParsedStock
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets.headers import Layout, find_header
from inventoryai_spreadsheets.problems import ProblemLog
from inventoryai_spreadsheets.sales import understand_sales
from inventoryai_spreadsheets.sources import inspect
from inventoryai_spreadsheets.stock import understand_stock
from inventoryai_spreadsheets.tables import read_table

_SALES: Final = Layout(SALES_FIELDS, required=("date", "sku", "quantity"))
_STOCK: Final = Layout(STOCK_FIELDS, required=("sku", "on_hand"))


@dataclass(frozen=True, slots=True)
class CsvReader:
    """Understands CSV as tills and spreadsheets write it: a ``SpreadsheetReader``.

    The file is read twice: once for its encoding and its size, once for its content.
    """

    def read_sales(self, path: Path, options: ReadOptions) -> ParsedSales:
        """Read a file of sales lines.

        Raises:
            FileProblem: The file as a whole cannot be taken.
        """
        with _no_search_for_cycles():
            source = inspect(path, options.limits)
            header = find_header(source, _SALES, options)
            log = ProblemLog()
            table = read_table(source, header, options.limits, log)
            return understand_sales(source, header, table, options, log)

    def read_stock(self, path: Path, options: ReadOptions) -> ParsedStock:
        """Read a file of stock on hand.

        Raises:
            FileProblem: The file as a whole cannot be taken.
        """
        with _no_search_for_cycles():
            source = inspect(path, options.limits)
            header = find_header(source, _STOCK, options)
            log = ProblemLog()
            table = read_table(source, header, options.limits, log)
            return understand_stock(source, header, table, options, log)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Reading makes millions of texts and no cycles; looking for some takes a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
