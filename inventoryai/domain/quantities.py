"""Quantities as whole thousandths of a unit, where they are computed, and as Decimals, where they are read.

Stock is known to the thousandth, so whatever is compared with stock is rounded to the thousandth first:
a demand of 362.15 that arithmetic left at 362.1499999999999 is 362.15 again, and never one pack more.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.sales import THOUSANDTHS

_DECIMALS: Final = 3

JsonNumber = int | float | str


def thousandths(value: Decimal) -> int:
    """A quantity in whole thousandths; a fourth decimal is rounded, half to even."""
    return int((value * THOUSANDTHS).to_integral_value())


def thousandths_of(values: Iterable[Decimal]) -> NDArray[np.int64]:
    """int64[n]: quantities in whole thousandths."""
    return np.fromiter((thousandths(value) for value in values), dtype=np.int64)


def quantity(count: int) -> Decimal:
    """A number of thousandths as the quantity it stands for."""
    return Decimal(int(count)).scaleb(-_DECIMALS)


def to_thousandths(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """int64, of the same shape: x * 1000 rounded to a whole number, half to even."""
    return np.rint(values * THOUSANDTHS).astype(np.int64)


def rounded(value: float) -> Decimal:
    """A demand in units, to the thousandth."""
    return quantity(round(value * THOUSANDTHS))


def json_number(value: Decimal) -> JsonNumber:
    """A Decimal as a JSON number that reads back as exactly the same decimal.

    Whole numbers are integers. Others are floats, whose shortest form is the decimal itself up to 15
    digits; one with more digits than that, which no quantity here has, would be a string.
    """
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def json_quantity(count: int) -> JsonNumber:
    """A number of thousandths as a JSON number of units."""
    return json_number(quantity(count))
