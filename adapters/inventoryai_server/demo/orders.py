"""Recommendations as a table that a person reads."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def show_orders(console: Console, items: Iterable[Mapping[str, Any]]) -> None:
    """Prints recommendations as the API lists them: what to order, by when, and how pressing it is."""
    table = Table(title="the most urgent orders", title_justify="left")
    for header in ("SKU", "name", "order", "by", "on hand", "days of cover", "risk of stock-out", "cost"):
        numeric = header in {"order", "on hand", "days of cover", "risk of stock-out", "cost"}
        table.add_column(header, justify="right" if numeric else "left")
    for item in items:
        table.add_row(
            item["sku"],
            item["name"],
            number(item["order_quantity"]),
            item["order_by"] or "",
            number(item["on_hand"]),
            number(item["days_of_cover"]),
            percent(item["stockout_risk"]),
            number(item["cost"]),
        )
    console.print(table)


def number(value: float | None) -> str:
    """A number without idle decimals, its thousands apart; nothing for None."""
    return "" if value is None else f"{value:,.10g}".replace(",", " ")


def percent(value: float | None) -> str:
    """A probability in whole per cent; nothing for None."""
    return "" if value is None else f"{value:.0%}"
