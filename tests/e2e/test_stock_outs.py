"""Days on which the shelf was counted empty do not drag a forecast down: over HTTP, from counts to orders."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers import temporary_folder
from system import Person, System, running

pytestmark = pytest.mark.e2e

TODAY = datetime.now(UTC).date()
FIRST = TODAY - timedelta(days=TODAY.weekday() + 63)
"""A Monday; sales end on the last Sunday."""
DAYS = [FIRST + timedelta(days=place) for place in range(63)]
EMPTIED, FILLED = DAYS[19], DAYS[50]
"""A Saturday and, more than four weeks later, a Tuesday."""


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with temporary_folder() as folder, running(folder) as system:
        yield system


@pytest.fixture(scope="module")
def shop(system: System) -> Person:
    """Four a day are sold whenever there are any; there are none for a month in between."""
    owner = Person.register(system, "fanta@shop.example")
    owner.found("Chez Fanta", country="SN")
    sold = [day for day in DAYS if not EMPTIED <= day < FILLED]
    lines = [f"{day},{sku},4" for day in sold for sku in ("COUNTED", "FILED", "IGNORED")]
    lines += [f"{FIRST},NEVER,0", *(f"{day},STEADY,1" for day in DAYS)]
    owner.imported("\n".join(["date,sku,quantity", *lines]).encode())
    return owner


def forecast(shop: Person, frequency: str = "day", horizon: int = 2) -> tuple[str, dict[str, dict[str, Any]]]:
    asked = {"engine": "mean", "horizon": horizon, "frequency": frequency}
    run = shop.post("/forecasts", 202, json=asked)
    shop.succeeded(run["job"])
    return run["id"], products(shop, run["id"])


def products(shop: Person, run: str) -> dict[str, dict[str, Any]]:
    return {one["sku"]: one for one in shop.everything(f"/forecasts/{run}/products")}


def test_the_mean_is_that_of_the_days_with_stock(shop: Person) -> None:
    first, before = forecast(shop)
    assert before["COUNTED"]["mean"][0] == pytest.approx(2, rel=0.05)
    counts = [
        {"sku": "COUNTED", "on_hand": 0, "counted_at": f"{EMPTIED}T06:00:00+00:00"},
        {"sku": "COUNTED", "on_hand": 200, "counted_at": f"{FILLED}T06:00:00+00:00"},
        {"sku": "NEVER", "on_hand": 0, "counted_at": f"{FIRST}T06:00:00+00:00"},
    ]
    results = shop.post("/stock/counts", 200, json={"counts": counts})["items"]
    assert all(one["error"] is None for one in results)
    file = f"sku;stock;date\nFILED;0;{EMPTIED}\nFILED;0;{EMPTIED + timedelta(9)}\nFILED;200;{FILLED}\n"
    counted = shop.imported(file.encode(), kind="stock")

    second, after = forecast(shop)
    assert [after[sku]["mean"][0] for sku in ("COUNTED", "FILED")] == pytest.approx([4, 4])
    assert after["IGNORED"]["mean"] == before["IGNORED"]["mean"]
    assert (after["NEVER"]["status"], after["NEVER"]["reason"]["code"]) == (
        "failed",
        "forecast.demand_unknown",
    )

    # What is counted later, or no longer, changes what is forecast next, and nothing that is written.
    shop.call("DELETE", f"/imports/{counted['id']}", 204)
    _, third = forecast(shop)
    assert third["FILED"]["mean"] == before["FILED"]["mean"]
    assert third["COUNTED"]["mean"] == after["COUNTED"]["mean"]
    assert products(shop, first) == before
    assert products(shop, second) == after


def test_a_week_without_stock_is_no_week_without_demand(shop: Person) -> None:
    _, weekly = forecast(shop, "week")
    assert weekly["COUNTED"]["mean"][0] == pytest.approx(28, rel=0.01)
    assert weekly["IGNORED"]["mean"][0] < 20


def test_what_was_never_in_stock_is_covered_for_no_time_and_not_for_ever(shop: Person) -> None:
    run, _ = forecast(shop, horizon=14)
    plan = shop.post("/plans", 202, json={"forecast_id": run, "service_level": 0.5})
    shop.succeeded(plan["job"])
    recommended = {one["sku"]: one for one in shop.everything("/recommendations")}
    never = recommended["NEVER"]
    assert (never["status"], never["explanation"]["reason"]["code"]) == ("unknown", "forecast.demand_unknown")
    assert never["days_of_cover"] is never["order_quantity"] is never["stockout_risk"] is None
    assert recommended["COUNTED"]["order_up_to"] > recommended["IGNORED"]["order_up_to"] > 0
