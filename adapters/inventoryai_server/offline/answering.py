"""What the offline commands have in common: their files, asking the use case, and telling what came of it."""

import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import typer
from rich.console import Console

from inventoryai.domain.errors import Locale
from inventoryai.domain.files import DateOrder
from inventoryai.usecases.offline import ForecastFile, NoSalesInFile, SalesFile, Watch
from inventoryai_server.language import legible
from inventoryai_server.offline import arguments, notes
from inventoryai_server.offline.files import (
    FileNotReadable,
    check_input,
    check_output,
    is_standard_output,
)
from inventoryai_server.offline.running import Run, run

T = TypeVar("T")

_WIDE: Final = 1_000
"""Columns of a table that goes to no terminal: as many as it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """What every one of these commands takes.

    Attributes:
        sales: The file of sales.
        mapping: FIELD=HEADER, for columns of the sales.
        date_order: How 03/04/2024 is meant.
        currency: Three letters.
        horizon: Periods ahead.
        seed: Where random draws come from.
        out: Where the result goes; None for a table.
        as_json: Whether to print JSON.
    """

    sales: Path
    mapping: Sequence[str]
    date_order: DateOrder | None
    currency: str
    horizon: int
    seed: int
    out: Path | None
    as_json: bool = False

    def sales_file(self) -> SalesFile:
        """The file of sales, as it is to be read."""
        pairs = arguments.mapping("--mapping", self.mapping)
        options = arguments.reading(pairs, self.date_order, self.currency)
        return SalesFile(self.sales, arguments.today(), options)


def check_files(options: FileOptions, inputs: Sequence[Path], known: set[str]) -> None:
    """What can be known to be wrong with the files before anything is worked out."""
    for path in inputs:
        check_input(path)
    if options.out is not None:
        check_output(options.out, inputs, known)


def answer(
    options: FileOptions, locale: Locale, ask: Callable[[ForecastFile, Watch], Awaitable[T]]
) -> tuple[T, Run]:
    """The use case's answer; where no line is a sale, the lines say why."""
    try:
        return run(locale, ask)
    except NoSalesInFile as problem:
        tell(notes.lines_rejected(options.sales, problem.parsed.problems, locale))
        raise
    except OSError as error:
        # A file that vanished or broke after it was checked; anything else is not the user's to mend.
        if error.filename is None:
            raise
        raise FileNotReadable(path=str(error.filename), reason=error.strerror) from error


def finish(options: FileOptions, about: Run, made: Iterable[str], locale: Locale) -> None:
    """The summary, which is part of a report and not of CSV or JSON; what is about the run goes beside it."""
    tell(made, err=for_machines(options))
    tell(notes.about_run(about, locale))


def for_machines(options: FileOptions) -> bool:
    """Whether standard output is CSV or JSON, with which nothing else may be mixed."""
    return options.as_json or (options.out is not None and is_standard_output(options.out))


def tell(lines: Iterable[str], *, err: bool = True) -> None:
    """Prints sentences, by default beside the result."""
    for line in lines:
        typer.echo(legible(line), err=err)


def console() -> Console:
    """Standard output, where names are taken literally, and nothing is cut for want of a terminal."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(markup=False, emoji=False, highlight=False, width=width)
