"""Models over HTTP, on a real database: trained, compared, used by forecasts, rolled back, deleted."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from callers import Caller, Callers, Json
from plugin_sites import install_plugin
from working import Worker

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.identity import UserId
from inventoryai.forecasting import describe_engines, running
from inventoryai.ports.storage import InCompany
from inventoryai.usecases.engines import ReportWorker

LAST = date(2024, 3, 31)
DAYS = 91
UNTIL = "2024-02-05"
"""The last 56 days are held back: two windows of 28."""
SOURCE = Path(__file__).parents[1] / "learning_plugin.py"
SKUS = ("RIZ", "SEL", "THE", "MIL")


@pytest.fixture(autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Engines that learn, beside the others."""
    site = install_plugin(tmp_path_factory.mktemp("site"), "learning", SOURCE.read_text("utf-8"))
    monkeypatch.syspath_prepend(str(site))
    yield
    running._installed.cache_clear()
    running._engine.cache_clear()
    running._restored.cache_clear()


@pytest.fixture
async def worker(stored: Callers) -> AsyncIterator[Worker]:
    """A worker that has them; later tests shall not hear of it."""
    worker = Worker(stored.api, catalogue=describe_engines())
    report = ReportWorker(stored.api.begin, uuid4(), "test", worker.catalogue)
    await report()
    yield worker
    await report.retire()


@dataclass
class Shop:
    """Somebody whose shop has sold four products, each in its own rhythm, for three months."""

    owner: Caller
    worker: Worker

    @classmethod
    async def open(cls, callers: Callers, worker: Worker, days: int = DAYS) -> "Shop":
        shop = cls(await callers.founder(), worker)
        lines = [
            f"{LAST - timedelta(days=back)},{sku},{4 + (back * (number + 3)) % 5}"
            for back in range(days)
            for number, sku in enumerate(SKUS)
        ]
        content = "\n".join(["date,sku,quantity", *lines]).encode()
        await shop.owner.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("v.csv", content)})
        await worker.work()
        return shop

    async def trained(self, engine: str = "learner", **asked: object) -> Json:
        """A model once its training has ended."""
        answer = await self.owner.post("/models", {"engine": engine, **asked})
        assert answer.status_code == 202, answer.text
        await self.worker.work()
        return await self.model(answer.json()["id"])

    async def model(self, model_id: str) -> Json:
        return (await self.owner.get(f"/models/{model_id}")).json()

    async def asked(self, engine: str = "learner", **asked: object) -> Json:
        answer = await self.owner.post("/forecasts", {"horizon": 7, "engine": engine, **asked})
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def forecast(self, engine: str = "learner", **asked: object) -> Json:
        """A run once it has succeeded."""
        run = await self.asked(engine, **asked)
        await self.worker.work()
        return await self.succeeded(run)

    async def succeeded(self, run: Json) -> Json:
        done = (await self.owner.get(f"/forecasts/{run['id']}")).json()
        assert done["state"] == "succeeded", done
        assert done["products"] == {"ok": len(SKUS), "fallback": 0, "failed": 0}
        return done

    async def factor(self, run: Json) -> float:
        """What the engine took the mean times: 3 as it was shipped."""
        page = (await self.owner.get(f"/forecasts/{run['id']}/products")).json()
        return round(sum(page["items"][0]["mean"]) / 7 / 6, 1)


@pytest.fixture
async def shop(stored: Callers, worker: Worker) -> Shop:
    return await Shop.open(stored, worker)


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
    assert done["size"] == len('{"factor": 1.125, "products": 4}')
    scores = done["scores"]
    assert scores["better"]
    assert scores["trained"]["products"] == scores["zero_shot"]["products"] == 4
    assert scores["trained"]["tpl"] < scores["zero_shot"]["tpl"]
    assert scores["auto"]["tpl"] < scores["zero_shot"]["tpl"]
    job = (await shop.owner.get(f"/jobs/{model['job']['id']}")).json()
    assert (job["kind"], job["unit"], job["done"], job["total"]) == ("train_model", "percent", 100, 100)


async def test_the_same_data_make_the_same_model(shop: Shop) -> None:
    one, other = await shop.trained(), await shop.trained()
    same = ("data_hash", "versions", "size", "scores", "trained_until")
    assert [one[name] for name in same] == [other[name] for name in same]
    assert (await shop.model(one["id"]))["current"] is False
    assert other["current"] is True


