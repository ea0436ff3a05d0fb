"""Every number of an explanation follows from the rest of its JSON, whatever was planned."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recomputing import check
from replenishing import TODAY, Scenario, Shelf, drawn, stock_of, straight, terms_of

from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.domain.planning import Policy
from inventoryai.domain.replenishment import RecommendationStatus, horizon_needed, recommend
from inventoryai.domain.supply_terms import OwnTerms


def thousandths(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda count: Decimal(count).scaleb(-3))


quantities = st.one_of(st.integers(0, 300).map(Decimal), thousandths(0, 300_000))
lead_times = st.one_of(
    st.just((None, None)),
    st.tuples(thousandths(0, 15_000), st.none()),
    st.tuples(thousandths(1_000, 12_000), thousandths(1_600, 4_000)),
)
shelves = st.builds(
    Shelf,
    on_hand=quantities,
    orders=st.lists(st.tuples(st.integers(-5, 40), quantities), max_size=3).map(tuple),
    backordered=st.one_of(st.just(Decimal(0)), quantities),
    reserved=st.one_of(st.just(Decimal(0)), quantities),
)


@st.composite
def own_terms(draw: st.DrawFn) -> OwnTerms:
    mean, deviation = draw(lead_times)
    return OwnTerms(
        lead_time_days=mean,
        lead_time_sd=deviation,
        moq=draw(st.none() | quantities),
        pack_size=draw(st.sampled_from([None, Decimal(1), Decimal(12), Decimal("0.5"), Decimal("7.25")])),
        service_level=draw(
            st.sampled_from([None, Decimal("0.5"), Decimal("0.9"), Decimal("0.9321"), Decimal("0.99")])
        ),
        cost=draw(st.none() | thousandths(0, 100_000)),
    )


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    seed=st.integers(0, 10_000),
    shelves=st.lists(shelves, min_size=3, max_size=3),
    terms=st.lists(own_terms(), min_size=3, max_size=3),
    review_days=st.integers(1, 20),
    spare=st.integers(0, 10),
)
def test_every_number_can_be_recomputed(
    seed: int, shelves: list[Shelf], terms: list[OwnTerms], review_days: int, spare: int
) -> None:
    columns = terms_of(terms)
    demand = drawn(seed, DEFAULT_LEVELS, horizon_needed(columns, review_days) + spare, products=3)
    for one in recommend(demand, stock_of(shelves), columns, Policy(TODAY, review_days)):
        check(one.explanation)
        _says_the_same(one.explanation, one)


def _says_the_same(explanation: dict[str, object], one: object) -> None:
    plain = json.loads(json.dumps(explanation), parse_float=Decimal)
    found = {
        "order_quantity": plain["order_quantity"],
        "order_by": plain["order_by"]["date"],
        "reorder_point": plain["reorder_point"]["quantity"],
        "safety_stock": plain["safety_stock"],
        "order_up_to": plain["order_up_to"]["quantity"],
        "on_hand": plain["position"]["on_hand"],
        "on_order": plain["position"]["on_order"],
        "days_of_cover": plain["days_of_cover"]["days"],
        "cost": plain["cost"] and plain["cost"]["cost"],
    }
    for name, value in found.items():
        stated = getattr(one, name)
        assert value == (stated.isoformat() if name == "order_by" and stated else stated), name


SLOW = Scenario(straight([0.5, 0.9, 0.95], [0.02, 0.05, 0.09], 0.03), Shelf(on_hand=Decimal("0.1"))).having(
    moq=Decimal(12), pack_size=Decimal(5), cost=Decimal("2.5")
)
LIVELY = Scenario(
    straight([0.5, 0.9, 0.95], [10, 14, 15], 10), Shelf(Decimal(120), ((3, Decimal(5)),))
).having(lead_time_days=Decimal(7), lead_time_sd=Decimal(2), cost=Decimal("2.5"))


@pytest.mark.parametrize("scenario", [SLOW, LIVELY])
def test_the_recomputation_notices_every_change(scenario: Scenario) -> None:
    explanation = scenario.recommendation().explanation
    check(explanation)
    outputs = {name: part for name, part in explanation.items() if name not in {"version", "demand"}}
    unnoticed = {path for path in _numbers(outputs) if _passes(_changed(explanation, path))}
    assert unnoticed <= ({("cost", "unit_cost")} if explanation["order_quantity"] == 0 else set())


def _passes(explanation: dict[str, object]) -> bool:
    try:
        check(explanation)
    except (AssertionError, KeyError):
        return False
    return True


def _numbers(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every number in the JSON."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _numbers(value, (*path, name))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _numbers(value, (*path, index))
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield path


def _changed(explanation: dict[str, object], path: tuple[str | int, ...]) -> dict[str, object]:
    """The same JSON with one number a little larger."""
    changed: Any = json.loads(json.dumps(explanation))
    part = changed
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] += 0.001
    whole: dict[str, object] = changed
    return whole


def test_terms_that_the_company_stands_in_for_are_named() -> None:
    one = Scenario(straight([0.5, 0.95], [10, 15], 10)).having(moq=Decimal(5)).recommendation()
    assert one.explanation["defaults"] == ["lead_time_days", "pack_size", "service_level"]


def test_a_product_without_forecast_is_unknown_and_not_0() -> None:
    demand = straight([0.5, 0.95], [10, float("nan")], 10)
    one = Scenario(demand, Shelf(on_hand=Decimal("2.5"))).recommendation()
    assert one.status is RecommendationStatus.UNKNOWN
    assert (one.order_quantity, one.days_of_cover, one.stockout_risk, one.order_by) == (None,) * 4
    assert one.on_hand == Decimal("2.5")
    assert one.explanation["reason"] == {"code": "forecast.missing", "data": {}}
    assert json.loads(json.dumps(one.explanation))["position"]["position"] == 2.5
