"""New products over HTTP, from what is said of them to their forecast and the order it leads to."""

from datetime import date, timedelta

import numpy as np
import pytest
from callers import Caller, Callers, Json
from working import Worker

LAST = date(2024, 3, 31)
DAYS = 91


@pytest.fixture
def worker(stored: Callers) -> Worker:
    return Worker(stored.api)


async def shop(callers: Callers, worker: Worker) -> Caller:
    """Rice sells 4 and 12 a day, soap 100; one rice began a week ago, at 20."""
    ama = await callers.founder()
    for sku, category in (("RIZ-5", "Riz"), ("RIZ-25", "Riz"), ("SAVON", "Hygiène"), ("RIZ-1", "Riz")):
        assert (
            await ama.post("/products", {"sku": sku, "name": sku, "category": category})
        ).status_code == 201
    usual = (("RIZ-5", 4, DAYS), ("RIZ-25", 12, DAYS), ("SAVON", 100, DAYS), ("RIZ-1", 20, 7))
    lines = [f"{LAST - timedelta(back)},{sku},{n}" for sku, n, days in usual for back in range(days)]
    content = "\n".join(["date,sku,quantity", *lines]).encode()
    await ama.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("v.csv", content)})
    await worker.work()
    return ama


async def enter(ama: Caller, sku: str, **said: object) -> Json:
    answer = await ama.post("/products", {"sku": sku, "name": sku, **said})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def ids(ama: Caller) -> dict[str, str]:
    return {one["sku"]: one["id"] for one in (await ama.get("/products")).json()["items"]}


async def forecast(ama: Caller, worker: Worker, **asked: object) -> dict[str, Json]:
    run = await ama.post("/forecasts", {"horizon": 28, "engine": "mean", **asked})
    assert run.status_code == 202, run.text
    await worker.work()
    assert (await ama.get(f"/forecasts/{run.json()['id']}")).json()["state"] == "succeeded"
    page = (await ama.get(f"/forecasts/{run.json()['id']}/products")).json()
    return {one["sku"]: one for one in page["items"]}


async def test_a_new_product_at_80_percent_gets_80_percent_of_the_forecast(
    stored: Callers, worker: Worker
) -> None:
    ama = await shop(stored, worker)
    model = (await ids(ama))["SAVON"]
    await enter(ama, "SAVON-2", similar_to={"product_id": model, "share": 0.8})
    found = await forecast(ama, worker)
    new, old = found["SAVON-2"], found["SAVON"]

    for name in ("mean", "quantiles", "totals"):
        np.testing.assert_allclose(new[name], 0.8 * np.array(old[name]), rtol=1e-6)
    assert (new["status"], new["engine"]) == ("fallback", "cold_start")
    assert new["reason"]["code"] == "forecast.cold_start_similar"
    assert "80 % of SAVON" in new["reason"]["message"]
    assert (old["status"], old["engine"]) == ("ok", "mean")


async def test_no_product_is_new_because_the_company_began_in_the_middle_of_a_month(
    stored: Callers, worker: Worker
) -> None:
    """Five months are known, and of October too little: each goes on as it has sold."""
    ama = await stored.founder()
    sells = {"A": 1, "B": 5, "C": 50}
    for sku in sells:
        await enter(ama, sku, category="Riz")
    days = [date(2023, 10, 20) + timedelta(back) for back in range(164)]
    lines = [f"{day},{sku},{units}" for day in days for sku, units in sells.items()]
    content = "\n".join(["date,sku,quantity", *lines]).encode()
    await ama.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("v.csv", content)})
    await worker.work()
    found = await forecast(ama, worker, frequency="month", horizon=2)
    for sku, units in sells.items():
        assert found[sku]["mean"][0] == pytest.approx(30.4 * units, rel=0.02)


