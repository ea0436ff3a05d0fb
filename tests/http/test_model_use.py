"""Models in use, over HTTP: by forecasts and the automatic plan, rolled back, and gone when wanted."""

from uuid import UUID

import pytest
from callers import Caller, Callers, Json
from schooling import Shop
from working import Worker

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.identity import UserId
from inventoryai.ports.storage import InCompany


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
    assert (model["scores"]["better"], model["renewed_until"]) == (False, None)
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


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ("update models set state = '{}', digest = encode(sha256('{}'), 'hex') where current", "no factor"),
        ("update models set state = '{}' where current", "its bytes are not what was learnt"),
        ("update models set digest = 'another' where current", "its bytes are not what was learnt"),
        ("update models set renewed = '{}' where current", "its bytes are not what was learnt"),
        (
            "update models set renewed = '{}', renewed_digest = encode(sha256('{}'), 'hex') where current",
            "no factor",
        ),
    ],
)
async def test_a_model_that_can_no_longer_be_read_fails_no_forecast(
    shop: Shop, spoilt: str, why: str
) -> None:
    await shop.trained()
    async with shop.owner.callers.api.begin(await scope(shop.owner)) as work:
        assert await work.session.execute(spoilt) == 1
    for engine in ("learner", "auto"):
        done = await shop.forecast(engine)
        assert [use["unused"]["code"] for use in done["models"]] == ["model.not_restored"]
        assert why in done["models"][0]["unused"]["message"]


async def test_the_automatic_plan_uses_no_model_that_has_seen_its_trials(
    stored: Callers, worker: Worker
) -> None:
    """The last 40 of 60 days were held back; with older sales, the plan looks back by 56."""
    shop = await Shop.open(stored, worker, days=60)
    model = await shop.trained()
    assert model["trained_until"] == "2024-02-21"
    await shop.sell(range(60, 91))
    (passed,) = (await shop.forecast("auto", horizon=28))["models"]
    assert (passed["model_id"], passed["unused"]["code"]) == (model["id"], "model.saw_trials")
    for engine, horizon in (("auto", 20), ("learner", 28)):
        run = await shop.forecast(engine, horizon=horizon)
        assert [use["unused"] for use in run["models"]] == [None]


async def scope(owner: Caller) -> InCompany:
    user = (await owner.get("/me")).json()["id"]
    return InCompany(CompanyId(owner.companies[0]), UserId(UUID(user)))
