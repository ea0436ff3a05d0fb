"""What a user should know beside the result: what was read, what was left out, what is old, what failed."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from inventoryai.domain.errors import Locale, explain
from inventoryai.domain.files import LineProblems, ParsedSales, ParsedStock
from inventoryai.domain.forecasts import ForecastOutcome, ForecastStatus
from inventoryai.usecases.offline import FileForecast, Stage
from inventoryai.usecases.offline_plans import FilePlan
from inventoryai.usecases.planning import summary
from inventoryai_server.offline import words
from inventoryai_server.offline.running import Run
from inventoryai_server.orders import number, percent

_SHOWN: Final = 5
"""How many faulty lines, and how many other cases, are named; the others are counted."""
_CODES: Final = 12


def sales_read(file: Path, parsed: ParsedSales, locale: Locale) -> str:
    """The counts of a sales file, which add up."""
    reasons = [
        words.IGNORED[code](locale, count=number(count, locale)) if code in words.IGNORED else code
        for code, count in parsed.ignored.items()
    ]
    return words.FILE_READ(
        locale,
        file=file.name,
        rows=number(parsed.rows, locale),
        accepted=number(parsed.accepted, locale),
        rejected=number(parsed.rejected, locale),
        ignored=number(sum(parsed.ignored.values()), locale),
        why=f" ({', '.join(reasons)})" if reasons else "",
        first=parsed.first_day,
        last=parsed.last_day,
    )


def stock_read(file: Path, parsed: ParsedStock, locale: Locale) -> str:
    """The counts of a stock file, which add up."""
    counts = {"rows": parsed.rows, "accepted": parsed.accepted, "rejected": parsed.rejected}
    written = {name: number(count, locale) for name, count in counts.items()}
    return words.STOCK_READ(locale, file=file.name, **written)


def lines_rejected(file: Path, problems: LineProblems, locale: Locale) -> list[str]:
    """How many lines were not taken, and what is wrong with the first of them."""
    if not problems.rejected:
        return []
    notes = [words.LINES_REJECTED(locale, file=file.name, rejected=number(problems.rejected, locale))]
    found = zip(problems.line.tolist(), problems.column, problems.value, problems.code, strict=True)
    for line, column, value, code in islice(found, _SHOWN):
        where = "".join(f", {part}" for part in (column, repr(value) if value else "") if part)
        notes.append(words.LINE_REJECTED(locale, line=line, where=where, message=explain(code, {}, locale)))
    if problems.rejected > _SHOWN:
        notes.append(words.LINES_MORE(locale, more=number(problems.rejected - _SHOWN, locale)))
    return notes


def forecast_made(found: FileForecast, locale: Locale) -> str:
    """For how many products there is a forecast, and whose."""
    counts = {status.value: found.predictions.count(status) for status in ForecastStatus}
    return words.FORECAST_MADE(
        locale,
        as_of=found.as_of,
        products=number(len(found.skus), locale),
        horizon=found.request.horizon,
        periods=words.PERIODS[found.request.frequency](locale),
        **{status: number(count, locale) for status, count in counts.items()},
    )


def plan_made(plan: FilePlan, locale: Locale) -> str:
    """How many products are to be ordered, and on what terms."""
    total, terms = summary(plan.recommendations, plan.forecast.days_behind), plan.question.defaults
    return words.PLAN_MADE(
        locale,
        as_of=plan.forecast.as_of,
        to_order=number(total.to_order, locale),
        products=number(total.products, locale),
        urgent=number(total.urgent, locale),
        level=percent(float(terms.service_level), locale),
        lead=number(float(terms.lead_time_days), locale),
        review=terms.review_days,
    )


def about_forecast(found: FileForecast, locale: Locale) -> list[str]:
    """What was left out of a forecast, how old it is, and which products the engine did not forecast."""
    notes = till_keys(found.sales, locale)
    if found.days_behind is not None:
        days = number(found.days_behind, locale)
        notes.append(words.DATA_OLD(locale, days=days, as_of=found.as_of))
    return notes + _reasons(found, locale)


def till_keys(sales: ParsedSales, locale: Locale) -> list[str]:
    """The codes that were taken for keys of a till, if there are any."""
    keys = sales.not_products
    named = ", ".join(keys[:_CODES]) + (" …" if len(keys) > _CODES else "")
    return [words.TILL_KEYS(locale, codes=named)] if keys else []


def _reasons(found: FileForecast, locale: Locale) -> list[str]:
    """One case of each reason for not using the engine's forecast."""
    counts: dict[str, int] = {}
    cases: dict[str, tuple[str, ForecastOutcome]] = {}
    for sku, outcome in zip(found.skus, found.predictions.outcomes, strict=True):
        if outcome.status is not ForecastStatus.OK and outcome.reason is not None:
            counts[outcome.reason.code] = counts.get(outcome.reason.code, 0) + 1
            cases.setdefault(outcome.reason.code, (sku, outcome))
    return [
        words.REASON(locale, count=number(counts[code], locale), sku=sku, reason=reason_of(outcome, locale))
        for code, (sku, outcome) in islice(cases.items(), _SHOWN)
    ]


def reason_of(outcome: ForecastOutcome, locale: Locale) -> str:
    """Why a forecast is not the engine's; nothing when it is."""
    unusual = outcome.status is not ForecastStatus.OK and outcome.reason is not None
    return outcome.reason.text(locale) if unusual and outcome.reason else ""


def about_plan(plan: FilePlan, locale: Locale) -> list[str]:
    """What a plan had to assume."""
    notes = []
    if plan.forecast.request.horizon > plan.question.horizon:
        needed, asked = plan.forecast.request.horizon, plan.question.horizon
        notes.append(words.HORIZON_RAISED(locale, needed=needed, asked=asked))
    if plan.stock is None:
        notes.append(words.NO_STOCK(locale))
    elif plan.uncounted:
        notes.append(words.UNCOUNTED(locale, count=number(plan.uncounted, locale)))
    if plan.unsold:
        notes.append(words.UNSOLD(locale, count=number(plan.unsold, locale)))
    return notes + about_forecast(plan.forecast, locale)


def about_run(run: Run, locale: Locale) -> list[str]:
    """Plugins that were not used, and how long everything took."""
    notes = [
        words.PLUGIN_REJECTED(
            locale, plugin=plugin.plugin, distribution=plugin.distribution, reason=plugin.reason
        )
        for plugin in run.rejected
    ]
    return [*notes, words.TIMES(locale, stages=_times(run.seconds, locale))]


def _times(seconds: Mapping[Stage, float], locale: Locale) -> str:
    stages = {words.STAGES[stage](locale): round(took, 1) for stage, took in seconds.items()}
    return ", ".join(f"{stage} {number(took, locale)} s" for stage, took in stages.items())
