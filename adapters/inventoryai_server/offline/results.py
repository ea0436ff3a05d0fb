"""Forecasts and plans as they leave the command: as rows of a CSV file, as JSON, as a table to read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TextIO

import numpy as np
from rich.console import Console
from rich.text import Text

from inventoryai.domain.errors import Locale
from inventoryai.domain.forecasts import ForecastStatus
from inventoryai.domain.order_reasons import sentences
from inventoryai.domain.quantities import json_number
from inventoryai.usecases.offline import FileForecast
from inventoryai.usecases.offline_plans import FilePlan
from inventoryai_server.offline import words
from inventoryai_server.offline.notes import reason_of
from inventoryai_server.orders import add_column, number, readable_table, short, show_orders
from inventoryai_spreadsheets.writing import Cell, write_csv

_DECIMALS: Final = 6
"""Of forecasts in a file: a millionth of a unit is nothing that anybody sells."""
_PLAN_FIELDS: Final = (
    "rank", "sku", "name", "status", "urgent", "order_quantity", "order_by", "reorder_point", "safety_stock",
    "order_up_to", "on_hand", "on_order", "days_of_cover", "stockout_risk", "cost",
)  # fmt: skip
_TABLE_FIELDS: Final = (
    "sku", "name", "order_quantity", "order_by", "on_hand", "reorder_point", "safety_stock", "days_of_cover",
    "stockout_risk",
)  # fmt: skip
_NARROW: Final = 100
"""Columns of a terminal below which the table of a plan leaves out what a file would hold."""
_DETAILS: Final = frozenset({"reorder_point", "safety_stock"})
_TOLD: Final = (0.1, 0.5, 0.9)
"""Levels in the table of a forecast, where the forecast has them."""


def write_forecast(found: FileForecast, file: TextIO) -> None:
    """Write a forecast as CSV: a row for each product and period; products without one have no row."""
    levels = [f"q{level:.10g}" for level in found.request.levels]
    write_csv(file, ["sku", "date", "mean", *levels], _forecast_rows(found))


def _forecast_rows(found: FileForecast) -> Iterator[list[Cell]]:
    prediction, days = found.predictions.prediction, found.days()
    numbers = np.concatenate([prediction.mean[..., None], prediction.quantiles], axis=2)
    for product, outcome in enumerate(found.predictions.outcomes):
        if outcome.status is not ForecastStatus.FAILED:
            rows = np.round(numbers[product], _DECIMALS).tolist()
            for day, row in zip(days, rows, strict=True):
                yield [found.skus[product], day, *row]


def show_forecast(console: Console, found: FileForecast, rows: int | None, locale: Locale) -> None:
    """Print the total demand of each product over the horizon, the largest first.

    Args:
        console: Where to.
        found: The forecast.
        rows: How many products, None for all.
        locale: The language.
    """
    levels, headers = found.request.levels, words.FORECAST_HEADERS
    wanted = _levels_told(levels)
    periods = words.PERIODS[found.request.frequency](locale)
    horizon, first = found.request.horizon, found.days()[0]
    table = readable_table(words.FORECAST_TITLE(locale, horizon=horizon, periods=periods, first=first))
    add_column(table, headers["sku"](locale))
    add_column(table, headers["name"](locale), gives_way=True)
    for name in (headers["mean"](locale), *(number(100 * level, locale) + " %" for level in wanted)):
        add_column(table, name, numeric=True)
    add_column(table, headers["engine"](locale))
    add_column(table, headers["reason"](locale), gives_way=True)
    places = [levels.index(level) for level in wanted]
    for product in _largest_first(found)[:rows]:
        table.add_row(*_forecast_row(found, product, places, locale))
    console.print(table)


def _levels_told(levels: Sequence[float]) -> Sequence[float]:
    """Few enough levels for a table: the usual ones, else the lowest, the middle and the highest."""
    if set(_TOLD) <= set(levels):
        return _TOLD
    return sorted({levels[0], levels[len(levels) // 2], levels[-1]})


def _largest_first(found: FileForecast) -> list[int]:
    means = found.predictions.prediction.mean.sum(axis=1)
    order: list[int] = np.argsort(-means, kind="stable").tolist()
    return order


def _forecast_row(found: FileForecast, product: int, places: list[int], locale: Locale) -> list[str | Text]:
    outcome, prediction = found.predictions.outcomes[product], found.predictions.prediction
    numbers = [""] * (1 + len(places))
    if outcome.status is not ForecastStatus.FAILED:
        total = prediction.totals[product, -1]
        shown = [float(prediction.mean[product].sum()), *(float(total[place]) for place in places)]
        numbers = [number(round(one, 1), locale) for one in shown]
    return [
        found.skus[product],
        short(found.names[product] or ""),
        *numbers,
        outcome.engine,
        reason_of(outcome, locale),
    ]


def items(plan: FilePlan, locale: Locale) -> Iterator[dict[str, Any]]:
    """Recommendations as the API lists them, most urgent first; a file's products have no ids."""
    for rank, one in enumerate(plan.recommendations, start=1):
        sku = plan.forecast.skus[one.product]
        yield {
            "product_id": None,
            "sku": sku,
            "name": plan.forecast.names[one.product] or sku,
            "rank": rank,
            "status": one.status.value,
            "urgent": one.urgent,
            "order_quantity": _number(one.order_quantity),
            "order_by": one.order_by.isoformat() if one.order_by else None,
            "reorder_point": _number(one.reorder_point),
            "safety_stock": _number(one.safety_stock),
            "order_up_to": _number(one.order_up_to),
            "on_hand": _number(one.on_hand),
            "on_order": _number(one.on_order),
            "days_of_cover": one.days_of_cover,
            "stockout_risk": one.stockout_risk,
            "cost": _number(one.cost),
            "reasons": sentences(one.explanation, locale),
            "explanation": one.explanation,
        }


def _number(value: Decimal | None) -> int | float | str | None:
    return None if value is None else json_number(value)


def plan_json(plan: FilePlan, locale: Locale) -> Iterator[str]:
    """The recommendations as a JSON list, one to a line."""
    yield "["
    for place, item in enumerate(items(plan, locale)):
        text = json.dumps(item, ensure_ascii=False, allow_nan=False)
        yield f",\n{text}" if place else f"\n{text}"
    yield "\n]\n"


def write_plan(plan: FilePlan, locale: Locale, file: TextIO) -> None:
    """Write a plan as CSV: a row for each product, and the reasons in words."""
    rows = (_plan_row(item) for item in items(plan, locale))
    write_csv(file, [*_PLAN_FIELDS, "reasons"], rows)


def _plan_row(item: Mapping[str, Any]) -> list[Cell]:
    return [*(item[field] for field in _PLAN_FIELDS), " ".join(item["reasons"])]


def show_plan(console: Console, plan: FilePlan, rows: int | None, locale: Locale) -> None:
    """Print what to order, most urgent first.

    Args:
        console: Where to.
        plan: The plan.
        rows: How many products, None for all.
        locale: The language.
    """
    shown = list(items(plan, locale))[:rows]
    fields = [field for field in _TABLE_FIELDS if console.width >= _NARROW or field not in _DETAILS]
    show_orders(console, shown, columns=fields, title=words.ORDERS_TITLE(locale), locale=locale)
