"""Files written for a test and read back."""

import gzip
from datetime import date
from pathlib import Path

from inventoryai.domain.files import ParsedSales, ParsedStock
from inventoryai.domain.periods import as_date
from inventoryai.ports.spreadsheets import ReadOptions, SpreadsheetReader
from inventoryai_spreadsheets import CsvReader

READER: SpreadsheetReader = CsvReader()
PLAIN = ReadOptions()


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def read_sales(folder: Path, content: str | bytes, options: ReadOptions = PLAIN) -> ParsedSales:
    """What a sales file of this content is understood to be; its counts are checked on the way."""
    path = folder / "stored"
    path.write_bytes(as_bytes(content))
    parsed = READER.read_sales(path, options)
    assert parsed.rows == parsed.accepted + parsed.rejected + sum(parsed.ignored.values())
    return parsed


def read_stock(folder: Path, content: str | bytes, options: ReadOptions = PLAIN) -> ParsedStock:
    """What a stock file of this content is understood to be; its counts are checked on the way."""
    path = folder / "stored"
    path.write_bytes(as_bytes(content))
    parsed = READER.read_stock(path, options)
    assert parsed.rows == parsed.accepted + parsed.rejected
    return parsed


def lines(parsed: ParsedSales) -> list[tuple[int, str, date, int, int]]:
    """The accepted lines: line, SKU, day, quantity in thousandths, revenue in minor units."""
    columns = parsed.columns
    return [
        (line, columns.skus[sku], as_date(day), quantity, revenue)
        for line, sku, day, quantity, revenue in zip(
            columns.line.tolist(),
            columns.sku.tolist(),
            columns.day.tolist(),
            columns.quantity.tolist(),
            columns.revenue.tolist(),
            strict=True,
        )
    ]


def problems(parsed: ParsedSales | ParsedStock) -> list[tuple[int, str, str, str]]:
    """The rejected lines: line, column, value, code."""
    found = parsed.problems
    return list(zip(found.line.tolist(), found.column, found.value, found.code, strict=True))


def zipped(content: bytes) -> bytes:
    """The same bytes whenever it is called: tests are named by them, in several processes at once."""
    return gzip.compress(content, mtime=0)
