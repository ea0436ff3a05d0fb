"""What must hold of any plan, and what closed formulas say of normal demand."""

import math
from dataclasses import replace
from decimal import Decimal
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from replenishing import TODAY, Scenario, Shelf, drawn, normal, scaled, stock_of, terms_of

from inventoryai.domain.demand import Demand
from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.domain.lead_times import LeadTimes
from inventoryai.domain.planning import Policy
from inventoryai.domain.replenishment import Recommendation, recommend
from inventoryai.domain.supply_terms import OwnTerms

FINE = tuple(level / 1000 for level in range(1, 1000))
thoroughly = settings(derandomize=True, deadline=None, max_examples=60)

seeds = st.integers(0, 10_000)
on_hands = st.integers(0, 400).map(lambda half: Decimal(half) / 2)
packs = st.sampled_from([Decimal(1), Decimal(6), Decimal("0.25"), Decimal(50)])
moqs = st.sampled_from([Decimal(0), Decimal(10), Decimal(75)])
deviations = st.sampled_from([None, Decimal(1), Decimal("2.5")])


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    return Scenario(
        drawn(draw(seeds), DEFAULT_LEVELS, horizon=50),
        Shelf(on_hand=draw(on_hands), backordered=draw(st.sampled_from([Decimal(0), Decimal(30)]))),
        OwnTerms(
            lead_time_days=Decimal(draw(st.integers(1, 12))),
            lead_time_sd=draw(deviations),
            pack_size=draw(packs),
            moq=draw(moqs),
        ),
        draw(st.integers(1, 12)),
    )


def order_up_to(one: Recommendation) -> Decimal:
    assert one.order_up_to is not None
    return one.order_up_to


def ordered(one: Recommendation) -> Decimal:
    assert one.order_quantity is not None
    return one.order_quantity


@thoroughly
@given(scenario=scenarios())
def test_an_order_is_nothing_or_whole_packs_of_at_least_the_moq(scenario: Scenario) -> None:
    quantity, terms = ordered(scenario.recommendation()), scenario.terms
    assert terms.moq is not None
    assert terms.pack_size is not None
    assert quantity == 0 or quantity >= terms.moq
    assert quantity % terms.pack_size == 0


@thoroughly
@given(scenario=scenarios())
def test_what_was_ordered_is_not_ordered_again(scenario: Scenario) -> None:
    lead_days = scenario.terms.lead_time_days
    assert lead_days is not None
    quantity = ordered(scenario.recommendation())
    again = scenario.holding(orders=((math.ceil(lead_days), quantity),)).recommendation()
    assert ordered(again) == 0


@thoroughly
@given(scenario=scenarios(), levels=st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)))
def test_a_higher_service_level_asks_for_more(scenario: Scenario, levels: tuple[float, float]) -> None:
    low, high = (
        scenario.having(service_level=Decimal(repr(round(level, 6)))).recommendation()
        for level in sorted(levels)
    )
    assert order_up_to(low) <= order_up_to(high)
    assert ordered(low) <= ordered(high)


@thoroughly
@given(scenario=scenarios(), more=st.integers(0, 6))
def test_waiting_longer_for_goods_or_reviews_asks_for_more(scenario: Scenario, more: int) -> None:
    base = order_up_to(scenario.recommendation())
    certain = scenario.having(lead_time_sd=None)
    later = (certain.terms.lead_time_days or 0) + more
    assert order_up_to(certain.recommendation()) <= order_up_to(
        certain.having(lead_time_days=later).recommendation()
    )
    assert base <= order_up_to(replace(scenario, review_days=scenario.review_days + more).recommendation())


@thoroughly
@given(scenario=scenarios(), factor=st.sampled_from([2, 8, 1000]))
def test_counting_in_smaller_units_changes_nothing_else(scenario: Scenario, factor: int) -> None:
    times = Decimal(factor)
    one, many = (
        scenario.recommendation(),
        replace(
            scenario,
            demand=scaled(scenario.demand, factor),
            shelf=Shelf(
                on_hand=scenario.shelf.on_hand * times, backordered=scenario.shelf.backordered * times
            ),
            terms=replace(
                scenario.terms,
                moq=(scenario.terms.moq or Decimal(0)) * times,
                pack_size=(scenario.terms.pack_size or Decimal(1)) * times,
            ),
        ).recommendation(),
    )
    dust = times / 1000
    assert abs(order_up_to(many) - order_up_to(one) * times) <= dust
    assert many.stockout_risk == pytest.approx(one.stockout_risk, abs=1e-9)
    assert many.days_of_cover == pytest.approx(one.days_of_cover, abs=1)


