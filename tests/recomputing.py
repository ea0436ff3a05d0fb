"""Every number of a recommendation, computed a second time from the JSON of its explanation alone.

Nothing of the product is imported: this is what a sceptical reader with the documentation would write.
The arithmetic is that of fractions, so what it finds is exact, and numbers are compared to 1e-9.
"""

import json
import math
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Any

Curve = list[tuple[Fraction, Fraction]]
Mixture = list[tuple[Fraction, Curve]]


def read(explanation: dict[str, object]) -> dict[str, Any]:
    """The explanation as whoever gets its JSON sees it, with every number exactly as written."""
    plain: dict[str, Any] = json.loads(json.dumps(explanation), parse_float=Fraction, parse_int=Fraction)
    return plain


def close(found: Fraction, exact: Fraction) -> bool:
    return abs(found - exact) <= Fraction(1, 10**9) * max(Fraction(1), abs(exact))


def whole(value: Fraction) -> int:
    assert value.denominator == 1
    return value.numerator


def thousandth(value: Fraction) -> Fraction:
    return Fraction(round(float(value) * 1000), 1000)


def check(explanation: dict[str, object]) -> None:
    """Fail unless every number of the explanation follows from the others."""
    e = read(explanation)
    for part in (_position, _lead_time, _levels, _orders, _order_by, _risk_and_cover, _cost):
        part(e)


def curve(e: dict[str, Any], days: int) -> Curve:
    """(quantity, probability of at most that) of the total of so many days, from 0 on."""
    if days == 0:
        return [(Fraction(0), Fraction(0)), (Fraction(0), Fraction(1))]
    row = e["demand"]["totals"][str(days)]
    return [(Fraction(0), Fraction(0)), *zip(row, e["demand"]["levels"], strict=True)]


def after(e: dict[str, Any], wait: int) -> Mixture:
    """Demand over a wait and the lead time after it."""
    first = whole(e["lead_time"]["first"])
    weights = e["lead_time"]["probabilities"]
    return [(weight, curve(e, wait + first + more)) for more, weight in enumerate(weights)]


def probability(mixture: Mixture, x: Fraction) -> Fraction:
    return sum((weight * _reached(points, x) for weight, points in mixture), Fraction(0))


def _reached(points: Curve, x: Fraction) -> Fraction:
    if x < 0:
        return Fraction(0)
    if x >= points[-1][0]:
        return Fraction(1)
    after_x = next(i for i, (quantity, _) in enumerate(points) if quantity > x)
    (q0, p0), (q1, p1) = points[after_x - 1], points[after_x]
    return p0 + (p1 - p0) * (x - q0) / (q1 - q0)


def is_quantile(mixture: Mixture, level: Fraction, x: Fraction) -> bool:
    """Whether x is, to 1e-9, where the probability rises past the level (it rises everywhere)."""
    margin = Fraction(1, 10**9) * max(Fraction(1), abs(x))
    dust = Fraction(1, 10**12)
    return (
        probability(mixture, x - margin) <= level + dust and probability(mixture, x + margin) >= level - dust
    )


def left_over(mixture: Mixture, x: Fraction) -> Fraction:
    """The integral of the probability from 0 to x."""
    return sum((weight * _area(points, x) for weight, points in mixture), Fraction(0))


def _area(points: Curve, x: Fraction) -> Fraction:
    area = Fraction(0)
    for (q0, p0), (q1, p1) in pairwise(points):
        end = min(x, q1)
        if end > q0:
            height = p0 + (p1 - p0) * (end - q0) / (q1 - q0)
            area += (end - q0) * (p0 + height) / 2
    return area + max(x - points[-1][0], Fraction(0))


def _position(e: dict[str, Any]) -> None:
    position, days = e["position"], e["protection"]
    assert days["days"] == days["lead_days"] + days["review_days"]
    as_of = date.fromisoformat(e["as_of"])
    assert date.fromisoformat(days["last_day"]) == as_of + timedelta(days=whole(days["days"]) - 1)
    for order in position["open_orders"]:
        assert order["counts"] == (date.fromisoformat(order["due"]) <= date.fromisoformat(days["last_day"]))
    assert position["on_order"] == sum(
        order["quantity"] for order in position["open_orders"] if order["counts"]
    )
    assert position["position"] == (
        position["on_hand"] + position["on_order"] - position["backordered"] - position["reserved"]
    )


def _lead_time(e: dict[str, Any]) -> None:
    lead = e["lead_time"]
    assert e["protection"]["lead_days"] == math.ceil(lead["mean"])
    if lead["distribution"] == "certain":
        assert 0 in (lead["mean"], lead["sd"])
        assert lead["first"] == math.ceil(lead["mean"])
        assert (lead["probabilities"], lead["cut"]) == ([1], 0)
        return
    for more, chance in enumerate(lead["probabilities"]):
        day = whole(lead["first"]) + more
        exact = _gamma_up_to(lead, day + 0.5) - (_gamma_up_to(lead, day - 0.5) if day else 0)
        assert close(chance * (1 - lead["cut"]), Fraction(exact))


def _gamma_up_to(lead: dict[str, Any], days: float) -> Decimal:
    """The gamma distribution function by its alternating series, with digits to spare."""
    shape = Decimal(float((lead["mean"] / lead["sd"]) ** 2))
    with localcontext() as context:
        context.prec = 250
        x = Decimal(days) * Decimal(float(lead["mean"] / lead["sd"] ** 2))
        total, power, n = Decimal(0), Decimal(1), 0
        while n < 2 * x or abs(power) > Decimal("1e-150"):
            total += power / (shape + n)
            n += 1
            power = -power * x / n
        return (shape * x.ln()).exp() * total / Decimal(math.lgamma(float(shape))).exp()


