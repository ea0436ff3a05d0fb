"""Lines read record by record: slower, and exact where quotations span lines or break.

A record of several lines that breaks is given up with its first line alone, and what follows is read
afresh: a stray quotation mark had swallowed it.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inventoryai.domain.sales import BrokenQuotes, FieldTooLong, HasNul, LineProblem

_UNFINISHED: Final = "unexpected end of data"
_TOO_LONG: Final = "field larger"


@dataclass(frozen=True, slots=True)
class Piece:
    """One record, or one line that is none.

    Attributes:
        start: The first of its lines, counted from the first line given.
        end: The line after its last.
        read: How many lines were read to learn this.
        fields: What the record holds, if it is one.
        problem: What is wrong with it. Neither fields nor problem: it ends beyond the lines given.
    """

    start: int
    end: int
    read: int
    fields: list[str] | None = None
    problem: type[LineProblem] | None = None


def pieces(lines: list[str], delimiter: str, widths: range) -> Iterator[Piece]:
    """The records of some physical lines, whose ends they still have.

    Args:
        lines: Physical lines; the first one starts a record.
        delimiter: The character between fields.
        widths: How many fields a record of several lines must have to be believed.
    """
    start = 0
    while start < len(lines):
        for piece in _until_one_breaks(lines, start, delimiter, widths):
            yield piece
            start = piece.end


def _until_one_breaks(lines: list[str], first: int, delimiter: str, widths: range) -> Iterator[Piece]:
    upcoming = map(lines.__getitem__, range(first, len(lines)))
    reader = csv.reader(upcoming, delimiter=delimiter, strict=True)
    start = first
    try:
        for row in reader:
            end = first + reader.line_num
            if end - start > 1 and len(row) not in widths:
                yield Piece(start, start + 1, end - start, problem=BrokenQuotes)
                return
            if any("\0" in line for line in lines[start:end]):
                yield Piece(start, end, end - start, problem=HasNul)
            else:
                yield Piece(start, end, end - start, row)
            start = end
    except csv.Error as error:
        read = first + reader.line_num - start
        if _UNFINISHED in str(error):
            yield Piece(start, len(lines), read)
            return
        problem = FieldTooLong if _TOO_LONG in str(error) else BrokenQuotes
        yield Piece(start, start + 1, read, problem=problem)