@thoroughly
@given(scenario=scenarios(), more=st.integers(0, 200))
def test_more_on_the_shelf_never_hurts(scenario: Scenario, more: int) -> None:
    one = scenario.recommendation()
    richer = scenario.holding(on_hand=scenario.shelf.on_hand + more).recommendation()
    assert (richer.stockout_risk or 0) <= (one.stockout_risk or 0) + 1e-12
    assert (richer.days_of_cover or 0) >= (one.days_of_cover or 0)
    assert richer.order_by is None or (one.order_by is not None and richer.order_by >= one.order_by)


def test_products_are_planned_alike_together_and_alone() -> None:
    count = 40
    demand = drawn(5, DEFAULT_LEVELS, horizon=50, products=count)
    random = np.random.default_rng(1)
    terms = [
        OwnTerms(lead_time_days=Decimal(int(days)), lead_time_sd=Decimal(int(sd)) or None)
        for days, sd in zip(random.integers(1, 9, count), random.integers(0, 3, count), strict=True)
    ]
    shelves = [Shelf(on_hand=Decimal(int(units))) for units in random.integers(0, 200, count)]
    policy = Policy(TODAY, 7)
    together = recommend(demand, stock_of(shelves), terms_of(terms), policy)
    for i, one in enumerate(together):
        single = Demand(demand.levels, demand.mean[[i]], demand.totals[[i]])
        (alone,) = recommend(single, stock_of([shelves[i]]), terms_of([terms[i]]), policy)
        assert replace(alone, product=i) == one


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize(("lead", "review"), [(7, 7), (3, 1), (20, 30)])
def test_normal_demand_agrees_with_the_closed_formula(level: float, lead: int, review: int) -> None:
    """S = μ(R + L) + z σ √(R + L): F6 of the periodic-review policy, with a certain lead time."""
    scenario = Scenario(normal(FINE, mean=40, sd=12), review_days=review).having(
        lead_time_days=Decimal(lead), service_level=Decimal(str(level))
    )
    z = NormalDist().inv_cdf(level)
    days = lead + review
    one = scenario.recommendation()
    assert float(order_up_to(one)) == pytest.approx(40 * days + z * 12 * math.sqrt(days), abs=1e-3)
    assert one.reorder_point is not None
    assert float(one.reorder_point) == pytest.approx(40 * lead + z * 12 * math.sqrt(lead), abs=1e-3)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_usual_levels_are_close_to_the_closed_formula_between_them_too(level: float) -> None:
    coarse = Scenario(normal(DEFAULT_LEVELS, mean=40, sd=12)).having(service_level=Decimal(str(level - 0.02)))
    exact = 40 * 14 + NormalDist().inv_cdf(level - 0.02) * 12 * math.sqrt(14)
    assert float(order_up_to(coarse.recommendation())) == pytest.approx(exact, rel=5e-3)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
@pytest.mark.parametrize("sd", [1.0, 2.0, 4.0])
def test_an_uncertain_lead_time_agrees_with_the_mixture_of_normals(level: float, sd: float) -> None:
    """The mixture itself, inverted by bisection over the normal distributions it is made of."""
    mean, deviation, review = 40.0, 12.0, 7
    times = LeadTimes.of(np.array([10.0]), np.array([sd]))[0]

    def reached(x: float) -> float:
        return math.fsum(
            chance * NormalDist(mean * days, deviation * math.sqrt(days)).cdf(x)
            for days, chance in enumerate(times.probabilities.tolist(), times.first + review)
        )

    low, high = 0.0, 5_000.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) >= level else (middle, high)
    scenario = Scenario(normal(FINE, mean, deviation), review_days=review).having(
        lead_time_days=Decimal(10), lead_time_sd=Decimal(str(sd)), service_level=Decimal(str(level))
    )
    assert float(order_up_to(scenario.recommendation())) == pytest.approx(low, rel=2e-4)


def test_an_uncertain_lead_time_is_near_the_closed_formula() -> None:
    """F6 takes the mixture for a normal distribution; with a short tail that is nearly so."""
    scenario = Scenario(normal(FINE, mean=40, sd=60)).having(
        lead_time_days=Decimal(20), lead_time_sd=Decimal(3), service_level=Decimal("0.95")
    )
    exact = 40 * 27 + NormalDist().inv_cdf(0.95) * math.sqrt(27 * 60**2 + 40**2 * (9 + 1 / 12))
    assert float(order_up_to(scenario.recommendation())) == pytest.approx(exact, rel=1e-2)
