"""The needed columns of a file, each cell as an index into the distinct texts of its column.

A till repeats itself: half a million lines have a few thousand SKUs, prices and dates. Whatever is
decided of a cell is decided once for each distinct text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.sales import TooFewFields, TooManyFields
from inventoryai.domain.unreadable import FileTooManyRows, FileWithoutRows
from inventoryai.ports.spreadsheets import Limits
from inventoryai_spreadsheets.headers import Header
from inventoryai_spreadsheets.problems import ProblemLog
from inventoryai_spreadsheets.records import Batch, RecordReader
from inventoryai_spreadsheets.sources import Source, read_text

_NONE: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        header: Its name in the file.
        texts: The distinct texts, in order of first appearance.
        codes: int32[n], index into ``texts``.
    """

    header: str
    texts: tuple[str, ...]
    codes: NDArray[np.int32]

    def counts(self) -> NDArray[np.int64]:
        """int64[len(texts)], how many lines have each text."""
        return np.bincount(self.codes, minlength=len(self.texts)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Table:
    """The well-formed records of a file.

    Attributes:
        columns: By field.
        lines: int64[n], the physical line where each record starts.
        rows: Records in the file, those that are not well-formed included, blank lines not.
    """

    columns: dict[str, Column]
    lines: NDArray[np.int64]
    rows: int

    def __len__(self) -> int:
        return len(self.lines)


class _Codes(dict[str, int]):
    """Numbers texts as they come, and remembers which of them are blank."""

    def __init__(self) -> None:
        super().__init__()
        self.blank: list[int] = []

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        if not text or text.isspace():
            self.blank.append(code)
        return code

    def encode(self, texts: tuple[str, ...]) -> NDArray[np.int32]:
        return np.fromiter(map(self.__getitem__, texts), dtype=np.int32, count=len(texts))


class _Collector:
    """Takes batches of records, and becomes a table."""

    def __init__(self, header: Header, log: ProblemLog) -> None:
        self.header = header
        self.log = log
        self.texts = {field: _Codes() for field in header.columns}
        self.codes: dict[str, list[NDArray[np.int32]]] = {field: [] for field in header.columns}
        self.lines: list[NDArray[np.int64]] = [_NONE]
        self.rows = 0

    def add(self, batch: Batch) -> None:
        for broken in batch.broken:
            self.rows += 1
            self.log.add(broken.problem, broken.line, broken.text)
        rows, lines = self._well_formed(batch)
        if not rows:
            return
        cells = list(zip(*rows, strict=True))
        codes = {field: self.texts[field].encode(cells[at]) for field, at in self.header.columns.items()}
        blank = self._blank(rows, codes["sku"])
        for field, column in codes.items():
            self.codes[field].append(np.delete(column, blank))
        self.lines.append(np.delete(lines, blank))
        self.rows += len(self.lines[-1])

    def _well_formed(self, batch: Batch) -> tuple[list[list[str]], NDArray[np.int64]]:
        """The records that fit the header, cut to the same width."""
        rows, whole = batch.rows, self.header.widths[-1]
        widths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        if (widths == whole).all():
            return rows, batch.lines
        named = self.header.widths[0]
        filled: list[int] = np.flatnonzero(widths).tolist()
        fits = [at for at in filled if self._fits(rows[at], int(batch.lines[at]))]
        return [rows[at][:named] for at in fits], batch.lines[fits]

    def _fits(self, row: list[str], line: int) -> bool:
        """Whether a record fits the header; empty fields beyond its end do no harm."""
        if len(row) in self.header.widths:
            return True
        if not any(text.strip() for text in row):
            return False
        if len(row) > self.header.widths[-1] and not any(
            text.strip() for text in row[len(self.header.names) :]
        ):
            return True
        self.rows += 1
        self.log.add(
            TooFewFields if len(row) < self.header.widths[0] else TooManyFields,
            line,
            self.header.delimiter.join(row),
        )
        return False

    def _blank(self, rows: list[list[str]], sku: NDArray[np.int32]) -> list[int]:
        """Which records have nothing in any field: a spreadsheet's empty rows."""
        blank = self.texts["sku"].blank
        if not blank:
            return []
        candidates: list[int] = np.flatnonzero(np.isin(sku, blank)).tolist()
        return [at for at in candidates if not any(text.strip() for text in rows[at])]

    def table(self) -> Table:
        lines = np.concatenate(self.lines)
        columns = {
            field: Column(
                self.header.names[at],
                tuple(self.texts[field]),
                np.concatenate(self.codes[field]) if self.codes[field] else np.empty(0, dtype=np.int32),
            )
            for field, at in self.header.columns.items()
        }
        return Table(columns, lines, self.rows)


def read_table(source: Source, header: Header, limits: Limits, log: ProblemLog) -> Table:
    """All of a file's records; those that are not well-formed go to the log.

    Raises:
        FileWithoutRows, FileTooManyRows: There is nothing below the header, or more than is taken.
        FileProblem: The text cannot be cut into records.
    """
    records = RecordReader(header.delimiter, header.widths, limits.line, header.next_line)
    collector = _Collector(header, log)
    for batch in records.batches(_after(read_text(source, limits), header.length)):
        collector.add(batch)
        if collector.rows > limits.rows:
            raise FileTooManyRows(most=limits.rows)
    table = collector.table()
    if not table.rows:
        raise FileWithoutRows
    return table


def _after(texts: Iterator[str], length: int) -> Iterator[str]:
    """The text without its first characters."""
    for text in texts:
        skipped = min(length, len(text))
        length -= skipped
        yield text[skipped:]