async def test_a_forecast_uses_the_current_model_and_says_so(shop: Shop) -> None:
    before = await shop.forecast()
    assert (before["models"], await shop.factor(before)) == ([], 3.0)
    model = await shop.trained()
    run = await shop.forecast()
    assert run["models"] == [{"engine": "learner", "model_id": model["id"], "unused": None}]
    assert await shop.factor(run) == 1.1
    assert run["accuracy"]["tpl"] < before["accuracy"]["tpl"]
    weekly = await shop.forecast(frequency="week", horizon=2)
    assert weekly["models"] == []


async def test_the_automatic_plan_weighs_the_model_in_its_engines_place(shop: Shop) -> None:
    async def marks() -> tuple[Json, float]:
        run = await shop.forecast("auto")
        rows = (await shop.owner.get(f"/forecasts/{run['id']}/accuracy")).json()["engines"]
        (own,) = [row for row in rows if row["engine"] == "learner"]
        return run, own["accuracy"]["tpl"]

    before, shipped = await marks()
    model = await shop.trained()
    after, learnt = await marks()
    assert (before["models"], after["models"]) == (
        [],
        [{"engine": "learner", "model_id": model["id"], "unused": None}],
    )
    assert learnt < shipped


async def test_a_model_that_is_no_better_is_kept_and_not_used(shop: Shop) -> None:
    model = await shop.trained(options={"goal": 9})
    assert (model["state"], model["current"], model["unused"]["code"]) == (
        "succeeded",
        False,
        "model.no_better",
    )
    assert model["scores"]["better"] is False
    path = f"/models/{model['id']}"
    french = (await shop.owner.get(path, headers={"Accept-Language": "fr"})).json()
    assert "learner sans entraînement" in french["unused"]["message"]
    assert (await shop.forecast(options={"goal": 9}))["models"] == []

    used = await shop.owner.post(f"{path}/use")
    assert (used.status_code, used.json()["current"], used.json()["unused"]) == (200, True, None)
    assert [one["model_id"] for one in (await shop.forecast(options={"goal": 9}))["models"]] == [model["id"]]
    assert (await shop.forecast())["models"] == []


async def test_an_older_model_is_rolled_back_to_and_all_may_be_retired(shop: Shop) -> None:
    one, other = await shop.trained(), await shop.trained()
    back = (await shop.owner.post(f"/models/{one['id']}/use")).json()
    assert (back["current"], (await shop.model(other["id"]))["current"]) == (True, False)
    assert [use["model_id"] for use in (await shop.forecast())["models"]] == [one["id"]]
    for _ in range(2):
        retired = await shop.owner.post(f"/models/{one['id']}/retire")
        assert (retired.status_code, retired.json()["current"]) == (200, False)
    assert await shop.factor(await shop.forecast()) == 3.0


async def test_a_model_deleted_in_the_meantime_fails_no_forecast(shop: Shop) -> None:
    model = await shop.trained()
    run = await shop.asked()
    await shop.worker.step()
    assert (await shop.owner.call("DELETE", f"/models/{model['id']}")).status_code == 204
    await shop.worker.work()
    done = await shop.succeeded(run)
    assert [use["unused"]["code"] for use in done["models"]] == ["model.gone"]
    assert await shop.factor(done) == 3.0
    assert (await shop.owner.get(f"/models/{model['id']}")).status_code == 404


async def test_a_model_that_can_no_longer_be_read_fails_no_forecast(shop: Shop) -> None:
    await shop.trained()
    async with shop.owner.callers.api.begin(await scope(shop.owner)) as work:
        spoilt = "update models set state = '{}', digest = 'another' where current"
        assert await work.session.execute(spoilt) == 1
    for engine in ("learner", "auto"):
        done = await shop.forecast(engine)
        assert [use["unused"]["code"] for use in done["models"]] == ["model.not_restored"]
        assert "no factor" in done["models"][0]["unused"]["message"]


async def scope(owner: Caller) -> InCompany:
    user = (await owner.get("/me")).json()["id"]
    return InCompany(CompanyId(owner.companies[0]), UserId(UUID(user)))


async def test_models_are_listed_newest_first_and_by_what_they_are(shop: Shop) -> None:
    one = await shop.trained()
    other = await shop.trained(frequency="week", options={"goal": 2})
    failed = await shop.trained("failing")

    async def listed(query: str = "") -> list[str]:
        return [model["id"] for model in (await shop.owner.get(f"/models{query}")).json()["items"]]

    assert await listed() == [failed["id"], other["id"], one["id"]]
    assert await listed("?engine=learner") == [other["id"], one["id"]]
    assert await listed("?engine=learner&frequency=day") == [one["id"]]
    assert await listed("?engine=") == []
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
        ({"engine": "auto"}, "engine", "engine.unknown"),
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
