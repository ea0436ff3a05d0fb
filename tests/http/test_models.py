"""Models over HTTP, on a real database: trained, compared, listed, deleted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from callers import Callers
from schooling import LAST, UNTIL, Shop
from working import Worker


async def test_a_model_is_trained_and_used_as_it_is_better(shop: Shop) -> None:
    asked = await shop.owner.post("/models", {"engine": "learner"})
    assert asked.status_code == 202, asked.text
    model = asked.json()
    assert (model["engine"], model["frequency"], model["state"]) == ("learner", "day", "queued")
    assert (model["current"], model["scores"], model["trained_until"]) == (False, None, None)
    assert asked.headers["location"] == f"/api/v1/jobs/{model['job']['id']}"

    await shop.worker.work()
    done = await shop.model(model["id"])
    assert (done["state"], done["current"], done["unused"]) == ("succeeded", True, None)
    assert (done["trained_until"], done["products"], done["seed"]) == (UNTIL, 4, 0)
    assert len(done["data_hash"]) == 64
    assert {"python", "numpy", "inventoryai-learning"} <= set(done["versions"])
    assert done["renewed_until"] == str(LAST + timedelta(days=1))
    assert done["size"] == 2 * len('{"factor": 1.125, "products": 4}')
    scores = done["scores"]
    assert scores["better"]
    assert scores["trained"]["products"] == scores["zero_shot"]["products"] == 4
    assert scores["trained"]["tpl"] < scores["zero_shot"]["tpl"]
    assert scores["auto"]["tpl"] < scores["zero_shot"]["tpl"]
    job = (await shop.owner.get(f"/jobs/{model['job']['id']}")).json()
    assert (job["kind"], job["unit"], job["done"], job["total"]) == ("train_model", "percent", 100, 100)


async def test_what_cannot_learn_from_everything_forecasts_with_what_was_judged(shop: Shop) -> None:
    model = await shop.trained("tired")
    assert (model["state"], model["current"], model["renewed_until"]) == ("succeeded", True, None)
    assert model["size"] == len('{"factor": 1.125, "products": 4}')
    assert await shop.factor(await shop.forecast("tired")) == 1.1


async def test_the_same_data_make_the_same_model(shop: Shop) -> None:
    one, other = await shop.trained(), await shop.trained()
    same = ("data_hash", "versions", "size", "scores", "trained_until")
    assert [one[name] for name in same] == [other[name] for name in same]
    assert (await shop.model(one["id"]))["current"] is False
    assert other["current"] is True


async def test_models_are_listed_newest_first_and_by_what_they_are(shop: Shop) -> None:
    one = await shop.trained()
    other = await shop.trained(frequency="week", options={"goal": 2})
    failed = await shop.trained("failing")

    async def listed(query: str = "") -> list[str]:
        return [model["id"] for model in (await shop.owner.get(f"/models{query}")).json()["items"]]

    assert await listed() == [failed["id"], other["id"], one["id"]]
    assert await listed("?engine=learner") == [other["id"], one["id"]]
    assert await listed("?engine=learner&frequency=day") == [one["id"]]
    for odd in ("", "%00", "%25", "_earner", "learner'--"):
        assert await listed(f"?engine={odd}") == []
    first = (await shop.owner.get("/models?limit=2")).json()
    assert await listed(f"?limit=2&cursor={first['next_cursor']}") == [one["id"]]
    wrong = await shop.owner.get("/models?frequency=hour")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "frequency")


@pytest.mark.parametrize(
    ("engine", "code", "words"),
    [
        ("failing", "model.training_failed", "RuntimeError: the glass was fragile"),
        ("wordy", "model.state_invalid", "a str instead of bytes"),
        ("pickled", "model.state_invalid", "neither JSON nor safetensors"),
        ("voluble", "model.state_too_large", "65 MiB"),
        ("forgetful", "model.not_restored", "I have never seen this"),
    ],
)
async def test_a_training_that_comes_to_nothing_says_why(
    shop: Shop, engine: str, code: str, words: str
) -> None:
    model = await shop.trained(engine)
    assert (model["state"], model["job"]["error"]["code"]) == ("failed", code)
    assert words in model["job"]["error"]["message"]
    assert (model["current"], model["scores"], model["size"]) == (False, None, None)
    path = f"/models/{model['id']}"
    used = await shop.owner.post(f"{path}/use")
    assert (used.status_code, used.json()["code"]) == (409, "model.not_ready")
    assert (await shop.owner.call("DELETE", path)).status_code == 204
    assert (await shop.owner.get("/models")).json()["items"] == []
    assert (await shop.trained())["current"] is True


async def test_too_short_histories_teach_nothing(stored: Callers, worker: Worker) -> None:
    shop = await Shop.open(stored, worker, days=12)
    error = (await shop.trained())["job"]["error"]
    assert error["code"] == "model.too_little_data"
    assert (
        "at least 3 products with 5 known periods or more before 2024-03-24; there are 0" in error["message"]
    )


async def test_a_company_without_sales_has_nothing_to_teach(stored: Callers, worker: Worker) -> None:
    shop = Shop(await stored.founder(), worker)
    assert (await shop.trained())["job"]["error"]["code"] == "forecast.no_sales"


async def test_one_training_of_an_engine_at_a_time(shop: Shop) -> None:
    first = (await shop.owner.post("/models", {"engine": "learner"})).json()
    again = await shop.owner.post("/models", {"engine": "learner", "frequency": "week"})
    assert (again.status_code, again.json()["code"]) == (409, "model.training_under_way")
    assert (await shop.owner.post("/models", {"engine": "failing"})).status_code == 202
    path = f"/models/{first['id']}"
    assert (await shop.owner.call("DELETE", path)).status_code == 204
    assert (await shop.model(first["id"]))["state"] == "cancelled"
    assert (await shop.owner.post("/models", {"engine": "learner"})).status_code == 202
    assert (await shop.owner.call("DELETE", path)).status_code == 204
    assert (await shop.owner.get(path)).status_code == 404
    # Or whoever works next on this database would do it.
    await shop.worker.work()


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({}, "engine", "field.missing"),
        ({"engine": "crystal_ball"}, "engine", "engine.unknown"),
        ({"engine": "auto"}, "engine", "model.engine_not_trainable"),
        ({"engine": "naive"}, "engine", "model.engine_not_trainable"),
        ({"engine": "learner", "frequency": "hour"}, "frequency", "field.not_a_choice"),
        ({"engine": "learner", "options": {"magic": 1}}, "options", "engine.options_invalid"),
        ({"engine": "learner", "options": {"goal": -1}}, "options", "engine.options_invalid"),
        ({"engine": "learner", "seed": 1}, "seed", "field.unknown"),
    ],
)
@pytest.mark.usefixtures("worker")
async def test_a_training_that_cannot_be_says_why(
    stored: Callers, asked: dict[str, object], field: str, code: str
) -> None:
    ama = await stored.founder()
    answer = await ama.post("/models", asked)
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_S18_another_companys_model_is_as_unknown_as_any(stored: Callers, shop: Shop) -> None:
    eve, model = await stored.founder(), await shop.trained()
    for method, path in (("GET", ""), ("POST", "/use"), ("POST", "/retire"), ("DELETE", "")):
        foreign, unknown = [await eve.call(method, f"/models/{one}{path}") for one in (model["id"], uuid4())]
        assert foreign.status_code == unknown.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert (await eve.get("/models")).json()["items"] == []
    assert await shop.model(model["id"]) == model
