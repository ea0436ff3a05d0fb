"""Why a recommendation says what it says: a JSON object from which each of its numbers follows.

It holds what went in (stock, open orders, terms, and of the forecast the quantiles and means of the
totals that were used) and what came out at each step. Quantities and money are exact, as numbers.
``docs/replenishment.md`` says how to recompute every one of them, and a test does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from inventoryai.domain.demand import Outlook
from inventoryai.domain.forecasts import Reason
from inventoryai.domain.lead_times import LeadTimes
from inventoryai.domain.measures import Measures
from inventoryai.domain.planning import Policy
from inventoryai.domain.positions import Positions
from inventoryai.domain.quantities import json_number, json_quantity, quantity, rounded
from inventoryai.domain.supply_terms import SupplyTerms

Json = dict[str, object]

VERSION: Final = 1
_EXACT: Final = Context(prec=50)
"""Digits that hold the dearest product times the largest order: with fewer, its cost would fail the plan."""


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What a whole plan stands on, n products."""

    policy: Policy
    positions: Positions
    terms: SupplyTerms
    lead_times: LeadTimes


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One product of a plan and what was computed for it, in one row of its outlook and measures."""

    basis: Basis
    outlook: Outlook
    measures: Measures
    row: int

    @property
    def product(self) -> int:
        """Its place in the plan."""
        return int(self.outlook.products[self.row])

    @property
    def horizon(self) -> int:
        """Days of the forecast."""
        return int(self.outlook.means.shape[1]) - 1

    def forecast_days(self, days: Iterable[int]) -> list[int]:
        """Those of the days that the forecast has a total of, each once, sorted."""
        return sorted({day for day in days if 0 < day <= self.horizon})


def order_cost(case: Case) -> Decimal | None:
    """What the order costs, to the currency's last decimal; None where a unit's cost is not known."""
    unit = case.basis.terms.unit_cost[case.product]
    if unit is None:
        return None
    cost = _EXACT.multiply(unit, quantity(case.measures.orders.final[case.row]))
    return cost.quantize(Decimal(1).scaleb(-case.basis.policy.money_decimals), ROUND_HALF_UP, _EXACT)


def order_day(case: Case) -> date | None:
    """The last day to order on, today if that has passed; None if it lies beyond the forecast."""
    wait, latest = (
        int(column[case.row]) for column in (case.measures.waits.days, case.measures.waits.latest)
    )
    return None if wait >= latest else case.basis.policy.as_of + timedelta(days=max(wait, 0))


def unexplained(basis: Basis, product: int, reason: Reason) -> Json:
    """The explanation of a recommendation that could not be made."""
    return {
        "version": VERSION,
        "status": "unknown",
        "reason": {"code": reason.code, "data": dict(reason.data)},
        "as_of": basis.policy.as_of.isoformat(),
        "position": _position(basis, product),
    }


def explanation(case: Case) -> Json:
    """The explanation of one recommendation."""
    basis, product, measures, row = case.basis, case.product, case.measures, case.row
    level = float(basis.terms.service_level[product])
    return {
        "version": VERSION,
        "status": "ok",
        "as_of": basis.policy.as_of.isoformat(),
        "defaults": list(basis.terms.defaulted[product]),
        "service_level": level,
        "position": _position(basis, product),
        "lead_time": _lead_time(basis, product),
        "protection": _protection(basis, product),
        "demand": _demand(case),
        **_levels(measures, row),
        "steps": measures.orders.steps(row),
        "order_quantity": json_quantity(measures.orders.final[row]),
        "order_by": _order_by(case),
        "stockout_risk": float(measures.risk[row]),
        "days_of_cover": _cover(case),
        "cost": _cost(case),
    }


def _position(basis: Basis, product: int) -> Json:
    positions = basis.positions
    stock = positions.stock
    due, coming = stock.orders.of_product(product)
    within = int(positions.protection_days[product])
    return {
        "on_hand": json_quantity(stock.on_hand[product]),
        "open_orders": [
            {
                "due": (basis.policy.as_of + timedelta(days=day)).isoformat(),
                "quantity": json_quantity(count),
                "counts": day < within,
            }
            for day, count in zip(due.tolist(), coming.tolist(), strict=True)
        ],
        "on_order": json_quantity(positions.on_order[product]),
        "backordered": json_quantity(stock.backordered[product]),
        "reserved": json_quantity(stock.reserved[product]),
        "position": json_quantity(positions.position[product]),
    }


def _lead_time(basis: Basis, product: int) -> Json:
    lead_time = basis.lead_times[product]
    return {
        "mean": lead_time.mean,
        "sd": lead_time.sd,
        "distribution": "certain" if lead_time.certain else "gamma",
        "first": lead_time.first,
        "probabilities": lead_time.probabilities.tolist(),
        "cut": lead_time.cut,
    }


def _protection(basis: Basis, product: int) -> Json:
    days = int(basis.positions.protection_days[product])
    review = basis.policy.review_days
    last = basis.policy.as_of + timedelta(days=days - 1)
    return {
        "lead_days": days - review,
        "review_days": review,
        "days": days,
        "last_day": last.isoformat(),
    }


def _demand(case: Case) -> Json:
    """The stored quantiles and means of every total that a number of this explanation rests on."""
    outlook, measures, row = case.outlook, case.measures, case.row
    review, wait, cover = (
        case.basis.policy.review_days,
        int(measures.waits.days[row]),
        int(measures.cover[row]),
    )
    spans = range(int(outlook.first[row]), int(outlook.first[row]) + outlook.weights.shape[1])
    waits = {0, review, wait, min(wait + 1, int(measures.waits.latest[row]))} - {-1}
    days = case.forecast_days(wait + span for wait in waits for span in spans)
    meant = case.forecast_days([*(review + span for span in spans), cover, cover + 1])
    return {
        "levels": outlook.levels[1:].tolist(),
        "totals": dict(zip(map(str, days), outlook.knots[row, days, 1:].tolist(), strict=True)),
        "means": dict(zip(map(str, meant), outlook.means[row, meant].tolist(), strict=True)),
    }


def _levels(measures: Measures, row: int) -> Json:
    """What to fill up to, what of it is safety, and what to order at."""
    return {
        "order_up_to": _rounding("quantile", measures.order_up_to[row]),
        "expected_demand": _rounding("mean", measures.expected[row]),
        "safety_stock": json_quantity(measures.safety_stock()[row]),
        "reorder_point": _rounding("quantile", measures.reorder_point[row]),
        "raw_quantity": json_quantity(measures.orders.raw[row]),
    }


def _rounding(name: str, value: float) -> Json:
    """A demand as it came out, and to the thousandth."""
    return {name: float(value), "quantity": json_number(rounded(value))}


def _order_by(case: Case) -> Json:
    """Until when to order, and what shows that one day more would be too long."""
    waits, row = case.measures.waits, case.row
    wait, beyond = int(waits.days[row]), waits.days[row] >= waits.latest[row]
    day = order_day(case)
    reason = "late" if wait < 0 else "beyond_horizon" if beyond else "last_day"
    return {
        "date": None if day is None else day.isoformat(),
        "reason": f"order_by.{reason}",
        "wait_days": wait if wait >= 0 else None,
        "demand": None if wait < 0 else _rounding("quantile", waits.demand[row]),
        "demand_one_day_later": None if beyond else _rounding("quantile", waits.demand_after[row]),
    }


def _cover(case: Case) -> Json:
    days = int(case.measures.cover[case.row])
    beyond = days == case.horizon
    means = case.outlook.means[case.row]
    return {
        "days": days,
        "beyond_horizon": beyond,
        "mean_demand": _rounding("mean", means[days]),
        "mean_demand_one_day_later": None if beyond else _rounding("mean", means[days + 1]),
    }


def _cost(case: Case) -> Json | None:
    unit = case.basis.terms.unit_cost[case.product]
    cost = order_cost(case)
    if unit is None or cost is None:
        return None
    return {
        "unit_cost": json_number(unit),
        "decimals": case.basis.policy.money_decimals,
        "cost": json_number(cost),
    }
