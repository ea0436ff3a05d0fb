"""Plans in a few words, for the tests of replenishment."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.demand import Demand
from inventoryai.domain.planning import PlanningDefaults, Policy
from inventoryai.domain.positions import OpenOrders, StockColumns
from inventoryai.domain.quantities import thousandths_of
from inventoryai.domain.replenishment import Recommendation, recommend
from inventoryai.domain.supply_terms import OwnTerms, SupplyTerms

Floats = NDArray[np.float64]

TODAY = date(2026, 3, 2)


def straight(levels: Sequence[float], daily: Sequence[float], mean: float, horizon: int = 28) -> Demand:
    """One product whose quantiles of k days are k times those of one: easy to reckon with by hand."""
    days = np.arange(1.0, horizon + 1)
    return Demand(
        levels=np.array(levels, dtype=np.float64),
        mean=np.full((1, horizon), mean),
        totals=days[None, :, None] * np.array(daily, dtype=np.float64),
    )


def normal(levels: Sequence[float], mean: float, sd: float, horizon: int = 60) -> Demand:
    """One product that sells a normally distributed quantity each day, independent of the others."""
    days = np.arange(1, horizon + 1)[:, None]
    deviates = np.array([NormalDist().inv_cdf(level) for level in levels])
    totals = np.maximum(mean * days + sd * np.sqrt(days) * deviates, 0.0)
    return Demand(np.array(levels, dtype=np.float64), np.full((1, horizon), mean), totals[None])


def drawn(seed: int, levels: Sequence[float], horizon: int, products: int = 1) -> Demand:
    """Totals that rise with the level and with the day and are otherwise anything, plateaus included."""
    draw = np.random.default_rng(seed)
    rises = draw.gamma(0.5, 4.0, size=(products, horizon, len(levels)))
    rises[draw.random(rises.shape) < 0.3] = 0.0
    if draw.random() < 0.5:
        rises = np.rint(rises)
    totals = rises.cumsum(axis=1).cumsum(axis=2)
    centre = totals[:, :, len(levels) // 2]
    return Demand(np.array(levels), np.diff(centre, axis=1, prepend=0.0), totals)


def scaled(demand: Demand, factor: float) -> Demand:
    """The same demand counted in smaller units."""
    return replace(demand, mean=demand.mean * factor, totals=demand.totals * factor)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stock of one product; orders are (days until due, quantity)."""

    on_hand: Decimal = Decimal(0)
    orders: tuple[tuple[int, Decimal], ...] = ()
    backordered: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One product to recommend an order of; everything but the demand may be left as it is."""

    demand: Demand
    shelf: Shelf = field(default_factory=Shelf)
    terms: OwnTerms = field(default_factory=OwnTerms)
    review_days: int = 7

    def recommendation(self) -> Recommendation:
        (only,) = recommend(self.demand, stock_of([self.shelf]), terms_of([self.terms]), self.policy)
        return only

    @property
    def policy(self) -> Policy:
        return Policy(TODAY, self.review_days)

    def having(self, **changes: Any) -> "Scenario":
        """The same, with other terms."""
        return replace(self, terms=replace(self.terms, **changes))

    def holding(self, **changes: Any) -> "Scenario":
        """The same, with other stock."""
        return replace(self, shelf=replace(self.shelf, **changes))


def stock_of(shelves: Sequence[Shelf]) -> StockColumns:
    """The stock of several products."""
    lines = sorted((index, due, count) for index, shelf in enumerate(shelves) for due, count in shelf.orders)
    return StockColumns(
        on_hand=thousandths_of(shelf.on_hand for shelf in shelves),
        backordered=thousandths_of(shelf.backordered for shelf in shelves),
        reserved=thousandths_of(shelf.reserved for shelf in shelves),
        orders=OpenOrders(
            product=np.array([line[0] for line in lines], dtype=np.int64),
            due=np.array([line[1] for line in lines], dtype=np.int64),
            quantity=thousandths_of(line[2] for line in lines),
        ),
    )


def terms_of(terms: Sequence[OwnTerms], defaults: PlanningDefaults | None = None) -> SupplyTerms:
    """The terms of several products, the usual defaults standing in."""
    return SupplyTerms.of(terms, defaults or PlanningDefaults())
