"""Writing CSV that a spreadsheet cannot mistake for a program, and that reads back as it was."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TextIO

Cell = str | float | Decimal | date | None
"""What a cell may hold: a text, a number, a day, or nothing. ``True`` and ``False`` are texts here."""

_RISKY: Final = frozenset("=+-@\t\r")


def write_csv(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table: commas, a point before decimals, ISO days, one line a row.

    Args:
        file: Opened with ``newline=""``.
        header: The names of the columns.
        rows: As many cells each.
    """
    writer = csv.writer(_Lines(file), lineterminator="\r\n")
    writer.writerow([harmless(name) for name in header])
    writer.writerows([_WRITTEN[type(cell)](cell) for cell in row] for row in rows)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where a writer of CSV puts its rows, which end here in LF alone.

    The writer itself is told of CR LF: it quotes the line breaks that it knows, and a CR inside a cell must
    not end a row.
    """

    file: TextIO

    def write(self, row: str) -> int:
        return self.file.write(row.removesuffix("\r\n") + "\n")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    What begins with ``=``, ``+``, ``-``, ``@``, TAB or CR gets an apostrophe before it, as people put
    there by hand; the readers of this package take it away again. Numbers are not texts: -5 is -5.
    """
    return f"'{text}" if text[:1] in _RISKY else text


def _decimal(value: Decimal) -> str:
    """Digits alone, without an exponent or idle zeros."""
    whole = value == value.to_integral_value()
    return f"{value.to_integral_value() if whole else value.normalize():f}"


_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    str: harmless,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: lambda value: repr(value).removesuffix(".0"),
    Decimal: _decimal,
    date: date.isoformat,
    type(None): lambda _: "",
}
