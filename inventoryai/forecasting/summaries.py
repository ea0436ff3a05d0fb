"""The marks of many products as one, and how those of several parts are put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from inventoryai.forecasting.measures import MARKS, Scores

_AVERAGED: Final = tuple(name for name in MARKS if name not in {"absolute_error", "error", "demand"})


@dataclass(frozen=True, slots=True)
class Summary:
    """The marks of many products as one; None where no product could be judged.

    Attributes:
        products: How many were judged: those of whose demand something came to be known.
        unscaled: How many of them have no scale, as their demand never changed; they count in no scaled
            measure.
        wape: Summed absolute error over summed demand.
        bias: Summed error over summed demand; above 0 the forecasts were too high.

    The others are means of the marks of ``Scores``.
    """

    products: int
    unscaled: int
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
    def of(cls, scores: Scores) -> Self:
        """All products alike, except that errors and demand are summed before they are divided."""
        return cls.of_sums(Sums.of(scores))

    @classmethod
    def of_sums(cls, sums: "Sums") -> Self:
        """The same, from marks that were added up before."""
        total, known = sums.total, sums.known
        demand = total["demand"]
        means = {name: total[name] / known[name] if known[name] else None for name in _AVERAGED}
        return cls(
            products=sums.products,
            unscaled=sums.unscaled,
            wape=total["absolute_error"] / demand if demand else None,
            bias=total["error"] / demand if demand else None,
            **means,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """Marks of many products added up, so that those of several parts can be put together.

    Attributes:
        products: How many were judged.
        unscaled: How many of them have no scale.
        total: Each mark of ``Scores`` by its name, summed over the products that have it.
        known: How many products have it.
    """

    products: int
    unscaled: int
    total: Mapping[str, float]
    known: Mapping[str, int]

    @classmethod
    def of(cls, scores: Scores) -> Self:
        """The sums of all products."""
        columns = {name: getattr(scores, name) for name in MARKS}
        judged = ~np.isnan(scores.demand)
        return cls(
            products=int(judged.sum()),
            unscaled=int((judged & np.isnan(scores.rmsse)).sum()),
            total={name: float(np.nansum(column)) for name, column in columns.items()},
            known={name: int((~np.isnan(column)).sum()) for name, column in columns.items()},
        )

    def __add__(self, other: Self) -> Self:
        return type(self)(
            products=self.products + other.products,
            unscaled=self.unscaled + other.unscaled,
            total={name: self.total[name] + other.total[name] for name in MARKS},
            known={name: self.known[name] + other.known[name] for name in MARKS},
        )
