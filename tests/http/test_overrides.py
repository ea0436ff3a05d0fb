"""Planners' overrides over HTTP, on a real database: said, seen in the numbers, taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from callers import Caller, Callers
from working import Worker

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.identity import UserId
from inventoryai.domain.overrides import OverrideId
from inventoryai.ports.storage import InCompany
from inventoryai_postgres.work import PostgresWork

Json = dict[str, Any]

LAST = date(2024, 3, 31)
FIRST = LAST + timedelta(days=1)
"""The first day that is forecast."""
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def worker(stored: Callers) -> Worker:
    return Worker(stored.api)


@pytest.fixture
async def ama(stored: Callers, worker: Worker) -> Caller:
    """Somebody whose shop has sold two products for three months, every day as many."""
    ama = await stored.founder()
    days = [LAST - timedelta(days=back) for back in range(91)]
    lines = [f"{day},{sku},{number}" for day in days for sku, number in (("RIZ", 4), ("SEL", 1))]
    content = "\n".join(["date,sku,quantity", *lines]).encode()
    await ama.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("v.csv", content)})
    await worker.work()
    await ama.post("/products", {"sku": "NOUVEAU", "name": "Never sold"})
    return ama


async def forecast(ama: Caller, worker: Worker, **asked: Any) -> str:
    run = (
        await ama.post("/forecasts", {"engine": "mean", "horizon": 7, "levels": [0.1, 0.9], **asked})
    ).json()
    await worker.work()
    return str(run["id"])


async def products(ama: Caller, run: str) -> dict[str, Json]:
    answer = await ama.get(f"/forecasts/{run}/products")
    assert answer.status_code == 200, answer.text
    return {one["sku"]: one for one in answer.json()["items"]}


def said(**more: Any) -> Json:
    """Twice as much rice on the third and the fourth day."""
    days = {"from": str(FIRST + timedelta(days=2)), "to": str(FIRST + timedelta(days=3))}
    return {"sku": "RIZ", **days, "factor": 2, "reason": "A fair next door", **more}


async def override(ama: Caller, run: str, **more: Any) -> Json:
    answer = await ama.post(f"/forecasts/{run}/overrides", said(**more))
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def test_an_override_is_in_the_numbers_and_says_whose_it_is(ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker)
    before = await products(ama, run)
    assert (before["RIZ"]["override"], before["RIZ"]["engine_mean"]) == (None, None)
    made = await override(ama, run, expires_at=TOMORROW.isoformat())
    assert made["from"] == str(FIRST + timedelta(days=2))
    assert (made["factor"], made["mean"], made["forecast_id"], made["holds"]) == (2, None, run, True)

    after = await products(ama, run)
    rice = after["RIZ"]
    assert rice["mean"] == pytest.approx([4, 4, 8, 8, 4, 4, 4])
    assert rice["engine_mean"] == before["RIZ"]["mean"]
    assert rice["quantiles"][2] == pytest.approx([8, 8])
    assert [row[0] for row in rice["totals"]] == pytest.approx([4, 8, 16, 24, 28, 32, 36])
    me = (await ama.get("/me")).json()
    assert rice["override"] == {
        "id": made["id"],
        "author": me["full_name"],
        "reason": "A fair next door",
        "expires_at": made["expires_at"],
    }
    assert after["SEL"] == before["SEL"]
    assert after["NOUVEAU"]["mean"] is None


async def test_later_forecasts_of_the_same_days_heed_it_too(ama: Caller, worker: Worker) -> None:
    first = await forecast(ama, worker)
    made = await override(ama, first, factor=None, mean=10)
    later = await forecast(ama, worker, horizon=5)
    assert (await products(ama, later))["RIZ"]["mean"] == pytest.approx([4, 4, 10, 10, 4])
    weekly = await forecast(ama, worker, horizon=1, frequency="week")
    assert (await products(ama, weekly))["RIZ"]["mean"] == pytest.approx([4 * 5 + 10 * 2], rel=0.01)
    for run in (first, later, weekly):
        listed = (await ama.get(f"/forecasts/{run}/overrides")).json()["items"]
        assert [one["id"] for one in listed] == [made["id"]]
    of_salt = (await ama.get("/products?limit=200")).json()["items"]
    salt = next(one["id"] for one in of_salt if one["sku"] == "SEL")
    only_salt = await forecast(ama, worker, products=[salt])
    assert (await ama.get(f"/forecasts/{only_salt}/overrides")).json()["items"] == []


async def test_the_last_word_counts_and_the_one_before_is_kept(ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker)
    first = await override(ama, run)
    last = await override(ama, run, factor=None, mean=1, reason="The fair is cancelled")
    assert (await products(ama, run))["RIZ"]["mean"] == pytest.approx([4, 4, 1, 1, 4, 4, 4])
    assert (await products(ama, run))["RIZ"]["override"]["id"] == last["id"]
    page = (await ama.get(f"/forecasts/{run}/overrides?limit=1")).json()
    assert [one["id"] for one in page["items"]] == [last["id"]]
    page = (await ama.get(f"/forecasts/{run}/overrides?cursor={page['next_cursor']}")).json()
    assert [one["id"] for one in page["items"]] == [first["id"]]


async def test_what_is_withdrawn_changes_nothing_and_stays_listed(ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker)
    before = await products(ama, run)
    made = await override(ama, run)
    path = f"/forecasts/{run}/overrides/{made['id']}"
    assert (await ama.call("DELETE", path)).status_code == 204
    assert await products(ama, run) == before
    (listed,) = (await ama.get(f"/forecasts/{run}/overrides")).json()["items"]
    assert listed["withdrawn_at"] is not None
    assert listed["holds"] is False
    again = await ama.call("DELETE", path)
    assert (again.status_code, again.json()["code"]) == (404, "override.not_found")


async def test_an_override_of_a_deleted_forecast_still_holds(ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker)
    await override(ama, run)
    assert (await ama.call("DELETE", f"/forecasts/{run}")).status_code == 204
    later = await forecast(ama, worker)
    assert (await products(ama, later))["RIZ"]["mean"][2] == pytest.approx(8)
    (listed,) = (await ama.get(f"/forecasts/{later}/overrides")).json()["items"]
    assert listed["forecast_id"] is None
    assert (await ama.call("DELETE", f"/forecasts/{later}/overrides/{listed['id']}")).status_code == 204


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"factor": -1}, "factor", "number.out_of_range"),
        ({"factor": 101}, "factor", "number.out_of_range"),
        ({"factor": None, "mean": -1}, "mean", "number.out_of_range"),
        ({"factor": None, "mean": 1e13}, "mean", "number.out_of_range"),
        ({"factor": None}, "mean", "override.change_unclear"),
        ({"mean": 2}, "factor", "override.change_unclear"),
        ({"factor": "2"}, "factor", "field.not_number"),
        ({"reason": "  "}, "reason", "text.empty"),
        ({"reason": "x" * 501}, "reason", "text.too_long"),
        ({"sku": None}, "product_id", "override.product_unclear"),
        ({"product_id": str(uuid4())}, "product_id", "override.product_unclear"),
        ({"sku": "\x00"}, "sku", "text.control_characters"),
        ({"from": str(LAST)}, "from", "override.outside_forecast"),
        ({"to": str(FIRST + timedelta(days=7))}, "from", "override.outside_forecast"),
        ({"to": str(FIRST)}, "from", "override.outside_forecast"),
        ({"from": "soon"}, "from", "field.not_day"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at", "override.expired"),
        # A year 10000 in UTC, which no database and no calendar here knows.
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at", "override.expires_too_late"),
        ({"until": 1}, "until", "field.unknown"),
    ],
)
async def test_an_override_that_cannot_be_says_why(
    ama: Caller, worker: Worker, more: Json, field: str, code: str
) -> None:
    run = await forecast(ama, worker)
    answer = await ama.post(f"/forecasts/{run}/overrides", said(**more))
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]
    assert (await ama.get(f"/forecasts/{run}/overrides")).json()["items"] == []


async def test_what_has_no_forecast_cannot_be_overridden(ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker)
    path = f"/forecasts/{run}/overrides"
    failed = await ama.post(path, said(sku="NOUVEAU"))
    assert (failed.status_code, failed.json()["code"]) == (422, "override.nothing_forecast")
    nobody = await ama.post(path, said(sku="NOBODY"))
    assert (nobody.status_code, nobody.json()["code"]) == (404, "sku.unknown")
    unknown = await ama.post(path, said(sku=None, product_id=str(uuid4())))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "forecast.product_not_found")
    queued = (await ama.post("/forecasts", {"horizon": 7})).json()["id"]
    early = await ama.post(f"/forecasts/{queued}/overrides", said())
    assert (early.status_code, early.json()["code"]) == (404, "forecast.product_not_found")


async def test_of_a_weekly_forecast_whole_weeks_are_changed(ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker, frequency="week", horizon=3)
    monday = date.fromisoformat((await products(ama, run))["RIZ"]["starts_on"])
    days = {"from": str(monday + timedelta(days=9)), "to": str(monday + timedelta(days=10))}
    made = await override(ama, run, **days, factor=None, mean=70)
    assert (made["from"], made["to"]) == (str(monday + timedelta(days=7)), str(monday + timedelta(days=13)))
    assert (await products(ama, run))["RIZ"]["mean"][1] == 70


async def test_another_companys_forecasts_and_overrides_are_unknown(
    stored: Callers, ama: Caller, worker: Worker
) -> None:
    """S18."""
    run = await forecast(ama, worker)
    made, eve = await override(ama, run), await stored.founder()
    for method, path, body in (
        ("POST", f"/forecasts/{run}/overrides", said()),
        ("GET", f"/forecasts/{run}/overrides", None),
        ("DELETE", f"/forecasts/{run}/overrides/{made['id']}", None),
    ):
        answer = await eve.call(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "forecast.not_found")
    assert (await products(ama, run))["RIZ"]["override"]["id"] == made["id"]


async def test_members_are_equal_here_and_the_words_of_who_has_said_them_are_theirs(
    ama: Caller, worker: Worker
) -> None:
    run = await forecast(ama, worker)
    kofi = await ama.bring_in()
    made = await override(kofi, run)
    assert made["author_id"] == (await kofi.get("/me")).json()["id"]
    assert (await ama.call("DELETE", f"/forecasts/{run}/overrides/{made['id']}")).status_code == 204


async def test_accuracy_is_judged_with_and_without(stored: Callers, ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker)
    late = await override(ama, run, **{"from": str(FIRST)}, factor=50, reason="Said when it was over")
    lines = [f"{FIRST + timedelta(days=place)},RIZ,{sold}" for place, sold in enumerate([4, 4, 8, 8, 4])]
    content = "\n".join(["date,sku,quantity", *lines]).encode()
    await ama.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("n.csv", content)})
    await worker.work()

    async def realised() -> Json:
        found: Json = (await ama.get(f"/forecasts/{run}/accuracy")).json()["realised"]
        return found

    assert (await realised())["with_overrides"] is None
    scope = InCompany(CompanyId(ama.companies[0]), UserId(UUID(late["author_id"])))
    async with stored.api.begin(scope) as work:
        said = await cast("PostgresWork", work).overrides.get(OverrideId(UUID(late["id"])))
        ago = datetime.combine(LAST, datetime.min.time(), UTC)
        first = FIRST + timedelta(days=2)
        early = replace(said, id=OverrideId(uuid4()), starts_on=first, factor=2.0, created_at=ago)
        await cast("PostgresWork", work).overrides.add(early)
    judged = await realised()
    assert judged["without_overrides"]["wape"] > judged["with_overrides"]["wape"]
    assert judged["with_overrides"]["bias"] > judged["without_overrides"]["bias"]
    assert judged["with_overrides"]["products"] == judged["without_overrides"]["products"] == 1
    assert judged["accuracy"]["products"] == 2
    details = (await ama.get(f"/forecasts/{run}/products/{late['product_id']}")).json()
    assert details["forecast"] == (await products(ama, run))["RIZ"]
    assert details["forecast"]["override"]["reason"] == "Said when it was over"
    assert details["actual"] == [4, 4, 8, 8, 4]
    assert details["realised"]["bias"] == pytest.approx(-8 / 28)


async def test_a_plan_orders_by_what_planners_expect(ama: Caller, worker: Worker) -> None:
    run = await forecast(ama, worker, horizon=28)

    async def ordered() -> dict[str, float]:
        plan = (await ama.post("/plans", {"forecast_id": run, "service_level": 0.9})).json()
        await worker.work()
        items = (await ama.get(f"/recommendations?plan_id={plan['id']}")).json()["items"]
        return {one["sku"]: one["order_quantity"] for one in items}

    before = await ordered()
    made = await override(ama, run, to=str(FIRST + timedelta(days=11)), factor=3)
    after = await ordered()
    assert after["RIZ"] == before["RIZ"] + 2 * 4 * 10
    assert {**after, "RIZ": 0} == {**before, "RIZ": 0}
    await ama.call("DELETE", f"/forecasts/{run}/overrides/{made['id']}")
    assert await ordered() == before
