"""Trainings that are killed and stopped in the middle: nothing is lost, and nobody else waits."""

import json
from functools import partial
from pathlib import Path

import psutil
import pytest
from inside import Inside, all_gone, kill_with_all_below, until
from system import Person
from trade import two_months

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]


LEFT = "select to_jsonb(model) -> $2 <> 'null' from models as model where id = $1"
LEARNT = """
select convert_from(case $2::text when 'state' then state else renewed end, 'utf-8') from models where id = $1
"""


def test_R3_a_training_goes_on_where_its_worker_was_killed(inside: Inside) -> None:
    """The engine waits for ever after its third epoch, unless it is given what it had kept by then.

    It learns twice, and its worker is killed each time.
    """
    shop = Person.register(inside.system, "school@shop.example")
    shop.found("Boutique École", country="CM")
    shop.imported(two_months(5))
    asked = shop.post("/models", 202, json={"engine": "waiter"})
    for column, progress in (("checkpoint", 0.22), ("renewed_checkpoint", 0.77)):
        until(partial(inside.value, LEFT, asked["id"], column), f"{column} is stored")
        until(partial(told, shop, asked["job"], progress), "half of it is told")
        helpers = kill_with_all_below(inside.process("worker"))
        assert all_gone(helpers), "nothing outlives its worker"
        inside.let_leases_run_out()

    # The third in truth: one that gets further is forgiven those before it.
    assert shop.succeeded(asked["job"])["attempts"] == 2
    for column in ("state", "renewed"):
        assert json.loads(inside.value(LEARNT, asked["id"], column))["resumed"] == {"epoch": 3}
    (model,) = shop.get("/models")["items"]
    assert (model["id"], model["state"], model["current"]) == (asked["id"], "succeeded", True)
    for column in ("checkpoint", "renewed_checkpoint"):
        assert inside.value(LEFT, asked["id"], column) is False


def told(shop: Person, job: dict[str, str], progress: float) -> bool:
    return bool(shop.get(f"/jobs/{job['id']}")["progress"] == progress)


def test_a_training_that_is_deleted_stops_and_kept_nobody_waiting(
    inside: Inside, shop: Person, broken_plugin: Path
) -> None:
    (told,) = [path.with_suffix(".pid") for path in broken_plugin.glob("*_learning_plugin.py")]
    told.unlink(missing_ok=True)
    asked = shop.post("/models", 202, json={"engine": "waiter", "options": {"goal": 0}})
    until(lambda: told.exists() and told.read_text() != "", "the engine learns")
    engine = psutil.Process(int(told.read_text()))
    assert engine in inside.process("worker").children(recursive=True)
    shop.succeeded(shop.post("/forecasts", 202, json={"engine": "naive", "horizon": 7})["job"])
    shop.post("/models", 409, json={"engine": "waiter"})

    shop.call("DELETE", f"/models/{asked['id']}", 204)

    psutil.wait_procs([engine], timeout=30)
    assert not engine.is_running()
    assert shop.finished(asked["job"])["state"] == "cancelled"
    assert shop.get(f"/models/{asked['id']}")["state"] == "cancelled"
    shop.call("DELETE", f"/models/{asked['id']}", 204)
    shop.get(f"/models/{asked['id']}", 404)
