"""The bodies of ``inventoryai forecast`` and ``inventoryai plan``."""

import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import typer
from rich.console import Console

from inventoryai.domain.errors import Locale
from inventoryai.domain.files import DateOrder
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.periods import Frequency
from inventoryai.usecases.offline import FileForecast, ForecastFile, NoSalesInFile, SalesFile, Watch
from inventoryai.usecases.offline_plans import FilePlan, PlanFile, PlanQuestion, StockFile
from inventoryai_server.language import legible
from inventoryai_server.offline import arguments, notes, results, words
from inventoryai_server.offline.files import (
    FileNotReadable,
    check_input,
    check_output,
    is_standard_output,
    replacing,
    utf8_output,
)
from inventoryai_server.offline.running import Run, run, stopped_like_ctrl_c
from inventoryai_server.orders import number

T = TypeVar("T")

_WIDE: Final = 1_000
"""Columns of a table that goes to no terminal: as many as it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """What both commands take.

    Attributes:
        sales: The file of sales.
        mapping: FIELD=HEADER, for columns of the sales.
        date_order: How 03/04/2024 is meant.
        currency: Three letters.
        engine: An engine's name, or ``auto``.
        horizon: Periods ahead.
        seed: Where random draws come from.
        out: Where the result goes; None for a table.
        rows: How many products the table has, 0 for all.
    """

    sales: Path
    mapping: Sequence[str]
    date_order: DateOrder | None
    currency: str
    engine: str
    horizon: int
    seed: int
    out: Path | None
    rows: int

    def sales_file(self) -> SalesFile:
        """The file of sales, as it is to be read."""
        pairs = arguments.mapping("--mapping", self.mapping)
        options = arguments.reading(pairs, self.date_order, self.currency)
        return SalesFile(self.sales, arguments.today(), options)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastOptions(FileOptions):
    """What ``forecast`` takes: the frequency, and quantile levels between commas."""

    frequency: str
    levels: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions(FileOptions):
    """What ``plan`` takes: the stock, the terms on which everything is bought, and whether to print JSON."""

    stock: Path | None
    stock_mapping: Sequence[str]
    service_level: str
    review_days: int
    lead_time_days: str
    as_json: bool

    def stock_file(self) -> StockFile | None:
        """The file of stock, as it is to be read, if there is one."""
        if self.stock is None:
            return None
        pairs = arguments.mapping("--stock-mapping", self.stock_mapping)
        return StockFile(self.stock, arguments.reading(pairs, self.date_order, self.currency))

    def question(self) -> PlanQuestion:
        """What is asked, checked as far as it can be without the files."""
        question = PlanQuestion(
            engine=self.engine,
            horizon=self.horizon,
            defaults=arguments.terms(self.lead_time_days, self.review_days, self.service_level),
            money_decimals=arguments.reading({}, None, self.currency).currency_exponent,
            seed=self.seed,
        )
        question.request()
        return question


@stopped_like_ctrl_c()
def forecast(options: ForecastOptions) -> None:
    """Forecast a file of sales, and write or show what comes of it."""
    locale = arguments.locale()
    request = ForecastRequest(
        horizon=options.horizon,
        engine=options.engine,
        frequency=Frequency(options.frequency),
        levels=arguments.levels(options.levels),
    )
    file = options.sales_file()
    _check_files(options, [options.sales], {".csv"})

    async def ask(forecast_file: ForecastFile, watch: Watch) -> FileForecast:
        return await forecast_file(file, request, seed=options.seed, watch=watch)

    found, about = _answer(options, locale, ask)
    _tell(notes.lines_rejected(options.sales, found.sales.problems, locale))
    _tell(notes.about_forecast(found, locale))
    if options.out is not None:
        with replacing(options.out) as out:
            results.write_forecast(found, out)
    else:
        results.show_forecast(_console(), found, options.rows or None, locale)
    made = [notes.sales_read(options.sales, found.sales, locale), notes.forecast_made(found, locale)]
    _finish(options, about, [*made, *_where(options, len(found.skus), locale)], locale)


@stopped_like_ctrl_c()
def plan(options: PlanOptions) -> None:
    """Plan from a file of sales, and write or show what comes of it."""
    locale = arguments.locale()
    question, file, stock = options.question(), options.sales_file(), options.stock_file()
    _check_files(options, [options.sales, *([options.stock] if options.stock else [])], {".csv", ".json"})

    async def ask(forecast_file: ForecastFile, watch: Watch) -> FilePlan:
        return await PlanFile(forecast_file)(file, question, stock, watch)

    found, about = _answer(options, locale, ask)
    _tell(notes.lines_rejected(options.sales, found.forecast.sales.problems, locale))
    made = [notes.sales_read(options.sales, found.forecast.sales, locale)]
    if options.stock is not None and found.stock is not None:
        _tell(notes.lines_rejected(options.stock, found.stock.problems, locale))
        made.append(notes.stock_read(options.stock, found.stock, locale))
    _tell(notes.about_plan(found, locale))
    _deliver(options, found, locale)
    made += [notes.forecast_made(found.forecast, locale), notes.plan_made(found, locale)]
    made += _where(options, len(found.recommendations), locale)
    _finish(options, about, made, locale)


def _check_files(options: FileOptions, inputs: Sequence[Path], known: set[str]) -> None:
    """What can be known to be wrong with the files before anything is worked out."""
    for path in inputs:
        check_input(path)
    if options.out is not None:
        check_output(options.out, inputs, known)


def _answer(
    options: FileOptions, locale: Locale, ask: Callable[[ForecastFile, Watch], Awaitable[T]]
) -> tuple[T, Run]:
    """The use case's answer; where no line is a sale, the lines say why."""
    try:
        return run(locale, ask)
    except NoSalesInFile as problem:
        _tell(notes.lines_rejected(options.sales, problem.parsed.problems, locale))
        raise
    except OSError as error:
        # A file that vanished or broke after it was checked; anything else is not the user's to mend.
        if error.filename is None:
            raise
        raise FileNotReadable(path=str(error.filename), reason=error.strerror) from error