async def test_a_newcomer_is_forecast_after_its_category(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    await enter(ama, "RIZ-50", category="Riz")
    await enter(ama, "BALAI", category="Ménage")
    found = await forecast(ama, worker)

    assert found["RIZ-50"]["reason"]["code"] == "forecast.cold_start_category"
    assert "2 products of the category Riz" in found["RIZ-50"]["reason"]["message"]
    # The others sell 4 and 12: each is drawn halfway to the median, 8.
    guess = ((4 * 8) ** 0.5 + (12 * 8) ** 0.5) / 2
    assert found["RIZ-50"]["mean"] == pytest.approx([guess] * 28, rel=0.02)
    # One that sold 20 on each of 7 days is two thirds of the way from that to its own.
    assert found["RIZ-1"]["mean"] == pytest.approx([(guess + 2 * 20) / 3] * 28, rel=0.02)
    assert (found["BALAI"]["status"], found["BALAI"]["reason"]["code"]) == (
        "failed",
        "forecast.history_empty",
    )


async def test_the_models_need_not_be_among_what_is_forecast(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    model = (await ids(ama))["SAVON"]
    named = await enter(ama, "SAVON-2", similar_to={"product_id": model, "share": 0.5})
    plain = await enter(ama, "RIZ-50", category="Riz")
    alone = await forecast(ama, worker, products=[named["id"], plain["id"]])
    all_of_them = await forecast(ama, worker)

    assert sorted(alone) == ["RIZ-50", "SAVON-2"]
    for sku, one in alone.items():
        assert one == all_of_them[sku]


async def test_what_is_said_by_name_goes_before_the_category_and_may_be_taken_back(
    stored: Callers, worker: Worker
) -> None:
    ama = await shop(stored, worker)
    known = await ids(ama)
    similar = {"product_id": known["SAVON"], "share": 2}
    await ama.call("PATCH", f"/products/{known['RIZ-1']}", json={"similar_to": similar})
    # Two thirds of the way from 200 to the 20 that it sold.
    assert (await forecast(ama, worker))["RIZ-1"]["mean"] == pytest.approx([80.0] * 28, rel=0.02)

    await ama.call("PATCH", f"/products/{known['RIZ-1']}", json={"similar_to": None, "category": None})
    plain = (await forecast(ama, worker))["RIZ-1"]
    assert (plain["status"], plain["engine"]) == ("ok", "mean")


async def test_a_product_with_a_history_needs_no_model(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    known = await ids(ama)
    similar = {"product_id": known["SAVON"], "share": 2}
    await ama.call("PATCH", f"/products/{known['RIZ-5']}", json={"similar_to": similar})
    assert (await forecast(ama, worker))["RIZ-5"]["engine"] == "mean"


@pytest.mark.parametrize("frequency", ["week", "month"])
async def test_weeks_and_months_have_newcomers_too(stored: Callers, worker: Worker, frequency: str) -> None:
    ama = await shop(stored, worker)
    model = (await ids(ama))["SAVON"]
    await enter(ama, "SAVON-2", similar_to={"product_id": model, "share": 0.8})
    found = await forecast(ama, worker, frequency=frequency, horizon=2)
    np.testing.assert_allclose(found["SAVON-2"]["mean"], 0.8 * np.array(found["SAVON"]["mean"]), rtol=1e-6)


async def test_a_plan_orders_what_was_never_sold(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    await enter(ama, "RIZ-50", category="Riz")
    assert (await ama.post("/plans", {})).status_code == 202
    await worker.work()
    items = {one["sku"]: one for one in (await ama.get("/recommendations")).json()["items"]}
    assert items["RIZ-50"]["order_quantity"] > 0


async def test_the_automatic_plan_forecasts_newcomers_as_well(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    model = (await ids(ama))["SAVON"]
    await enter(ama, "SAVON-2", similar_to={"product_id": model, "share": 0.8})
    found = await forecast(ama, worker, engine="auto")
    np.testing.assert_allclose(
        found["SAVON-2"]["totals"], 0.8 * np.array(found["SAVON"]["totals"]), rtol=1e-6
    )
