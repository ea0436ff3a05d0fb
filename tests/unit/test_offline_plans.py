"""Planning from a file of sales and one of stock."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from offline import TODAY, YESTERDAY, Watcher, daily, plan_file, sales_file, stock_file
from recomputing import check

from inventoryai.domain.forecasts import HorizonOutOfRange
from inventoryai.domain.planning import PlanningDefaults
from inventoryai.domain.replenishment import LeadTimeTooLong, Recommendation, RecommendationStatus
from inventoryai.domain.supply_terms import ServiceLevelUnsupported
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai.usecases.offline import Stage
from inventoryai.usecases.offline_plans import FilePlan, PlanQuestion, StockFile

STEADY = [10] * 60


def of(plan: FilePlan) -> dict[str, Recommendation]:
    return {plan.forecast.skus[one.product]: one for one in plan.recommendations}


def with_level(level: str) -> PlanQuestion:
    return PlanQuestion(defaults=PlanningDefaults(service_level=Decimal(level)))


async def test_what_is_ordered_lasts_until_the_next_order_can_arrive(tmp_path: Path) -> None:
    file, stock = sales_file(tmp_path, daily("A", STEADY)), stock_file(tmp_path, [("A", 35)])

    plan = await plan_file()(file, PlanQuestion(engine="empirical"), stock)

    one = of(plan)["A"]
    assert one.on_hand == 35
    assert one.order_up_to == 140
    assert one.order_quantity == 105
    assert one.reorder_point == 70
    assert (one.order_by, one.urgent, one.days_of_cover) == (TODAY, True, 3)
    check(one.explanation)


async def test_the_terms_are_those_of_the_question(tmp_path: Path) -> None:
    file, stock = sales_file(tmp_path, daily("A", STEADY)), stock_file(tmp_path, [("A", 35)])
    terms = PlanningDefaults(lead_time_days=Decimal("2.5"), review_days=4)

    one = of(await plan_file()(file, PlanQuestion(engine="empirical", defaults=terms), stock))["A"]

    assert one.order_quantity == 35
    assert one.reorder_point == 30
    assert one.order_by == TODAY
    check(one.explanation)


async def test_days_on_which_nothing_was_counted_are_no_days_without_demand(tmp_path: Path) -> None:
    sold = [10] * 40 + [0] * 20
    file = sales_file(tmp_path, [*daily("A", sold), *daily("B", sold)])
    counted = [(sku, 0, YESTERDAY - timedelta(days=19)) for sku in "AC"]
    stock = stock_file(tmp_path, [*counted, ("A", 5, TODAY), ("B", 5, TODAY), ("C", 5, TODAY)])

    plan = await plan_file()(file, PlanQuestion(engine="mean"), stock)

    assert plan.forecast.skus == ("A", "B", "C")
    mean = plan.forecast.predictions.prediction.mean[:, 0]
    np.testing.assert_allclose(mean, [10, 20 / 3, 0], rtol=0.01)
    unknown = of(plan)["C"]
    assert unknown.status is RecommendationStatus.UNKNOWN
    assert unknown.days_of_cover is None
    assert unknown.explanation["reason"] == {"code": "forecast.demand_unknown", "data": {}}


async def test_a_list_of_todays_stock_says_nothing_of_the_days_before(tmp_path: Path) -> None:
    file = sales_file(tmp_path, daily("A", [10] * 10 + [0] * 10))
    stock = stock_file(tmp_path, [("A", 0)])

    plan = await plan_file()(file, PlanQuestion(engine="mean"), stock)

    assert plan.forecast.predictions.prediction.mean[0, 0] == 5


async def test_without_a_stock_file_nothing_is_on_hand(tmp_path: Path) -> None:
    plan = await plan_file()(sales_file(tmp_path, daily("A", STEADY)), PlanQuestion(engine="empirical"))

    assert plan.stock is None
    assert of(plan)["A"].on_hand == 0
    assert of(plan)["A"].order_quantity == 140


async def test_products_of_one_file_alone_are_told_apart(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [*daily("A", STEADY), *daily("B", STEADY)])
    stock = stock_file(tmp_path, [("C", 4), ("A", 1.5)])

    plan = await plan_file()(file, PlanQuestion(), stock)

    assert (plan.uncounted, plan.unsold) == (1, 1)
    found = of(plan)
    assert [found[sku].on_hand for sku in "ABC"] == [Decimal("1.5"), Decimal(0), Decimal(4)]
    assert found["C"].status is RecommendationStatus.UNKNOWN
    assert found["C"].order_quantity is None
    assert plan.recommendations[-1] is found["C"]


async def test_of_several_counts_the_latest_counts(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("sku,on hand,date\nA,50,2026-03-08\nA,20,2026-03-09\nA,90,2026-03-01\n", encoding="utf-8")

    plan = await plan_file()(
        sales_file(tmp_path, daily("A", STEADY)), PlanQuestion(), StockFile(path, ReadOptions())
    )

    assert of(plan)["A"].on_hand == 20


async def test_a_count_of_tomorrow_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(f"sku,on hand,date\nA,50,{TODAY + timedelta(days=1)}\nA,5,{TODAY}\n", encoding="utf-8")

    plan = await plan_file()(
        sales_file(tmp_path, daily("A", STEADY)), PlanQuestion(), StockFile(path, ReadOptions())
    )

    assert plan.stock is not None
    assert plan.stock.problems.counts == {"line.date_in_future": 1}
    assert of(plan)["A"].on_hand == 5


async def test_a_plan_forecasts_as_far_as_it_needs(tmp_path: Path) -> None:
    file = sales_file(tmp_path, daily("A", STEADY))

    plans = [await plan_file()(file, PlanQuestion(horizon=horizon)) for horizon in (3, 20)]

    assert [plan.forecast.request.horizon for plan in plans] == [14, 20]
    assert plans[0].recommendations[0].order_quantity == plans[1].recommendations[0].order_quantity


@pytest.mark.parametrize("level", ["0.995", "0.999", "0.001"])
async def test_a_service_level_beyond_the_usual_quantiles_is_forecast(tmp_path: Path, level: str) -> None:
    plan = await plan_file()(sales_file(tmp_path, daily("A", [1, 30] * 60)), with_level(level))

    assert float(level) in plan.forecast.request.levels
    check(plan.recommendations[0].explanation)


@pytest.mark.parametrize("horizon", [0, -1, 367, 10_000])
def test_a_horizon_that_no_forecast_has_is_refused(horizon: int) -> None:
    with pytest.raises(HorizonOutOfRange):
        PlanQuestion(horizon=horizon).request()


@pytest.mark.parametrize("level", ["0.9999", "0.0001"])
def test_a_service_level_that_no_forecast_knows_is_refused(level: str) -> None:
    with pytest.raises(ServiceLevelUnsupported, match=level):
        with_level(level).request()


def test_a_lead_time_that_no_forecast_reaches_is_refused() -> None:
    question = PlanQuestion(defaults=PlanningDefaults(lead_time_days=Decimal(360), review_days=7))
    with pytest.raises(LeadTimeTooLong, match="367"):
        question.request()


async def test_the_plan_of_old_sales_is_one_of_that_day(tmp_path: Path) -> None:
    plan = await plan_file()(sales_file(tmp_path, daily("A", STEADY, date(2025, 6, 30))), PlanQuestion())

    assert plan.forecast.as_of == plan.recommendations[0].order_by == date(2025, 7, 1)
    assert plan.forecast.days_behind == (TODAY - date(2025, 6, 30)).days


async def test_whoever_watches_is_told_of_the_plan_last(tmp_path: Path) -> None:
    watch = Watcher()
    file, stock = sales_file(tmp_path, daily("A", STEADY)), stock_file(tmp_path, [("A", 1)])

    await plan_file()(file, PlanQuestion(), stock, watch)

    assert list(dict.fromkeys(stage for stage, _, _ in watch.told)) == [
        Stage.READ,
        Stage.FORECAST,
        Stage.PLAN,
    ]
    assert watch.told[-1] == (Stage.PLAN, 0, None)
