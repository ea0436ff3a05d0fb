"""Trainings that are killed and stopped in the middle: nothing is lost, and nobody else waits."""

import json
from pathlib import Path

import psutil
import pytest
from inside import Inside, all_gone, kill_with_all_below, until
from system import Person

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]

KEPT = "select checkpoint is not null from models where id = $1"


def test_R3_a_training_goes_on_where_its_worker_was_killed(inside: Inside, shop: Person) -> None:
    """The engine waits for ever after its third epoch, unless it is given what it had kept by then."""
    asked = shop.post("/models", 202, json={"engine": "waiter"})
    until(lambda: inside.value(KEPT, asked["id"]), "a checkpoint is stored")
    until(lambda: shop.get(f"/jobs/{asked['job']['id']}")["progress"] == 0.45, "half of it is told")
    helpers = kill_with_all_below(inside.process("worker"))
    assert all_gone(helpers), "nothing outlives its worker"
    inside.let_leases_run_out()

    job = shop.succeeded(asked["job"])
    assert job["attempts"] == 2
    learnt = json.loads(inside.value("select state from models where id = $1", asked["id"]))
    assert learnt["resumed"] == {"epoch": 3}
    (model,) = shop.get("/models")["items"]
    assert (model["id"], model["state"]) == (asked["id"], "succeeded")
    # What other tests have sold before says which of the two is better.
    assert model["current"] is model["scores"]["better"]
    assert inside.value(KEPT, asked["id"]) is False
    shop.call("DELETE", f"/models/{asked['id']}", 204)


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
