"""The header of a file: where it is, how it is delimited, and which column is which field."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from inventoryai.domain.tills import plain
from inventoryai.domain.unreadable import (
    FileColumnNotFound,
    FileEmpty,
    FileFieldUnknown,
    FileLineTooLong,
    FileProblem,
    FileQuoteUnclosed,
    FileTooManyColumns,
    FileWithoutDate,
    FileWithoutQuantity,
    FileWithoutSku,
)
from inventoryai.ports.spreadsheets import Limits, ReadOptions
from inventoryai_spreadsheets.records import physical_lines
from inventoryai_spreadsheets.sources import HEAD, Source
from inventoryai_spreadsheets.synonyms import rank

DELIMITERS: Final = (",", ";", "\t", "|")
_LISTED: Final = 40
_BLANK: Final = " \t\r\n\f\v\x1a\ufeff\u00a0"
_MISSING: Final[Mapping[str, type[FileProblem]]] = {
    "date": FileWithoutDate,
    "sku": FileWithoutSku,
    "quantity": FileWithoutQuantity,
    "on_hand": FileWithoutQuantity,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What fields a kind of file has, and which of them it cannot do without."""

    fields: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a file.

    Attributes:
        names: The name of each column, trimmed.
        delimiter: The character between fields.
        columns: Field to the index of its column.
        length: Characters of the text up to the end of the header.
        next_line: The physical line after it.
    """

    names: tuple[str, ...]
    delimiter: str
    columns: dict[str, int]
    length: int
    next_line: int

    @property
    def widths(self) -> range:
        """How many fields a record may have: unnamed columns at the end may be there or not."""
        named = len(self.names)
        while named and not self.names[named - 1]:
            named -= 1
        return range(named, len(self.names) + 1)


def find_header(source: Source, layout: Layout, options: ReadOptions) -> Header:
    """The first line that is not blank, cut by the delimiter that makes most sense of it.

    Raises:
        FileEmpty: There is no such line.
        FileLineTooLong, FileTooManyColumns, FileQuoteUnclosed: It is no header.
        FileFieldUnknown, FileColumnNotFound: The mapping does not fit it.
        FileWithoutDate, FileWithoutSku, FileWithoutQuantity: A field is missing that must be there.
    """
    for field in options.mapping:
        if field not in layout.fields:
            raise FileFieldUnknown(field=field, fields=", ".join(layout.fields))
    lines = physical_lines(source.head)
    start, given = _announced_delimiter(lines)
    start += sum(1 for _ in takewhile(_is_blank, lines[start:]))
    if start == len(lines):
        raise FileEmpty
    if start == len(lines) - 1 and not source.whole:
        raise _endless(lines[start], start + 1, options.limits)
    names, delimiter, end = _best(lines, start, given or DELIMITERS, layout, options)
    if len(names) > options.limits.columns:
        raise FileTooManyColumns(most=options.limits.columns)
    columns = _claim(names, layout, options.mapping)
    return Header(names, delimiter, columns, sum(map(len, lines[:end])), end + 1)


def _announced_delimiter(lines: list[str]) -> tuple[int, str]:
    """Excel's first line ``sep=;``, if it is there: how many lines that is, and the delimiter."""
    first = lines[0].rstrip("\r\n").strip('"') if lines else ""
    if first.lower().startswith("sep=") and len(first) == len("sep=;"):
        return 1, first[-1]
    return 0, ""


def _is_blank(line: str) -> bool:
    return not line.strip(_BLANK + ',;|"')


def _endless(line: str, number: int, limits: Limits) -> FileProblem:
    """What is wrong with a first line that goes on and on."""
    if max(map(line.count, DELIMITERS)) >= limits.columns:
        return FileTooManyColumns(most=limits.columns)
    return FileLineTooLong(line=number, most=HEAD)


def _best(
    lines: list[str], start: int, delimiters: str | tuple[str, ...], layout: Layout, options: ReadOptions
) -> tuple[tuple[str, ...], str, int]:
    """The header by the delimiter that shows most of the fields, and of those most columns."""
    found: list[tuple[int, int, int, tuple[str, ...], str, int]] = []
    for order, delimiter in enumerate(delimiters):
        reader = csv.reader(iter(lines[start : start + _LISTED]), delimiter=delimiter, strict=True)
        try:
            names = tuple(name.strip(_BLANK) for name in next(reader))
        except csv.Error:
            continue
        known = (
            len(_recognised(names, layout, options.mapping)) if len(names) <= options.limits.columns else 0
        )
        found.append((known, len(names), -order, names, delimiter, start + reader.line_num))
    if len(found) < len(delimiters) and not max(found, default=(0,))[0]:
        raise FileQuoteUnclosed(line=start + 1)
    return max(found)[3:]


def _recognised(names: tuple[str, ...], layout: Layout, mapping: Mapping[str, str]) -> dict[str, int]:
    """Field to column: by the mapping, then by synonyms, the required fields and telling names first."""
    columns: dict[str, int] = {}
    for field, header in mapping.items():
        column = _named(names, header)
        if column is not None:
            columns[field] = column
    by_name = sorted(
        (field not in layout.required, place, order, column, field)
        for order, field in enumerate(layout.fields)
        if field not in mapping
        for column, name in enumerate(names)
        if (place := rank(field, name)) is not None
    )
    for *_, column, field in by_name:
        if field not in columns and column not in columns.values():
            columns[field] = column
    return {field: columns[field] for field in layout.fields if field in columns}


def _claim(names: tuple[str, ...], layout: Layout, mapping: Mapping[str, str]) -> dict[str, int]:
    headers = ", ".join(names[:_LISTED])
    columns = _recognised(names, layout, mapping)
    for field, header in mapping.items():
        if header and field not in columns:
            raise FileColumnNotFound(field=field, header=header, headers=headers)
    for field in layout.required:
        if field not in columns:
            raise _MISSING[field](headers=headers)
    return columns


def _named(names: tuple[str, ...], header: str) -> int | None:
    """The column of a header as somebody wrote it: letter by letter, else but for case and accents."""
    wanted = header.strip()
    if not wanted:
        return None
    if wanted in names:
        return names.index(wanted)
    alike = [column for column, name in enumerate(names) if plain(name) == plain(wanted) != ""]
    return alike[0] if alike else None