def _levels(e: dict[str, Any]) -> None:
    level, review = e["service_level"], whole(e["protection"]["review_days"])
    up_to, expected, reorder = e["order_up_to"], e["expected_demand"], e["reorder_point"]
    assert is_quantile(after(e, review), level, up_to["quantile"])
    assert is_quantile(after(e, 0), level, reorder["quantile"])
    first, weights = whole(e["lead_time"]["first"]), e["lead_time"]["probabilities"]
    means = [e["demand"]["means"][str(review + first + more)] for more in range(len(weights))]
    assert close(expected["mean"], sum(w * m for w, m in zip(weights, means, strict=True)))
    _rounded((up_to, "quantile"), (reorder, "quantile"), (expected, "mean"))
    assert e["safety_stock"] == up_to["quantity"] - expected["quantity"]
    assert e["raw_quantity"] == max(0, up_to["quantity"] - e["position"]["position"])


def _rounded(*pairs: tuple[dict[str, Any], str]) -> None:
    assert all(entry["quantity"] == thousandth(entry[name]) for entry, name in pairs)


def _orders(e: dict[str, Any]) -> None:
    steps = {step["step"]: step for step in e["steps"]}
    reached = e["raw_quantity"]
    assert bool(steps) == (reached > 0)
    for step in e["steps"]:
        assert step["before"] == reached
        reached = step["after"]
    assert e["order_quantity"] == reached
    if steps:
        _moq_and_pack(steps["moq"], steps["pack"])
        _last_batch(e, steps)


def _moq_and_pack(moq: dict[str, Any], pack: dict[str, Any]) -> None:
    assert moq["after"] == max(moq["before"], moq["moq"])
    raised = "moq.raised" if moq["after"] > moq["before"] else "moq.reached"
    assert moq["reason"] == (raised if moq["moq"] else "moq.none")
    assert pack["after"] == math.ceil(pack["before"] / pack["pack_size"]) * pack["pack_size"]
    assert pack["reason"] == ("pack.rounded_up" if pack["after"] > pack["before"] else "pack.whole")


def _last_batch(e: dict[str, Any], steps: dict[str, dict[str, Any]]) -> None:
    pack_size, moq, packed = steps["pack"]["pack_size"], steps["moq"]["moq"], steps["pack"]["after"]
    surplus, expected = packed - e["raw_quantity"], e["expected_demand"]["quantity"]
    assert ("last_batch" in steps) == (surplus > expected)
    if "last_batch" not in steps:
        return
    step = steps["last_batch"]
    below = e["raw_quantity"] // pack_size * pack_size
    smaller = below if below >= moq else 0
    demand = after(e, whole(e["protection"]["review_days"]))
    low, high = e["position"]["position"] + smaller, e["position"]["position"] + packed
    idle = (left_over(demand, high) - left_over(demand, low)) / (high - low)
    assert (step["surplus"], step["expected_demand"], step["smaller_order"]) == (surplus, expected, smaller)
    assert close(step["idle_probability"], idle)
    left_out = step["idle_probability"] > step["service_level"]
    assert step["service_level"] == e["service_level"]
    assert step["after"] == (smaller if left_out else packed)
    assert step["reason"] == ("last_batch.left_out" if left_out else "last_batch.kept")


def _order_by(e: dict[str, Any]) -> None:
    by, position, level = e["order_by"], e["position"]["position"], e["service_level"]
    wait = -1 if by["wait_days"] is None else whole(by["wait_days"])
    if by["demand"] is not None:
        assert is_quantile(after(e, wait), level, by["demand"]["quantile"])
        _rounded((by["demand"], "quantile"))
        assert by["demand"]["quantity"] <= position
    later = by["demand_one_day_later"]
    if later is not None:
        assert is_quantile(after(e, wait + 1), level, later["quantile"])
        _rounded((later, "quantile"))
        assert later["quantity"] > position
    expected = None if later is None else date.fromisoformat(e["as_of"]) + timedelta(days=max(wait, 0))
    assert by["date"] == (None if expected is None else expected.isoformat())
    assert (by["reason"], wait < 0, later is None) in {
        ("order_by.late", True, False),
        ("order_by.last_day", False, False),
        ("order_by.beyond_horizon", False, True),
    }


def _risk_and_cover(e: dict[str, Any]) -> None:
    demand = after(e, whole(e["protection"]["review_days"]))
    assert close(e["stockout_risk"], 1 - probability(demand, e["position"]["position"]))
    cover, means, on_hand = e["days_of_cover"], e["demand"]["means"], e["position"]["on_hand"]
    lasts, later = cover["mean_demand"], cover["mean_demand_one_day_later"]
    assert lasts["mean"] == (means[str(whole(cover["days"]))] if cover["days"] else 0)
    assert lasts["quantity"] <= on_hand or cover["days"] == 0
    assert cover["beyond_horizon"] == (later is None)
    if later is not None:
        assert later["mean"] == means[str(whole(cover["days"]) + 1)]
        assert later["quantity"] > on_hand
        _rounded((later, "mean"))
    _rounded((lasts, "mean"))


def _cost(e: dict[str, Any]) -> None:
    cost = e["cost"]
    if cost is not None:
        unit = Fraction(10) ** -whole(cost["decimals"])
        exact = e["order_quantity"] * cost["unit_cost"]
        assert cost["cost"] == math.floor(exact / unit + Fraction(1, 2)) * unit
