"""The body of ``inventoryai backtest``."""

import re
import time
from dataclasses import dataclass

from inventoryai.domain.errors import Locale
from inventoryai.domain.periods import Frequency
from inventoryai.usecases.offline import ForecastFile, Watch
from inventoryai.usecases.offline_backtests import BacktestFile, BacktestQuestion, FileBacktest
from inventoryai_server.offline import arguments, notes, words
from inventoryai_server.offline import backtest_words as said
from inventoryai_server.offline.answering import (
    FileOptions,
    answer,
    check_files,
    console,
    finish,
    tell,
)
from inventoryai_server.offline.backtest_results import backtest_json, show_backtest, write_backtest
from inventoryai_server.offline.charts import chart
from inventoryai_server.offline.files import is_standard_output, replacing, utf8_output
from inventoryai_server.offline.running import stopped_like_ctrl_c
from inventoryai_server.orders import number


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestOptions(FileOptions):
    """What ``backtest`` takes: engines between commas, how many windows, and the frequency."""

    engines: str | None
    windows: int
    frequency: str

    def question(self) -> BacktestQuestion:
        """What is asked, checked as far as it can be without the file."""
        names = re.split(r"[,;\s]+", self.engines or "")
        return BacktestQuestion(
            engines=tuple(name for name in names if name),
            horizon=self.horizon,
            windows=self.windows,
            frequency=Frequency(self.frequency),
            seed=self.seed,
        )


@stopped_like_ctrl_c()
def backtest(options: BacktestOptions) -> None:
    """Compare engines on the past of a file of sales, and write or show how they did."""
    locale = arguments.locale()
    question, file = options.question(), options.sales_file()
    check_files(options, [options.sales], {".csv", ".json", ".svg"})

    async def ask(forecast_file: ForecastFile, watch: Watch) -> FileBacktest:
        return await BacktestFile(forecast_file, time.perf_counter)(file, question, watch)

    found, about = answer(options, locale, ask)
    tell(notes.lines_rejected(options.sales, found.sales.problems, locale))
    tell(notes.till_keys(found.sales, locale))
    tell(_about(found, locale))
    _deliver(options, found, locale)
    made = [notes.sales_read(options.sales, found.sales, locale), _made(found, locale)]
    finish(options, about, [*made, *_where(options, locale)], locale)


def _about(found: FileBacktest, locale: Locale) -> list[str]:
    """What could not be compared, and what was not the engines' own."""
    lines = []
    if len(found.starts) < found.question.windows:
        asked, windows = found.question.windows, len(found.starts)
        lines.append(said.FEWER_WINDOWS(locale, asked=asked, windows=windows))
    summary = found.engines[0].summary
    young = len(found.skus) - summary.products
    if young:
        lines.append(said.NOT_JUDGED(locale, count=number(young, locale)))
    if summary.unscaled:
        lines.append(said.UNSCALED(locale, count=number(summary.unscaled, locale)))
    for one in found.engines:
        if one.fallbacks:
            counts = {"count": number(one.fallbacks, locale), "all": number(one.forecasts, locale)}
            reason = "" if one.reason is None else one.reason.text(locale)
            lines.append(said.FELL_BACK(locale, engine=one.engine, reason=reason, **counts))
    return lines


def _made(found: FileBacktest, locale: Locale) -> str:
    return said.MADE(
        locale,
        first=found.starts[0],
        last=found.last_day,
        judged=number(found.engines[0].summary.products, locale),
        windows=len(found.starts),
        horizon=found.question.horizon,
        periods=words.PERIODS[found.question.frequency](locale),
    )


def _deliver(options: BacktestOptions, found: FileBacktest, locale: Locale) -> None:
    """Puts the comparison where it should go: into a file, out as JSON, or both, else out as a table."""
    if options.out is not None:
        with replacing(options.out) as out:
            match options.out.suffix.lower():
                case ".json":
                    out.writelines(backtest_json(found))
                case ".svg":
                    out.write(chart(found, locale))
                case _:
                    write_backtest(found, out)
    if options.as_json:
        utf8_output().writelines(backtest_json(found))
    elif options.out is None or not is_standard_output(options.out):
        show_backtest(console(), found, locale)


def _where(options: BacktestOptions, locale: Locale) -> list[str]:
    if options.out is None or is_standard_output(options.out):
        return []
    return [words.WRITTEN(locale, path=options.out)]
