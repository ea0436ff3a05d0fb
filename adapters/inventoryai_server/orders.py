"""Recommendations as a table that a person reads, the same for the demo and the offline plan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inventoryai.domain.errors import Locale

Item = Mapping[str, Any]
"""A recommendation as the API lists it."""

_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header in both languages, and what it says of an item."""

    en: str
    fr: str
    cell: Callable[[Item, Locale], str]
    numeric: bool = True


def number(value: float | None, locale: Locale = "en") -> str:
    """A number without idle decimals, its thousands apart; nothing for None."""
    written = "" if value is None else f"{value:,.10g}".replace(",", " ")
    return written.replace(".", ",") if locale == "fr" else written


def percent(value: float | None, locale: Locale = "en") -> str:
    """A probability in whole per cent; nothing for None."""
    return "" if value is None else f"{value:.0%}".replace("%", " %" if locale == "fr" else "%")


def _number_of(field: str) -> Callable[[Item, Locale], str]:
    return lambda item, locale: number(item[field], locale)


def _text_of(field: str) -> Callable[[Item, Locale], str]:
    return lambda item, _: item[field] or ""


def _quantity(item: Item, locale: Locale) -> str:
    if item["order_quantity"] is None:
        return "inconnu" if locale == "fr" else "unknown"
    return number(item["order_quantity"], locale)


def _cover(item: Item, locale: Locale) -> str:
    """Days; where they reach to the end of the forecast, they are only known to be so many at least."""
    known = item["explanation"].get("days_of_cover") or {}
    return number(item["days_of_cover"], locale) + ("+" if known.get("beyond_horizon") else "")


COLUMNS: Final[Mapping[str, Column]] = {
    "sku": Column("SKU", "référence", _text_of("sku"), numeric=False),
    "name": Column("name", "désignation", _text_of("name"), numeric=False),
    "order_quantity": Column("order", "commander", _quantity),
    "order_by": Column("by", "au plus\ntard", _text_of("order_by"), numeric=False),
    "on_hand": Column("on hand", "en rayon", _number_of("on_hand")),
    "reorder_point": Column("reorder\npoint", "seuil de\ncommande", _number_of("reorder_point")),
    "safety_stock": Column("safety\nstock", "stock de\nsécurité", _number_of("safety_stock")),
    "days_of_cover": Column("days of\ncover", "jours de\ncouverture", _cover),
    "stockout_risk": Column(
        "risk of\nstock-out",
        "risque de\nrupture",
        lambda item, locale: percent(item["stockout_risk"], locale),
    ),
    "cost": Column("cost", "coût", _number_of("cost")),
}
"""By the field of the item that each is about."""

BRIEF: Final = (
    "sku",
    "name",
    "order_quantity",
    "order_by",
    "on_hand",
    "days_of_cover",
    "stockout_risk",
    "cost",
)


def show_orders(
    console: Console,
    items: Iterable[Item],
    *,
    columns: Sequence[str] = BRIEF,
    title: str = "the most urgent orders",
    locale: Locale = "en",
) -> None:
    """Prints recommendations, a line each: what to order, by when, and how pressing it is."""
    table = readable_table(title)
    for field in columns:
        column = COLUMNS[field]
        header = column.fr if locale == "fr" else column.en
        add_column(table, header, numeric=column.numeric, gives_way=field == "name")
    for item in items:
        table.add_row(*(_cell(field, item, locale) for field in columns))
    console.print(table)


def _cell(field: str, item: Item, locale: Locale) -> str | Text:
    text = COLUMNS[field].cell(item, locale)
    return short(text) if field == "name" else text


def short(name: str) -> Text:
    """A name that gives way where the terminal is narrow, and does not fill a second line."""
    return Text(name, no_wrap=True, overflow="ellipsis")


def readable_table(title: str) -> Table:
    """An empty table in the style of them all."""
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))


def add_column(table: Table, header: str, *, numeric: bool = False, gives_way: bool = False) -> None:
    """A column whose contents stay whole, or one that gives way to the others."""
    table.add_column(
        header,
        justify="right" if numeric else "left",
        no_wrap=not gives_way,
        overflow="fold",
        max_width=_LONGEST_NAME if gives_way else None,
    )
