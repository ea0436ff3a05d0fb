"""The marks of forecasts, on the wire."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from msgspec import Struct

from inventoryai.forecasting.summaries import Summary

_DECIMALS: Final = 6
MARKS_EXAMPLE: Final = {
    "mase": 0.91,
    "rmsse": 0.87,
    "wape": 0.42,
    "bias": -0.03,
    "spl": 0.31,
    "spl95": 0.12,
    "spl99": 0.04,
    "tpl": 1.9,
    "inside_80": 0.81,
    "inside_95": 0.95,
    "below_95": 0.95,
    "below_99": 0.99,
    "total_below_95": 0.93,
}
"""One forecast's marks."""


class Marks(Struct, frozen=True):
    """How good a forecast was; null where that cannot be said.

    Errors over what a naive forecast gets wrong, so that 1 is as bad as that and 0 is perfect: ``mase``
    of the median, ``rmsse`` of the mean, ``spl`` of all quantiles, ``spl95`` and ``spl99`` of those
    levels, ``tpl`` of demand in total. ``wape`` and ``bias`` are shares of demand; above 0, too much was
    forecast. The others are shares of the periods: inside the middle 80 % and 95 %, at or below the 95 %
    and 99 % quantile, and of the totals at or below their 95 % quantile.
    """

    mase: float | None
    rmsse: float | None
    wape: float | None
    bias: float | None
    spl: float | None
    spl95: float | None
    spl99: float | None
    tpl: float | None
    inside_80: float | None
    inside_95: float | None
    below_95: float | None
    below_99: float | None
    total_below_95: float | None

    @classmethod
    def of(cls, marks: Mapping[str, float | None]) -> "Marks":
        """The marks of one product."""
        demand = marks["demand"]
        shares = {
            "wape": _share(marks["absolute_error"], demand),
            "bias": _share(marks["error"], demand),
        }
        return cls(*(_known({**marks, **shares}[name]) for name in cls.__struct_fields__))


class Accuracy(Marks, frozen=True):
    """The marks of many products as one: of ``products`` that were judged.

    Of these, ``unscaled`` never changed before, so that a naive forecast was never wrong: they count in
    no measure over its errors.
    """

    products: int
    unscaled: int

    example: ClassVar[dict[str, Any]] = {**MARKS_EXAMPLE, "products": 240, "unscaled": 3}

    @classmethod
    def of_summary(cls, summary: Summary) -> "Accuracy":
        """As it is sent."""
        marks = {name: _known(getattr(summary, name)) for name in Marks.__struct_fields__}
        return cls(products=summary.products, unscaled=summary.unscaled, **marks)


def _share(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _known(value: float | None) -> float | None:
    return None if value is None else rounded(value)


def rounded(value: float) -> float:
    """A mark without idle digits."""
    return round(value, _DECIMALS)
