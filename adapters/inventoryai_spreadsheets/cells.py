"""The distinct texts of a column, judged: the value of each, or what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.errors import Invalid
from inventoryai.domain.files import NO_DAY, DateOrder
from inventoryai.domain.products import SKU_LENGTH
from inventoryai.domain.sales import (
    THOUSANDTHS,
    AmountNotANumber,
    AmountTooLarge,
    DateInFuture,
    DateInvalid,
    DateMissing,
    LineProblem,
    PriceNotANumber,
    QuantityMissing,
    QuantityNotANumber,
    QuantityTooLarge,
    SkuInvalid,
    SkuMissing,
)
from inventoryai.domain.text import NAME_LENGTH, TextEmpty, clean
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets import dates, figures
from inventoryai_spreadsheets.tables import Column

MOST: Final = 10**11
"""The largest quantity (in thousandths) and money (in minor units) of a line: sums of lines fit 64 bits."""

Fault = type[LineProblem] | None
_FORMULA_TEXT: Final = re.compile(r'="(.*)"', re.DOTALL)
_MADE_HARMLESS: Final = re.compile(r"'[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole numbers read from a column's distinct texts.

    Attributes:
        values: int64[k], meaningless where there is a fault.
        faults: What is wrong with each of the k texts.
    """

    values: NDArray[np.int64]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts read from a column's distinct texts, of which several may clean up to the same.

    Attributes:
        values: The distinct clean texts; None where nothing is left.
        index: int64[k], index into ``values``.
        faults: What is wrong with each of the k texts.
    """

    values: tuple[str | None, ...]
    index: NDArray[np.int64]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The names, or other such texts, of n lines.

    Attributes:
        values: The distinct ones; None stands for none.
        index: int64[n], index into ``values``.
    """

    values: tuple[str | None, ...]
    index: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Money:
    """Prices or amounts read from a column's distinct texts; None where nothing is written."""

    values: tuple[Decimal | None, ...]
    faults: tuple[Fault, ...]


def read_days(column: Column, options: ReadOptions) -> tuple[Numbers, DateOrder | None]:
    """Days since 1970-01-01, and the order of day and month that was decided on.

    Raises:
        FileDateOrderAmbiguous: It cannot be decided.
    """
    days = dates.Days(column.texts)
    order = days.order(options.date_order)
    values = days.numbers(order, options.time_zone)
    faults: list[Fault] = [None] * len(values)
    latest = np.iinfo(np.int64).max if options.latest_day is None else options.latest_day
    for at in np.flatnonzero(values == NO_DAY).tolist():
        faults[at] = DateInvalid if column.texts[at].strip() else DateMissing
    for at in np.flatnonzero(values > latest).tolist():
        faults[at] = DateInFuture
    return Numbers(values, tuple(faults)), order


def read_skus(column: Column) -> Texts:
    """SKUs are texts: trimmed, and otherwise as written, leading zeros and all."""
    known: dict[str | None, int] = {}
    index, faults = [], []
    for text in column.texts:
        sku, fault = _sku(text)
        index.append(known.setdefault(sku, len(known)))
        faults.append(fault)
    return Texts(tuple(known), np.array(index, dtype=np.int64), tuple(faults))


def read_names(column: Column | None, lines: int) -> Names:
    """Names and categories: on one line, cut to the length that a product's may have; never a fault."""
    if column is None:
        return Names((None,), np.zeros(lines, dtype=np.int64))
    known: dict[str | None, int] = {}
    index = np.array([known.setdefault(_name(text), len(known)) for text in column.texts], dtype=np.int64)
    return Names(tuple(known), index[column.codes])


def read_quantities(column: Column, decimal: str) -> Numbers:
    """Quantities in thousandths; what is finer is rounded, half away from zero."""
    values = np.zeros(len(column.texts), dtype=np.int64)
    faults: list[Fault] = [None] * len(values)
    for at, text in enumerate(column.texts):
        number = figures.read(text, decimal, money=False)
        if number is None:
            faults[at] = QuantityNotANumber if text.strip() else QuantityMissing
        elif abs(number) * THOUSANDTHS > MOST:
            faults[at] = QuantityTooLarge
        else:
            values[at] = _rounded(number * THOUSANDTHS)
    return Numbers(values, tuple(faults))


def read_money(column: Column, decimal: str, field: str) -> Money:
    """Prices or amounts in major units, exactly as written."""
    not_a_number: Fault = PriceNotANumber if field == "unit_price" else AmountNotANumber
    values: list[Decimal | None] = []
    faults: list[Fault] = []
    for text in column.texts:
        number = figures.read(text, decimal, money=True)
        large = number is not None and abs(number) > MOST
        values.append(None if large else number)
        faults.append(AmountTooLarge if large else not_a_number if number is None and text.strip() else None)
    return Money(tuple(values), tuple(faults))


def minor_units(amount: Decimal, exponent: int) -> int:
    """An amount in whole minor units, rounded half away from zero."""
    return _rounded(amount.scaleb(exponent))


def _rounded(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))


def _sku(text: str) -> tuple[str | None, Fault]:
    try:
        return clean(_unwrapped(text), most=SKU_LENGTH), None
    except TextEmpty:
        return None, SkuMissing
    except Invalid:
        return None, SkuInvalid


def _name(text: str) -> str | None:
    kept = unicodedata.normalize("NFC", _unwrapped(text[: 4 * NAME_LENGTH]))
    printable = kept
    if not kept.isprintable():
        printable = "".join(" " if unicodedata.category(one) in {"Cc", "Cs"} else one for one in kept)
    return " ".join(printable.split())[:NAME_LENGTH].strip() or None


def _unwrapped(text: str) -> str:
    """What Excel's ``="00123"`` holds, and what an export made harmless with an apostrophe was."""
    trimmed = text.strip()
    formula = _FORMULA_TEXT.fullmatch(trimmed)
    if formula:
        return formula[1]
    return trimmed[1:] if _MADE_HARMLESS.match(trimmed) else text
