"""Broken plugins that are installed beside the good ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apart import apart
from plugin_sites import install_plugin
from system import Person
from trade import two_months

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]

DEADLY = {
    "aborting": ("import os\nos.abort()\n", "takes down the process that imports it (exit code -6)"),
    "endless": ("while True:\n    pass\n", "cannot be imported within 20 seconds"),
    "greedy": ("import numpy\nnumpy.ones(1 << 40)\n", "cannot be imported: MemoryError"),
}
"""What would end or hang whoever imports it, and the reason for which it is rejected."""


def test_a_broken_plugin_is_named_with_its_reason_and_hurts_nobody(shop: Person) -> None:
    engines = shop.get("/engines")
    assert {"naive", "seasonal_naive", "empirical"} <= {engine["name"] for engine in engines["items"]}
    (rejected,) = engines["rejected"]
    assert (rejected["plugin"], rejected["distribution"]) == ("fragile", "broken")
    assert rejected["reason"] == "cannot be imported: RuntimeError: the glass was fragile"
    said = [line for line in shop.system.output if line.startswith("worker ")]
    assert any(f"plugin fragile of broken is not used: {rejected['reason']}" in line for line in said)
    assert any("worker ready" in line and "rejected=fragile" in line and "naive" in line for line in said)
    run = shop.post("/forecasts", 202, json={"engine": "empirical", "horizon": 7})
    shop.succeeded(run["job"])
    assert shop.get(f"/forecasts/{run['id']}")["products"] == {"ok": 5, "fallback": 0, "failed": 0}


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """The owner of a shop whose worker has the deadliest plugins installed."""
    site = tmp_path_factory.mktemp("deadly")
    for name, (source, _) in DEADLY.items():
        install_plugin(Path(site), name, source)
    with apart(site) as system:
        owner = Person.register(system, "besieged@shop.example")
        owner.found("Boutique Assiégée", country="CM")
        owner.imported(two_months(3))
        yield owner


def test_a_plugin_that_kills_or_hangs_who_imports_it_is_named_and_the_worker_starts(besieged: Person) -> None:
    engines = besieged.get("/engines")
    assert {"naive", "empirical"} <= {engine["name"] for engine in engines["items"]}
    reasons = {plugin["plugin"]: plugin["reason"] for plugin in engines["rejected"]}
    assert set(reasons) == set(DEADLY)
    assert [name for name, (_, reason) in DEADLY.items() if not reasons[name].startswith(reason)] == []


def test_the_engines_beside_it_forecast_as_ever(besieged: Person) -> None:
    run = besieged.post("/forecasts", 202, json={"engine": "empirical", "horizon": 7})
    besieged.succeeded(run["job"])
    assert besieged.get(f"/forecasts/{run['id']}")["products"] == {"ok": 3, "fallback": 0, "failed": 0}
