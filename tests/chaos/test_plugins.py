"""A broken plugin that is installed beside the good ones."""

import pytest
from system import Person

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]


def test_a_broken_plugin_is_named_with_its_reason_and_hurts_nobody(shop: Person) -> None:
    engines = shop.get("/engines")
    assert {"naive", "seasonal_naive", "empirical"} <= {engine["name"] for engine in engines["items"]}
    (rejected,) = engines["rejected"]
    assert (rejected["plugin"], rejected["distribution"]) == ("fragile", "broken")
    assert rejected["reason"] == "cannot be imported: RuntimeError: the glass was fragile"
    run = shop.post("/forecasts", 202, json={"engine": "empirical", "horizon": 7})
    shop.succeeded(run["job"])
    assert shop.get(f"/forecasts/{run['id']}")["products"] == {"ok": 5, "fallback": 0, "failed": 0}
