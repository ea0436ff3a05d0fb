"""The numbers of a plan, column by column: how far to fill up, when to order, and at what risk."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.demand import Outlook
from inventoryai.domain.order_quantities import OrderQuantities, Situation
from inventoryai.domain.quantities import to_thousandths
from inventoryai.domain.sales import THOUSANDTHS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """How long g products can wait to be ordered.

    Attributes:
        days: int64[g], the largest t with Q_α(t + L) ≤ position; -1 if even today is late.
        latest: int64[g], the largest t that the forecast can say this of.
        demand: float64[g], Q_α(t + L) in units, or that of day 0 if today is late.
        demand_after: float64[g], Q_α(t + 1 + L) in units; means nothing when t is the latest.
    """

    days: Ints
    latest: Ints
    demand: Floats
    demand_after: Floats

    @classmethod
    def of(cls, outlook: Outlook, situation: Situation) -> Self:
        """The last days on which ordering is soon enough, by bisection: demand only grows with the wait."""
        latest = outlook.latest_wait()
        low, high = np.full_like(latest, -1), latest
        while (low < high).any():
            middle = (low + high + 1) // 2
            demand = outlook.after(middle).quantile(situation.service_level)
            enough = to_thousandths(demand) <= situation.position
            low, high = np.where(enough, middle, low), np.where(enough, high, np.maximum(middle - 1, low))
        return cls(
            days=low,
            latest=latest,
            demand=outlook.after(np.maximum(low, 0)).quantile(situation.service_level),
            demand_after=outlook.after(np.minimum(low + 1, latest)).quantile(situation.service_level),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What follows for each of g products. Floats are in units, before rounding to the thousandth.

    Attributes:
        order_up_to: float64[g], S = Q_α of demand over the protection interval.
        expected: float64[g], mean of that demand.
        reorder_point: float64[g], Q_α of demand over the lead time.
        risk: float64[g], probability of running out within the protection interval.
        cover: int64[g], the largest k whose mean total is at most what is on hand.
        waits: Until when to order.
        orders: What to order.
    """

    order_up_to: Floats
    expected: Floats
    reorder_point: Floats
    risk: Floats
    cover: Ints
    waits: Waits
    orders: OrderQuantities

    @classmethod
    def of(cls, outlook: Outlook, situation: Situation) -> Self:
        """The numbers of the products of one outlook."""
        review = np.full_like(situation.position, situation.review_days)
        demand, expected = outlook.after(review), outlook.mean_after(review)
        order_up_to = demand.quantile(situation.service_level)
        return cls(
            order_up_to=order_up_to,
            expected=expected,
            reorder_point=outlook.after(np.zeros_like(review)).quantile(situation.service_level),
            risk=1.0 - demand.probability(situation.position / THOUSANDTHS),
            cover=_cover(outlook, situation.on_hand),
            waits=Waits.of(outlook, situation),
            orders=OrderQuantities.of(
                situation, to_thousandths(order_up_to), to_thousandths(expected), demand
            ),
        )

    def safety_stock(self) -> Ints:
        """int64[g], thousandths: what the order-up-to level holds above the mean, each rounded first."""
        return to_thousandths(self.order_up_to) - to_thousandths(self.expected)


def _cover(outlook: Outlook, on_hand: Ints) -> Ints:
    """int64[g]: how many whole days the stock on hand lasts on average, at most the horizon."""
    lasts = to_thousandths(outlook.means[:, 1:]) <= on_hand[:, None]
    days: Ints = lasts.sum(axis=1)
    return days