def _deliver(options: PlanOptions, found: FilePlan, locale: Locale) -> None:
    """Puts a plan where it should go: into a file, out as JSON, or both, else out as a table."""
    if options.out is not None:
        with replacing(options.out) as out:
            if options.out.suffix.lower() == ".json":
                out.writelines(results.plan_json(found, locale))
            else:
                results.write_plan(found, locale, out)
    if options.as_json:
        utf8_output().writelines(results.plan_json(found, locale))
    elif options.out is None:
        results.show_plan(_console(), found, options.rows or None, locale)


def _where(options: FileOptions, products: int, locale: Locale) -> list[str]:
    """Where the result is, or that the table is not all of it."""
    if options.out is not None and not is_standard_output(options.out):
        return [words.WRITTEN(locale, path=options.out)]
    if 0 < options.rows < products and not _for_machines(options):
        return [words.MORE_ROWS(locale, shown=number(options.rows, locale), all=number(products, locale))]
    return []


def _finish(options: FileOptions, about: Run, made: Iterable[str], locale: Locale) -> None:
    """The summary, which is part of a report and not of CSV or JSON; what is about the run goes beside it."""
    _tell(made, err=_for_machines(options))
    _tell(notes.about_run(about, locale))


def _for_machines(options: FileOptions) -> bool:
    """Whether standard output is CSV or JSON, with which nothing else may be mixed."""
    as_json = isinstance(options, PlanOptions) and options.as_json
    return as_json or (options.out is not None and is_standard_output(options.out))


def _tell(lines: Iterable[str], *, err: bool = True) -> None:
    for line in lines:
        typer.echo(legible(line), err=err)


def _console() -> Console:
    """Standard output, where names are taken literally, and nothing is cut for want of a terminal."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(markup=False, emoji=False, highlight=False, width=width)
