"""Reading the files that tills and spreadsheets write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from inventoryai.domain.files import DateOrder, ParsedSales, ParsedStock


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost, so that a hostile one ends in an error and not in a full memory.

    Attributes:
        bytes: The most it may hold once inflated.
        ratio: How many times its own size it may inflate to, counted from 64 MiB on.
        columns: The most columns in its header.
        line: The most characters in one physical line.
        rows: The most records below the header.
    """

    bytes: int = 4 << 30
    ratio: int = 200
    columns: int = 500
    line: int = 1 << 20
    rows: int = 10_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What is known of a file beforehand.

    Attributes:
        mapping: Field to header, for columns that synonyms would not find or would find wrongly; an
            empty header says that the file has no such column.
        date_order: How ``03/04/2024`` is meant; None leaves it to the file.
        currency_exponent: Decimals of the company's currency: 0 for XAF and XOF, 2 for EUR.
        time_zone: Where the shop is (``Africa/Douala``); moments written with an offset are brought
            there. None takes the day as written.
        latest_day: The last day that may be, in days since 1970-01-01; None: any.
        limits: What the file may cost.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    currency_exponent: int = 2
    time_zone: str | None = None
    latest_day: int | None = None
    limits: Limits = field(default_factory=Limits)


class SpreadsheetReader(Protocol):
    """Understands messy files. Its methods block, and are meant to run in another process."""

    def read_sales(self, path: Path, options: ReadOptions) -> ParsedSales:
        """Read a file of sales lines.

        Raises:
            FileProblem: The file as a whole cannot be taken; the subclass (``domain.unreadable``) says why.
        """
        ...

    def read_stock(self, path: Path, options: ReadOptions) -> ParsedStock:
        """Read a file of stock on hand.

        Raises:
            FileProblem: The file as a whole cannot be taken; the subclass (``domain.unreadable``) says why.
        """
        ...
