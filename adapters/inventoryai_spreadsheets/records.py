"""Text cut into records: the fields of each, and the physical line where it starts.

Almost every block of a real file has one record a line, and the csv module alone reads it at full
speed. A block where that is not so (a quoted line break, a broken quotation, a NUL) is read again
record by record, so that line numbers stay exact and one broken line costs one line.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.sales import LineProblem
from inventoryai.domain.unreadable import FileLineTooLong, FileQuoteUnclosed
from inventoryai_spreadsheets.exact import pieces

MOST_LINES: Final = 256
"""How many physical lines one record may span; a longer one is a quotation that never closes."""

MOST_READ_AGAIN: Final = 1_000_000
"""How many lines may be read a second time because a quotation had swallowed them."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that gives no record: where it is, what is wrong, and its text."""

    line: int
    problem: type[LineProblem]
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records in the order of the file.

    Attributes:
        rows: The fields of each record; an empty line gives a record without fields.
        lines: int64[len(rows)], the physical line where each starts.
        broken: The lines in between that give no record.
    """

    rows: list[list[str]]
    lines: NDArray[np.int64]
    broken: list[Broken] = field(default_factory=list)


@dataclass(slots=True)
class RecordReader:
    """Cuts a stream of text into batches of records.

    Attributes:
        delimiter: The character between fields.
        widths: How many fields a well-formed record may have.
        longest: The most characters in a physical line.
        line: The physical line that comes next.
        read_again: How many lines broken quotations have cost so far.
    """

    delimiter: str
    widths: range
    longest: int
    line: int
    read_again: int = 0

    def batches(self, texts: Iterator[str]) -> Iterator[Batch]:
        """The records of the text.

        Raises:
            FileLineTooLong: A physical line is longer than ``longest``.
            FileQuoteUnclosed: A quotation opens and never closes.
        """
        kept = ""
        for text in texts:
            kept += text
            cut = kept.rfind("\n") + 1 or kept.rfind("\r", 0, -1) + 1
            if len(kept) - cut > self.longest:
                raise FileLineTooLong(line=self.line + len(physical_lines(kept[:cut])), most=self.longest)
            batch, unread = self._read(kept[:cut], last=False)
            kept = unread + kept[cut:]
            yield batch
        yield self._read(kept, last=True)[0]

    def _read(self, text: str, *, last: bool) -> tuple[Batch, str]:
        """The records of whole lines, and the text of a last one that is not complete yet."""
        rows = self._one_a_line(text)
        if rows is None:
            return self._one_by_one(physical_lines(text), last=last)
        lines = np.arange(self.line, self.line + len(rows), dtype=np.int64)
        self.line += len(rows)
        return Batch(rows, lines), ""

    def _one_a_line(self, text: str) -> list[list[str]] | None:
        if "\0" in text:
            return None
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        try:
            rows = list(reader)
        except csv.Error:
            return None
        return rows if reader.line_num == len(rows) else None

    def _one_by_one(self, text: list[str], *, last: bool) -> tuple[Batch, str]:
        rows: list[list[str]] = []
        lines: list[int] = []
        broken: list[Broken] = []
        first, end = self.line, 0
        for piece in pieces(text, self.delimiter, self.widths):
            self._bound(first + piece.start, piece.read, piece.read - (piece.end - piece.start))
            if piece.fields is not None:
                rows.append(piece.fields)
                lines.append(first + piece.start)
            elif piece.problem is not None:
                broken.append(Broken(first + piece.start, piece.problem, text[piece.start].rstrip("\r\n")))
            elif last or sum(map(len, text[piece.start :])) > self.longest:
                raise FileQuoteUnclosed(line=first + piece.start)
            else:
                break
            end = piece.end
        self.line = first + end
        return Batch(rows, np.array(lines, dtype=np.int64), broken), "".join(text[end:])

    def _bound(self, line: int, read: int, again: int) -> None:
        self.read_again += again
        if read > MOST_LINES or self.read_again > MOST_READ_AGAIN:
            raise FileQuoteUnclosed(line=line)


def physical_lines(text: str) -> list[str]:
    """The lines with their ends, which are LF, CR LF or CR."""
    return io.StringIO(text, newline="").readlines()
