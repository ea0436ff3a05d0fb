"""Recommendations that can be reckoned on paper, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from replenishing import TODAY, Scenario, Shelf, normal, stock_of, straight, terms_of

from inventoryai.domain.demand import DailyForecastNeeded, Demand, require_daily
from inventoryai.domain.forecasts import DEFAULT_LEVELS, Reason
from inventoryai.domain.periods import Frequency
from inventoryai.domain.planning import (
    PlanningDefaults,
    Policy,
    ReviewDaysInvalid,
    ServiceLevelInvalid,
    days_behind,
)
from inventoryai.domain.products import NumberOutOfRange
from inventoryai.domain.replenishment import (
    HorizonTooShort,
    Recommendation,
    RecommendationStatus,
    horizon_needed,
    levels_needed,
    most_urgent_first,
    recommend,
)
from inventoryai.domain.supply_terms import OwnTerms, ServiceLevelUnsupported

TEN_A_DAY = straight([0.5, 0.9, 0.95], [10, 14, 15], mean=10)
"""In k days: 10k on average, at most 14k in nine cases of ten, at most 15k in nineteen of twenty."""


def test_a_plan_on_paper() -> None:
    shelf = Shelf(on_hand=Decimal(120), orders=((3, Decimal(50)),), reserved=Decimal(20))
    one = Scenario(TEN_A_DAY, shelf).having(cost=Decimal("2.5")).recommendation()
    assert one.order_up_to == 210  # 14 days at 15
    assert one.safety_stock == 70  # 210 less 14 days at 10
    assert one.order_quantity == 60  # 210 less the position of 120 + 50 - 20
    assert one.reorder_point == 105  # 7 days at 15
    assert one.order_by == date(2026, 3, 5)  # (3 + 7) days at 15 make 150, 11 days more than that
    assert not one.urgent
    assert one.days_of_cover == 12  # 120 on the shelf at 10 a day
    assert one.stockout_risk == pytest.approx(0.5 - 0.4 * 10 / 56)  # 150 lies between 140 and 196
    assert one.cost == 150
    assert (one.on_hand, one.on_order) == (Decimal(120), Decimal(50))
    assert one.status is RecommendationStatus.OK


def test_orders_count_when_they_come_within_the_protection_interval() -> None:
    late = Shelf(
        orders=((-2, Decimal(1)), (0, Decimal(2)), (13, Decimal(4)), (14, Decimal(8)), (40, Decimal(16)))
    )
    one = Scenario(TEN_A_DAY, late).recommendation()
    assert one.on_order == 7
    assert one.order_quantity == 210 - 7


def test_planning_again_after_ordering_orders_nothing() -> None:
    scenario = Scenario(TEN_A_DAY, Shelf(on_hand=Decimal(33))).having(
        pack_size=Decimal(12), lead_time_days=Decimal("6.5")
    )
    first = scenario.recommendation().order_quantity
    assert first == 180
    again = scenario.holding(orders=((7, first),)).recommendation()
    assert again.order_quantity == 0
    assert again.order_by is not None
    assert again.order_by >= TODAY + timedelta(days=7)


def test_dust_does_not_make_another_unit() -> None:
    demand = straight([0.5, 0.95], [10, 362.15 / 14], mean=10)
    assert Scenario(demand).recommendation().order_quantity == 363
    assert Scenario(demand).having(pack_size=Decimal("0.01")).recommendation().order_quantity == Decimal(
        "362.15"
    )
    whole = straight([0.5, 0.95], [0.05, 0.1], mean=0.05)
    assert 0.1 * 3 > 0.3
    assert Scenario(whole, review_days=1).having(
        lead_time_days=Decimal(2), pack_size=Decimal("0.1")
    ).recommendation().order_quantity == Decimal("0.3")


def test_backorders_are_ordered_even_when_nothing_is_expected() -> None:
    nothing = straight([0.5, 0.95], [0, 0], mean=0)
    one = Scenario(nothing, Shelf(on_hand=Decimal(1), backordered=Decimal(4))).recommendation()
    assert (one.order_quantity, one.order_by, one.stockout_risk) == (Decimal(3), TODAY, 1.0)
    assert one.urgent
    idle = Scenario(nothing, Shelf(on_hand=Decimal(1))).recommendation()
    assert (idle.order_quantity, idle.order_by, idle.stockout_risk) == (Decimal(0), None, 0.0)
    assert idle.days_of_cover == 28


def test_a_lead_time_of_nothing_and_a_broken_one() -> None:
    at_once = Scenario(TEN_A_DAY).having(lead_time_days=Decimal(0)).recommendation()
    assert (at_once.reorder_point, at_once.order_up_to) == (Decimal(0), Decimal(105))
    broken = Scenario(TEN_A_DAY).having(lead_time_days=Decimal("6.2")).recommendation()
    assert (broken.reorder_point, broken.order_up_to) == (Decimal(105), Decimal(210))


def steps_of(one: Recommendation) -> dict[str, dict[str, object]]:
    steps = one.explanation["steps"]
    assert isinstance(steps, list)
    return {step["step"]: step for step in steps}


def test_moq_and_pack_are_steps() -> None:
    one = Scenario(TEN_A_DAY, Shelf(on_hand=Decimal(200))).having(moq=Decimal(50), pack_size=Decimal(12))
    steps = steps_of(one.recommendation())
    assert steps == {
        "moq": {"step": "moq", "before": 10, "after": 50, "reason": "moq.raised", "moq": 50},
        "pack": {"step": "pack", "before": 50, "after": 60, "reason": "pack.rounded_up", "pack_size": 12},
    }
    assert one.recommendation().order_quantity == 60


def test_a_batch_that_would_lie_idle_is_left_out() -> None:
    slow = straight([0.5, 0.95], [0.1, 0.2], mean=0.1)  # 1.4 in 14 days, at most 2.8
    wanting = Scenario(slow, Shelf(on_hand=Decimal("1.8")))  # 1 of 2.8 is wanting
    step = steps_of(wanting.having(pack_size=Decimal(10)).recommendation())["last_batch"]
    # The 1 unit to 2.8 is idle with a probability between that of 1.8 and 95 %, the 9 after it are surely.
    share = (0.5 + 0.45 * 0.4 / 1.4 + 0.95) / 2
    assert step["idle_probability"] == pytest.approx((share * 1 + 9) / 10)
    assert (step["before"], step["after"], step["reason"]) == (10, 0, "last_batch.left_out")
    assert (step["surplus"], step["expected_demand"], step["smaller_order"]) == (9, 1.4, 0)


def test_a_batch_worth_having_is_kept_and_a_smaller_order_is_preferred_to_none() -> None:
    slow = straight([0.5, 0.95], [0.1, 0.2], mean=0.1)
    kept = Scenario(slow, Shelf()).having(pack_size=Decimal(5)).recommendation()
    assert kept.order_quantity == 5
    assert steps_of(kept)["last_batch"]["reason"] == "last_batch.kept"
    smaller = (
        Scenario(slow, Shelf(backordered=Decimal(10))).having(pack_size=Decimal("12.5")).recommendation()
    )
    assert steps_of(smaller)["last_batch"]["smaller_order"] == 12.5
    assert smaller.order_quantity == Decimal("12.5")


def test_an_uncertain_lead_time_needs_more_than_a_certain_one() -> None:
    demand = normal(DEFAULT_LEVELS, mean=20, sd=6)
    certain = Scenario(demand).recommendation()
    uncertain = Scenario(demand).having(lead_time_days=Decimal(7), lead_time_sd=Decimal(2)).recommendation()
    assert certain.safety_stock is not None
    assert uncertain.safety_stock is not None
    assert uncertain.safety_stock > certain.safety_stock


def test_costs_are_rounded_to_the_currency() -> None:
    francs = Policy(TODAY, 7, money_decimals=0)
    terms = terms_of([OwnTerms(cost=Decimal("0.5"), pack_size=Decimal(1))])
    (one,) = recommend(TEN_A_DAY, stock_of([Shelf(on_hand=Decimal(205))]), terms, francs)
    assert one.order_quantity == 5
    assert str(one.cost) == "3"
    assert Scenario(TEN_A_DAY).recommendation().cost is None


def test_no_order_is_too_dear_to_be_written_down() -> None:
    terms = terms_of([OwnTerms(cost=Decimal("999999999999.99"), pack_size=Decimal(10) ** 15)])
    (one,) = recommend(
        straight([0.5, 0.9, 0.95], [1e14, 1e14, 1e14], mean=1e14),
        stock_of([Shelf()]),
        terms,
        Policy(TODAY, 7),
    )
    assert one.order_quantity is not None
    assert one.cost == Decimal("999999999999.99") * one.order_quantity


def test_the_most_urgent_come_first() -> None:
    demand = Demand(
        TEN_A_DAY.levels,
        np.repeat(TEN_A_DAY.mean, 5, axis=0),
        np.repeat(TEN_A_DAY.totals, 5, axis=0),
        {1: Reason("forecast.demand_unknown")},
    )
    on_hand = [Decimal(500), Decimal(0), Decimal(150), Decimal(0), Decimal(0)]
    costs = [None, None, None, Decimal(1), Decimal(2)]
    terms = terms_of([OwnTerms(cost=cost) for cost in costs])
    found = recommend(demand, stock_of([Shelf(on_hand=count) for count in on_hand]), terms, Policy(TODAY, 7))
    assert [one.product for one in most_urgent_first(found)] == [4, 3, 2, 0, 1]
    assert [one.urgent for one in found] == [False, False, False, True, True]
    assert found[1].explanation["reason"] == {"code": "forecast.demand_unknown", "data": {}}


def test_a_forecast_that_ends_too_soon_is_refused() -> None:
    with pytest.raises(HorizonTooShort) as refused:
        Scenario(TEN_A_DAY).having(lead_time_days=Decimal("21.5")).recommendation()
    assert refused.value.data == {"needed": 29, "horizon": 28}
    assert "29" in refused.value.message("fr")
    uncertain = terms_of([OwnTerms(lead_time_days=Decimal(7), lead_time_sd=Decimal(3)), OwnTerms()])
    assert horizon_needed(uncertain, 7) == 28


def test_a_lead_time_that_no_forecast_reaches_costs_only_its_product() -> None:
    terms = terms_of([OwnTerms(lead_time_days=Decimal(365)), OwnTerms()])
    twice = Demand(
        TEN_A_DAY.levels, np.repeat(TEN_A_DAY.mean, 2, axis=0), np.repeat(TEN_A_DAY.totals, 2, axis=0)
    )
    assert horizon_needed(terms, 7) == 14
    far, near = recommend(twice, stock_of([Shelf(), Shelf()]), terms, Policy(TODAY, 7))
    assert near.order_quantity == 210
    assert far.order_quantity is None
    assert far.explanation["reason"] == {
        "code": "plan.lead_time_too_long",
        "data": {"needed": 372, "longest": 366},
    }


@pytest.mark.parametrize("level", ["0.49", "0.951", "0.99"])
def test_a_service_level_outside_the_stored_levels_is_refused(level: str) -> None:
    with pytest.raises(ServiceLevelUnsupported) as refused:
        Scenario(TEN_A_DAY).having(service_level=Decimal(level)).recommendation()
    assert refused.value.data == {"service_level": float(level), "lowest": 0.5, "highest": 0.95}


def test_levels_are_forecast_for_the_service_levels_that_need_them() -> None:
    assert levels_needed(terms_of([OwnTerms()])) == DEFAULT_LEVELS
    high = terms_of([OwnTerms(service_level=Decimal("0.999")), OwnTerms(service_level=Decimal("0.995"))])
    assert levels_needed(high) == (*DEFAULT_LEVELS, 0.995, 0.999)


@pytest.mark.parametrize("level", ["0", "1", "1.5", "-0.1", "NaN", "Infinity"])
def test_a_service_level_is_a_probability(level: str) -> None:
    with pytest.raises(ServiceLevelInvalid):
        PlanningDefaults(service_level=Decimal(level))
    with pytest.raises(ServiceLevelInvalid):
        terms_of([OwnTerms(service_level=Decimal(level))])


def test_planning_defaults_are_what_they_say() -> None:
    assert PlanningDefaults() == PlanningDefaults(Decimal(7), 7, Decimal(0), Decimal(1), Decimal("0.95"))
    with pytest.raises(NumberOutOfRange):
        PlanningDefaults(pack_size=Decimal(0))
    with pytest.raises(NumberOutOfRange):
        PlanningDefaults(lead_time_days=Decimal(-1))
    with pytest.raises(NumberOutOfRange):
        PlanningDefaults(moq=Decimal(-1))


@pytest.mark.parametrize("days", [0, -1, 366])
def test_reviews_are_between_daily_and_yearly(days: int) -> None:
    with pytest.raises(ReviewDaysInvalid):
        PlanningDefaults(review_days=days)
    with pytest.raises(ReviewDaysInvalid):
        Policy(TODAY, days)


def test_only_daily_forecasts_make_plans() -> None:
    require_daily(Frequency.DAY)
    with pytest.raises(DailyForecastNeeded):
        require_daily(Frequency.WEEK)


def test_old_data_is_noticed() -> None:
    assert days_behind(TODAY, TODAY) is None
    assert days_behind(TODAY, TODAY + timedelta(days=6)) is None  # the last sales are of 7 days ago
    assert days_behind(TODAY, TODAY + timedelta(days=7)) == 8


def test_no_products_make_no_recommendations() -> None:
    none = Demand(TEN_A_DAY.levels, TEN_A_DAY.mean[:0], TEN_A_DAY.totals[:0])
    assert recommend(none, stock_of([]), terms_of([]), Policy(TODAY, 7)) == ()


def test_columns_of_different_lengths_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="same products"):
        recommend(TEN_A_DAY, stock_of([]), terms_of([OwnTerms()]), Policy(TODAY, 7))
