"""What each line of a sales file brought in, from its amount or from quantity times unit price."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.sales import THOUSANDTHS
from inventoryai_spreadsheets.cells import MOST, Money, Numbers, minor_units
from inventoryai_spreadsheets.tables import Table


@dataclass(frozen=True, slots=True)
class Revenue:
    """Money of the n lines.

    Attributes:
        minor: int64[n], minor units; 0 where nothing is known.
        free: bool[n], whether the amount, or without one the unit price, is written and exactly 0.
        price: float64[n], the unit price in major units; NaN where it is unknown.
        too_large: bool[n], whether quantity times unit price is beyond any sale.
    """

    minor: NDArray[np.int64]
    free: NDArray[np.bool_]
    price: NDArray[np.float64]
    too_large: NDArray[np.bool_]


def revenue(table: Table, quantities: Numbers, money: dict[str, Money], exponent: int) -> Revenue:
    """The amount counts where it is written, else quantity times unit price, exact and then rounded.

    Args:
        table: The lines.
        quantities: Of the distinct texts of the quantity.
        money: Of the distinct texts of ``unit_price`` and ``amount``, those that the file has.
        exponent: Decimals of the currency.
    """
    size = len(table)
    found = Revenue(
        np.zeros(size, np.int64), np.zeros(size, bool), np.full(size, np.nan), np.zeros(size, bool)
    )
    if "unit_price" in money:
        _by_price(found, table, quantities, money["unit_price"], exponent)
    if "amount" in money:
        _by_amount(found, table, quantities, money["amount"], exponent)
    return found


def _by_price(found: Revenue, table: Table, quantities: Numbers, prices: Money, exponent: int) -> None:
    quantity, price = table.columns["quantity"].codes, table.columns["unit_price"].codes
    found.free[:] = _zero(prices)[price]
    found.price[:] = _floats(prices)[price]
    pairs, inverse = np.unique(quantity.astype(np.int64) * len(prices.values) + price, return_inverse=True)
    minor = np.zeros(len(pairs), dtype=np.int64)
    for at, (of_quantity, of_price) in enumerate(zip(*np.divmod(pairs, len(prices.values)), strict=True)):
        unit = prices.values[of_price]
        if unit is not None:
            total = minor_units(unit * int(quantities.values[of_quantity]) / THOUSANDTHS, exponent)
            minor[at] = max(-MOST - 1, min(MOST + 1, total))
    found.minor[:] = minor[inverse]
    found.too_large[:] = (np.abs(minor) > MOST)[inverse]


def _by_amount(found: Revenue, table: Table, quantities: Numbers, amounts: Money, exponent: int) -> None:
    codes = table.columns["amount"].codes
    written = np.array([amount is not None for amount in amounts.values])[codes]
    minor = np.array(
        [0 if amount is None else minor_units(amount, exponent) for amount in amounts.values], dtype=np.int64
    )
    found.minor[written] = minor[codes][written]
    found.free[written] = _zero(amounts)[codes][written]
    found.too_large[written] = (np.abs(minor) > MOST)[codes][written]
    quantity = quantities.values[table.columns["quantity"].codes] / THOUSANDTHS
    priced = written & np.isnan(found.price) & (quantity != 0)
    found.price[priced] = _floats(amounts)[codes][priced] / quantity[priced]


def _zero(money: Money) -> NDArray[np.bool_]:
    return np.array([value is not None and value == 0 for value in money.values], dtype=bool)


def _floats(money: Money) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else float(value) for value in money.values], dtype=np.float64)
