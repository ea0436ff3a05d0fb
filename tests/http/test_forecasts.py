"""Engines, forecasts, plans and recommendations over HTTP, on a real database."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from callers import Caller, Callers
from working import Worker

LAST = date(2024, 3, 31)
DAYS = 91


@pytest.fixture
def worker(stored: Callers) -> Worker:
    return Worker(stored.api)


async def shop(callers: Callers, worker: Worker) -> Caller:
    """Somebody whose shop has sold two products for three months, and has some of one on the shelf."""
    ama = await callers.founder()
    days = [LAST - timedelta(days=back) for back in range(DAYS)]
    lines = [f"{day},{sku},{number}" for day in days for sku, number in (("RIZ", 4), ("SEL", 1))]
    content = "\n".join(["date,sku,quantity", *lines]).encode()
    await ama.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("v.csv", content)})
    await worker.work()
    await ama.post("/stock/counts", {"counts": [{"sku": "RIZ", "on_hand": 10}]})
    return ama


async def test_a_forecast_is_asked_for_and_read(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    asked = await ama.post("/forecasts", {"horizon": 7, "levels": [0.9, 0.1, 0.5]})
    assert asked.status_code == 202, asked.text
    run = asked.json()
    assert set(run) >= {"id", "engine", "state", "job"}
    assert (run["engine"], run["state"], run["levels"]) == ("auto", "queued", [0.1, 0.5, 0.9])
    assert asked.headers["location"] == f"/api/v1/jobs/{run['job']['id']}"

    await worker.work()
    done = (await ama.get(f"/forecasts/{run['id']}")).json()
    assert (done["state"], done["horizon"], done["frequency"]) == ("succeeded", 7, "day")
    assert sum(done["products"].values()) == 2
    assert done["starts_on"] == str(LAST + timedelta(days=1))
    page = (await ama.get(f"/forecasts/{run['id']}/products")).json()
    assert [one["sku"] for one in page["items"]] == ["RIZ", "SEL"]
    for one in page["items"]:
        assert one["levels"] == [0.1, 0.5, 0.9]
        assert (len(one["mean"]), len(one["quantiles"]), len(one["totals"])) == (7, 7, 7)
        assert {len(row) for row in one["quantiles"] + one["totals"]} == {3}
        assert one["starts_on"] == done["starts_on"]
    assert page["items"][0]["mean"] == pytest.approx([4.0] * 7, rel=0.01)
    assert [one["id"] for one in (await ama.get("/forecasts")).json()["items"]] == [run["id"]]


async def test_a_page_of_long_forecasts_holds_fewer_products(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    levels = [round(0.01 + number * 0.019, 3) for number in range(50)]
    run = (await ama.post("/forecasts", {"horizon": 366, "levels": levels})).json()
    await worker.work()
    path = f"/forecasts/{run['id']}/products"
    page = (await ama.get(path)).json()
    assert len(page["items"]) == 2
    assert (await ama.get(f"{path}?limit=1")).json()["next_cursor"] is not None


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"horizon": 0}, "horizon", "forecast.horizon_out_of_range"),
        ({"horizon": 10_000}, "horizon", "forecast.horizon_out_of_range"),
        ({"horizon": 10**30}, "horizon", "forecast.horizon_out_of_range"),
        ({"horizon": 7.5}, "horizon", "field.not_integer"),
        ({"horizon": "7"}, "horizon", "field.not_integer"),
        ({}, "horizon", "field.missing"),
        ({"horizon": 7, "engine": "crystal_ball"}, "engine", "engine.unknown"),
        ({"horizon": 7, "frequency": "hour"}, "frequency", "field.not_a_choice"),
        ({"horizon": 7, "levels": []}, "levels", "forecast.levels_invalid"),
        ({"horizon": 7, "levels": [1.5]}, "levels", "forecast.levels_invalid"),
        ({"horizon": 7, "levels": ["a"]}, "levels.0", "field.not_number"),
        ({"horizon": 7, "products": ["a"]}, "products.0", "field.not_id"),
        ({"horizon": 7, "products": []}, "products", "forecast.no_products_named"),
        ({"horizon": 7, "options": []}, "options", "field.not_object"),
        ({"horizon": 7, "options": {"magic": 1}}, "options", "engine.options_invalid"),
        ({"horizon": 7, "engine": "naive", "options": {"magic": 1}}, "options", "engine.options_invalid"),
        ({"horizon": 7, "seed": 1}, "seed", "field.unknown"),
    ],
)
async def test_a_forecast_that_cannot_be_says_why(
    stored: Callers, worker: Worker, asked: dict[str, object], field: str, code: str
) -> None:
    ama = await stored.founder()
    await worker.report()
    answer = await ama.post("/forecasts", asked)
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("levels.0", '"levels": [1e999]'),
        ("options.season", '"options": {"season": 1e999}'),
        ("options.a.1.b", '"options": {"a": [1.5, {"b": -1e999}]}'),
    ],
)
async def test_a_number_that_no_float_holds_is_named(callers: Callers, field: str, written: str) -> None:
    ama = await callers.founder()
    answer = await ama.call("POST", "/forecasts", content=f'{{"horizon": 7, {written}}}'.encode())
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        (field, "field.number_too_large")
    ]


async def test_a_forecast_of_foreign_products_is_of_none(stored: Callers) -> None:
    """S20."""
    ama, eve = await stored.founder(), await stored.founder()
    product = (await ama.post("/products", {"sku": "A", "name": "A"})).json()
    answer = await eve.post("/forecasts", {"horizon": 7, "products": [product["id"]]})
    assert (answer.status_code, answer.json()["code"]) == (404, "product.not_found")


async def test_engines_are_those_of_running_workers(stored: Callers, worker: Worker) -> None:
    ama = await stored.register()
    await worker.report()
    answer = (await ama.get("/engines")).json()
    assert "naive" in {engine["name"] for engine in answer["items"]}
    assert set(answer) == {"items", "rejected", "next_cursor"}
    assert {"name", "title", "description", "minimum_history", "options", "trainable"} <= set(
        answer["items"][0]
    )


async def test_a_plan_ends_in_recommendations_that_explain_themselves(
    stored: Callers, worker: Worker
) -> None:
    ama = await shop(stored, worker)
    asked = await ama.post("/plans", {"service_level": 0.9, "review_days": 5})
    assert asked.status_code == 202, asked.text
    plan = asked.json()
    assert (plan["state"], plan["service_level"], plan["review_days"]) == ("queued", 0.9, 5)
    assert asked.headers["location"] == f"/api/v1/jobs/{plan['job']['id']}"

    await worker.work()
    done = (await ama.get(f"/plans/{plan['id']}")).json()
    assert (done["state"], done["summary"]["products"]) == ("succeeded", 2)
    named = (await ama.get(f"/recommendations?plan_id={plan['id']}")).json()
    assert (await ama.get("/recommendations")).json() == named
    assert [(one["rank"], one["sku"]) for one in named["items"]] == [(1, "SEL"), (2, "RIZ")]
    rice = named["items"][1]
    assert (rice["urgent"], rice["on_hand"], rice["status"]) == (True, 10, "ok")
    assert isinstance(rice["order_quantity"], int | float)
    assert rice["order_quantity"] > 0
    assert rice["explanation"]["version"] == 1
    assert rice["reasons"]
    french = (await ama.get("/recommendations", headers={"Accept-Language": "fr"})).json()["items"][1]
    assert french["reasons"] != rice["reasons"]


async def test_recommendations_can_be_only_the_urgent_ones(stored: Callers, worker: Worker) -> None:
    ama = await shop(stored, worker)
    await ama.post("/stock/counts", {"counts": [{"sku": "SEL", "on_hand": 500}]})
    await ama.post("/plans", {})
    await worker.work()
    found = {
        urgent: [one["sku"] for one in (await ama.get(f"/recommendations?urgent={urgent}")).json()["items"]]
        for urgent in ("true", "false")
    }
    assert found["true"] == ["RIZ"]
    assert "RIZ" not in found["false"]


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"service_level": 1.5}, "service_level", "plan.service_level_invalid"),
        ({"service_level": 0}, "service_level", "plan.service_level_invalid"),
        ({"review_days": 0}, "review_days", "plan.review_days_invalid"),
        ({"review_days": 10_000}, "review_days", "plan.review_days_invalid"),
        ({"budget": 1}, "budget", "field.unknown"),
    ],
)
async def test_a_plan_that_cannot_be_says_why(
    stored: Callers, asked: dict[str, object], field: str, code: str
) -> None:
    ama = await stored.founder()
    answer = await ama.post("/plans", asked)
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_what_is_another_companys_is_as_unknown_as_any(stored: Callers, worker: Worker) -> None:
    """S18."""
    ama, eve = await shop(stored, worker), await stored.founder()
    run = (await ama.post("/forecasts", {"horizon": 30})).json()
    plan = (await ama.post("/plans", {"forecast_id": run["id"]})).json()
    for path in (
        "/forecasts/{0}",
        "/forecasts/{0}/products",
        "/plans/{1}",
        "/recommendations?plan_id={1}",
    ):
        foreign = await eve.get(path.format(run["id"], plan["id"]))
        unknown = await eve.get(path.format(uuid4(), uuid4()))
        assert foreign.status_code == unknown.status_code == 404, path
        assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    answer = await eve.post("/plans", {"forecast_id": run["id"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "forecast.not_found")


@pytest.mark.parametrize("query", ["urgent=maybe", "plan_id=1"])
async def test_a_filter_that_cannot_be_read_is_named(stored: Callers, query: str) -> None:
    ama = await stored.founder()
    answer = await ama.get(f"/recommendations?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


async def test_without_a_plan_there_is_nothing_to_recommend(stored: Callers) -> None:
    ama = await stored.founder()
    answer = await ama.get("/recommendations")
    assert (answer.status_code, answer.json()["code"]) == (404, "plan.not_found")
