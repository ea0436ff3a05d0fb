"""A planner knows of a feast that no engine can: the forecast is changed, and more is ordered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from servers import temporary_folder
from system import Person, System, running

pytestmark = pytest.mark.e2e

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with temporary_folder() as folder, running(folder) as system:
        yield system


def ordered(owner: Person) -> dict[str, float]:
    plan = owner.post("/plans", 202, json={})
    owner.succeeded(plan["job"])
    return {one["sku"]: one["order_quantity"] for one in owner.everything("/recommendations")}


def test_more_is_ordered_for_the_feast_until_the_override_is_withdrawn(system: System) -> None:
    owner = Person.register(system, "mariam@shop.example")
    owner.found("Boutique Mariam", country="SN")
    days = [TODAY - timedelta(days=back) for back in range(1, 61)]
    lines = [f"{day},{sku},{number}" for day in days for sku, number in (("MOUTON", 5), ("THE", 20))]
    owner.imported("\n".join(["date,sku,quantity", *lines]).encode())
    run = owner.post("/forecasts", 202, json={"engine": "mean", "horizon": 28})
    owner.succeeded(run["job"])
    path = f"/forecasts/{run['id']}"
    before = ordered(owner)

    feast = {"from": str(TODAY + timedelta(days=3)), "to": str(TODAY + timedelta(days=7))}
    said = {"sku": "MOUTON", **feast, "factor": 3, "reason": "Tabaski"}
    made = owner.post(f"{path}/overrides", 201, json=said)
    sheep = next(one for one in owner.everything(f"{path}/products") if one["sku"] == "MOUTON")
    assert sheep["mean"][2:9] == pytest.approx([5, 15, 15, 15, 15, 15, 5])
    assert (sheep["override"]["reason"], sheep["engine_mean"][3]) == ("Tabaski", pytest.approx(5))
    with_feast = ordered(owner)
    assert with_feast["MOUTON"] == before["MOUTON"] + 50
    assert with_feast["THE"] == before["THE"]

    later = owner.post("/forecasts", 202, json={"engine": "naive", "horizon": 28})
    owner.succeeded(later["job"])
    assert ordered(owner)["MOUTON"] == with_feast["MOUTON"]

    owner.call("DELETE", f"{path}/overrides/{made['id']}", 204)
    assert ordered(owner) == before
    (kept,) = owner.everything(f"{path}/overrides")
    assert (kept["id"], kept["holds"], kept["author"]) == (made["id"], False, "Une Personne")
