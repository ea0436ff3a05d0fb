"""The bodies of ``inventoryai forecast`` and ``inventoryai plan``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inventoryai.domain.errors import Locale
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.periods import Frequency
from inventoryai.usecases.offline import FileForecast, ForecastFile, Watch
from inventoryai.usecases.offline_plans import FilePlan, PlanFile, PlanQuestion, StockFile
from inventoryai_server.offline import arguments, notes, results, words
from inventoryai_server.offline.answering import (
    FileOptions,
    answer,
    check_files,
    console,
    finish,
    for_machines,
    tell,
)
from inventoryai_server.offline.files import is_standard_output, replacing, utf8_output
from inventoryai_server.offline.running import stopped_like_ctrl_c
from inventoryai_server.orders import number


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions(FileOptions):
    """What those take that forecast by one engine, and list products.

    Attributes:
        engine: An engine's name, or ``auto``.
        rows: How many products the table has, 0 for all.
    """

    engine: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastOptions(TableOptions):
    """What ``forecast`` takes: the frequency, and quantile levels between commas."""

    frequency: str
    levels: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions(TableOptions):
    """What ``plan`` takes: the stock, and the terms on which everything is bought."""

    stock: Path | None
    stock_mapping: Sequence[str]
    service_level: str
    review_days: int
    lead_time_days: str

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
    check_files(options, [options.sales], {".csv"})

    async def ask(forecast_file: ForecastFile, watch: Watch) -> FileForecast:
        return await forecast_file(file, request, seed=options.seed, watch=watch)

    found, about = answer(options, locale, ask)
    tell(notes.lines_rejected(options.sales, found.sales.problems, locale))
    tell(notes.about_forecast(found, locale))
    if options.out is not None:
        with replacing(options.out) as out:
            results.write_forecast(found, out)
    else:
        results.show_forecast(console(), found, options.rows or None, locale)
    made = [notes.sales_read(options.sales, found.sales, locale), notes.forecast_made(found, locale)]
    finish(options, about, [*made, *_where(options, len(found.skus), locale)], locale)


@stopped_like_ctrl_c()
def plan(options: PlanOptions) -> None:
    """Plan from a file of sales, and write or show what comes of it."""
    locale = arguments.locale()
    question, file, stock = options.question(), options.sales_file(), options.stock_file()
    check_files(options, [options.sales, *([options.stock] if options.stock else [])], {".csv", ".json"})

    async def ask(forecast_file: ForecastFile, watch: Watch) -> FilePlan:
        return await PlanFile(forecast_file)(file, question, stock, watch)

    found, about = answer(options, locale, ask)
    tell(notes.lines_rejected(options.sales, found.forecast.sales.problems, locale))
    made = [notes.sales_read(options.sales, found.forecast.sales, locale)]
    if options.stock is not None and found.stock is not None:
        tell(notes.lines_rejected(options.stock, found.stock.problems, locale))
        made.append(notes.stock_read(options.stock, found.stock, locale))
    tell(notes.about_plan(found, locale))
    _deliver(options, found, locale)
    made += [notes.forecast_made(found.forecast, locale), notes.plan_made(found, locale)]
    made += _where(options, len(found.recommendations), locale)
    finish(options, about, made, locale)


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
        results.show_plan(console(), found, options.rows or None, locale)


def _where(options: TableOptions, products: int, locale: Locale) -> list[str]:
    """Where the result is, or that the table is not all of it."""
    if options.out is not None and not is_standard_output(options.out):
        return [words.WRITTEN(locale, path=options.out)]
    if 0 < options.rows < products and not for_machines(options):
        return [words.MORE_ROWS(locale, shown=number(options.rows, locale), all=number(products, locale))]
    return []
