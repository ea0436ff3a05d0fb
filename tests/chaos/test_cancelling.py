"""A forecast that is stopped in the middle of its work: the job, and the process that did it."""

from pathlib import Path

import psutil
import pytest
from inside import Inside, until
from system import Person

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]


def test_a_forecast_that_is_deleted_stops_and_its_process_ends(
    inside: Inside, shop: Person, broken_plugin: Path
) -> None:
    told = broken_plugin / "endless_plugin.pid"
    run = shop.post("/forecasts", 202, json={"engine": "endless", "horizon": 7})
    until(lambda: told.exists() and told.read_text() != "", "the engine runs")
    engine = psutil.Process(int(told.read_text()))
    assert engine in inside.process("worker").children(recursive=True)

    shop.call("DELETE", f"/forecasts/{run['id']}", 204)

    psutil.wait_procs([engine], timeout=30)
    assert not engine.is_running()
    part = "select state from jobs where parent_id = $1"
    until(lambda: inside.value(part, run["job"]["id"]) == "cancelled", "the part stopped")
    assert shop.get(f"/jobs/{run['job']['id']}")["state"] == "cancelled"
    assert shop.get(f"/forecasts/{run['id']}")["state"] == "cancelled"
    assert inside.value("select count(*) from forecasts where forecast_id = $1", run["id"]) == 0
    shop.call("DELETE", f"/forecasts/{run['id']}", 204)
    shop.get(f"/forecasts/{run['id']}", 404)
    shop.succeeded(shop.post("/forecasts", 202, json={"engine": "naive", "horizon": 7})["job"])
