"""A made-up shop: products that sell daily, wildly, seldom, or seldom and much."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.sales import THOUSANDTHS, DailyTotals

DAYS: Final = 730
LAST_DAY: Final = 20_000
"""Before today, so that no day is unfinished; in days since 1970-01-01."""
_PRICE: Final = 500
_YOUNG: Final = 0.1
"""The share of products that came later, up to 60 days before the end."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of product sells.

    Attributes:
        share: Of all products.
        busy: The chance that a day has any sale, at the least and at the most.
        size: Units on such a day, on average, at the least and at the most.
        spread: The variance of that, in multiples of its mean.
    """

    share: float
    busy: tuple[float, float]
    size: tuple[float, float]
    spread: float


KINDS: Final = (
    Kind(share=0.25, busy=(0.97, 1.0), size=(5, 80), spread=1.5),  # smooth
    Kind(share=0.20, busy=(0.80, 1.0), size=(2, 40), spread=15.0),  # erratic
    Kind(share=0.35, busy=(0.05, 0.40), size=(1, 3), spread=1.1),  # intermittent
    Kind(share=0.20, busy=(0.03, 0.30), size=(3, 30), spread=20.0),  # lumpy
)


def sku(number: int) -> str:
    """Of the product with this number."""
    return f"SKU-{number:06}"


def sales(first: int, count: int) -> DailyTotals:
    """What some products sold: the same for each, however many are asked for at once.

    A day without a sale has no line, as in a file from a cash register; a product's first day has one.
    """
    demand = np.stack([_demand(number) for number in range(first, first + count)])
    product, day = np.nonzero(demand >= 0)
    sold = demand[product, day]
    return DailyTotals(
        skus=tuple(sku(number) for number in range(first, first + count)),
        sku=product.astype(np.int32),
        day=(day + LAST_DAY - DAYS + 1).astype(np.int32),
        sold=sold * THOUSANDTHS,
        returned=np.zeros(len(sold), dtype=np.int64),
        revenue=sold * _PRICE,
    )


def _demand(number: int) -> NDArray[np.int64]:
    """int64[DAYS], what one product sold; -1 for a day without a line."""
    random = np.random.default_rng(number)
    kind = KINDS[random.choice(len(KINDS), p=[one.share for one in KINDS])]
    week = random.gamma(10, 0.1, 7)[np.arange(DAYS) % 7]
    year = 1 + random.uniform(0, 0.4) * np.sin(2 * np.pi * (np.arange(DAYS) / 365 + random.random()))
    level = np.exp(np.cumsum(random.normal(0, 0.01, DAYS)))
    mean = np.maximum(random.uniform(*kind.size) * week * year * level, 0.1)
    sold = random.negative_binomial(mean / (kind.spread - 1), 1 / kind.spread)
    sold[random.random(DAYS) > random.uniform(*kind.busy)] = 0
    start = random.integers(0, DAYS - 60) if random.random() < _YOUNG else 0
    lines: NDArray[np.int64] = np.where(sold > 0, sold, -1).astype(np.int64)
    lines[:start], lines[start] = -1, sold[start]
    return lines
