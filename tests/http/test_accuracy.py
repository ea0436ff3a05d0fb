"""How good forecasts were, one product of a forecast, and deleting forecasts, on a real database."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from callers import Caller, Callers
from working import Worker

FIRST = date(2024, 1, 1)
DAYS = 91
MARKS = {
    *("mase", "rmsse", "wape", "bias", "spl", "spl95", "spl99", "tpl"),
    *("inside_80", "inside_95", "below_95", "below_99", "total_below_95"),
}


@pytest.fixture
def worker(stored: Callers) -> Worker:
    return Worker(stored.api)


def sales(first: date, days: int) -> bytes:
    """Rice sells 1, 2, 3 and again 1, …; salt sells 5 a day."""
    every = [first + timedelta(days=number) for number in range(days)]
    lines = [f"{day},RIZ,{1 + day.toordinal() % 3}\n{day},SEL,5" for day in every]
    return "\n".join(["date,sku,quantity", *lines]).encode()


async def send(ama: Caller, worker: Worker, content: bytes) -> None:
    await ama.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("v.csv", content)})
    await worker.work()


async def shop(callers: Callers, worker: Worker) -> Caller:
    ama = await callers.founder()
    await send(ama, worker, sales(FIRST, DAYS))
    return ama


async def forecast(ama: Caller, worker: Worker, **asked: object) -> str:
    run = (await ama.post("/forecasts", {"horizon": 7, "engine": "naive", **asked})).json()
    await worker.work()
    return str(run["id"])


async def test_a_forecast_says_how_good_it_would_have_been(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    path = f"/forecasts/{await forecast(ama, worker)}"
    run = (await ama.get(path)).json()
    listed = (await ama.get("/forecasts")).json()["items"][0]
    found = (await ama.get(f"{path}/accuracy")).json()
    assert set(run["accuracy"]) == {*MARKS, "products", "unscaled"}
    assert (run["accuracy"]["products"], run["accuracy"]["unscaled"]) == (2, 1)
    assert run["accuracy"]["wape"] > 0
    assert listed["accuracy"] == run["accuracy"]
    (naive,) = found["engines"]
    assert (naive["engine"], naive["leads"], naive["mean_weight"]) == ("naive", 1, 1.0)
    assert naive["accuracy"] == run["accuracy"]
    rice, salt = found["items"]
    assert (rice["sku"], rice["status"], salt["sku"]) == ("RIZ", "ok", "SEL")
    assert [(one["engine"], one["weight"]) for one in rice["engines"]] == [("naive", 1.0)]
    assert set(rice["engines"][0]["marks"]) == MARKS
    assert rice["engines"][0]["marks"]["spl"] > 0
    assert (salt["engines"][0]["marks"]["spl"], salt["engines"][0]["marks"]["wape"]) == (None, 0.0)
    assert found["realised"] is None
    assert {one["realised"] for one in found["items"]} == {None}


async def test_accuracy_is_null_until_something_was_measured(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    run = (await ama.post("/forecasts", {"horizon": 7, "engine": "naive"})).json()
    assert run["accuracy"] is None
    found = (await ama.get(f"/forecasts/{run['id']}/accuracy")).json()
    assert found == {"engines": [], "realised": None, "items": [], "next_cursor": None}


async def test_products_come_page_by_page(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    path = f"/forecasts/{await forecast(ama, worker)}/accuracy?limit=1"
    first = await ama.get(path)
    rest = (await ama.get(f"{path}&cursor={first.json()['next_cursor']}")).json()
    assert 'rel="next"' in first.headers["link"]
    assert [one["sku"] for one in first.json()["items"] + rest["items"]] == ["RIZ", "SEL"]
    assert rest["next_cursor"] is None


async def test_a_forecast_is_judged_by_the_sales_that_came_since(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    path = f"/forecasts/{await forecast(ama, worker)}/accuracy"
    starts = FIRST + timedelta(days=DAYS)
    since = "\n".join(["date,sku,quantity", f"{starts},RIZ,30", f"{starts + timedelta(days=2)},SEL,5"])
    await send(ama, worker, since.encode())

    found = (await ama.get(path)).json()
    rice, salt = (one["realised"] for one in found["items"])

    last = 1 + (starts - timedelta(days=1)).toordinal() % 3
    assert (found["realised"]["periods"], found["realised"]["sampled"]) == (3, 2)
    assert rice["bias"] == pytest.approx((3 * last - 30) / 30, abs=0.2)
    assert salt["wape"] == pytest.approx(2.0)
    assert salt["spl"] is None
    assert found["realised"]["accuracy"]["products"] == 2
    page = (await ama.get(f"{path}?limit=1")).json()
    assert page["realised"] == found["realised"]
    assert page["items"][0]["realised"] == rice


async def test_a_week_counts_when_it_is_over(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    path = f"/forecasts/{await forecast(ama, worker, frequency='week', horizon=2)}/accuracy"
    starts = FIRST + timedelta(days=DAYS)
    await send(ama, worker, sales(starts, 6))
    assert (await ama.get(path)).json()["realised"] is None
    await send(ama, worker, sales(starts + timedelta(days=6), 1))
    assert (await ama.get(path)).json()["realised"]["periods"] == 1


async def test_one_product_comes_with_its_history_and_why(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    forecast_id = await forecast(ama, worker, engine="auto")
    await send(ama, worker, sales(FIRST + timedelta(days=DAYS), 2))
    listed = (await ama.get(f"/forecasts/{forecast_id}/products")).json()["items"][0]
    found = (await ama.get(f"/forecasts/{forecast_id}/products/{listed['product_id']}")).json()
    assert found["forecast"] == listed
    assert found["history"]["starts_on"] == str(FIRST)
    assert found["history"]["values"] == [1 + (FIRST.toordinal() + day) % 3 for day in range(DAYS)]
    assert found["actual"] == [1 + (FIRST.toordinal() + DAYS + day) % 3 for day in range(2)]
    assert set(found["realised"]) == MARKS
    assert found["engines"]
    assert found["frequency"] == "day"


async def test_a_product_without_a_forecast_says_so(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    new = (await ama.post("/products", {"sku": "NEW", "name": "New"})).json()
    forecast_id = await forecast(ama, worker)
    found = (await ama.get(f"/forecasts/{forecast_id}/products/{new['id']}")).json()
    assert (found["forecast"]["status"], found["forecast"]["mean"]) == ("failed", None)
    assert (found["history"]["values"], found["engines"], found["realised"]) == ([], [], None)
    later = (await ama.post("/products", {"sku": "LATER", "name": "Later"})).json()
    answer = await ama.get(f"/forecasts/{forecast_id}/products/{later['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "forecast.product_not_found")


async def test_a_run_that_has_ended_is_deleted(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    forecast_id = await forecast(ama, worker)
    assert (await ama.call("DELETE", f"/forecasts/{forecast_id}")).status_code == 204
    for path in ("", "/products", "/accuracy"):
        answer = await ama.get(f"/forecasts/{forecast_id}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "forecast.not_found")
    assert (await ama.get("/forecasts")).json()["items"] == []
    assert (await ama.call("DELETE", f"/forecasts/{forecast_id}")).status_code == 404


async def test_a_run_that_waits_is_cancelled_and_then_deleted(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    run = (await ama.post("/forecasts", {"horizon": 7})).json()
    path = f"/forecasts/{run['id']}"
    assert (await ama.call("DELETE", path)).status_code == 204
    await worker.work()
    assert (await ama.get(path)).json()["state"] == "cancelled"
    assert (await ama.call("DELETE", path)).status_code == 204
    assert (await ama.get(path)).status_code == 404


async def test_a_run_that_a_plan_rests_on_is_kept(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    forecast_id = await forecast(ama, worker, horizon=30)
    await ama.post("/plans", {"forecast_id": forecast_id})
    await worker.work()
    headers = {"Accept-Language": "fr"}
    answer = await ama.call("DELETE", f"/forecasts/{forecast_id}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "forecast.in_use")
    assert "plan" in answer.json()["detail"]
    assert (await ama.get(f"/forecasts/{forecast_id}")).json()["state"] == "succeeded"


async def test_what_is_another_companys_is_as_unknown_as_any(stored: Callers, worker: Worker) -> None:
    """S18."""
    ama, eve = await shop(stored, worker), await stored.founder()
    forecast_id = await forecast(ama, worker)
    product = (await ama.get("/products")).json()["items"][0]
    theirs = await shop(stored, worker)
    other = await forecast(theirs, worker)
    for method, path in (
        ("GET", "/forecasts/{0}/accuracy"),
        ("GET", "/forecasts/{0}/products/{1}"),
        ("DELETE", "/forecasts/{0}"),
    ):
        foreign = await eve.call(method, path.format(forecast_id, product["id"]))
        unknown = await eve.call(method, path.format(uuid4(), uuid4()))
        assert foreign.status_code == unknown.status_code == 404, path
        assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    answer = await theirs.get(f"/forecasts/{other}/products/{product['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "forecast.product_not_found")
    assert (await ama.get(f"/forecasts/{forecast_id}")).status_code == 200
