"""Torch is where engines run, and nowhere else; where it is missing, everything else works."""

import json
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from offline_commands import fine, in_front_of_ours, small_file
from servers import temporary_folder
from system import Person, running
from trade import two_months

pytestmark = pytest.mark.e2e

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None, reason="torch is not installed: see plugins/lstm/README.md"
)

MISSING = "import sys\nsys.modules['torch'] = None\n"
"""As if it had never been installed, in every Python that finds this before anything else."""


@pytest.fixture
def without_torch(tmp_path: Path) -> str:
    """A path in which there is no torch."""
    (tmp_path / "sitecustomize.py").write_text(MISSING, encoding="utf-8")
    return in_front_of_ours(tmp_path)


def test_without_torch_the_list_says_what_to_do(tmp_path: Path, without_torch: str) -> None:
    listed = json.loads(fine(tmp_path, "engines", "--json", PYTHONPATH=without_torch).stdout)
    (rejected,) = listed["rejected"]

    assert (rejected["plugin"], rejected["distribution"]) == ("lstm", "inventoryai-lstm")
    assert "pip install 'inventoryai-lstm[torch]'" in rejected["reason"]
    assert "compute platform CPU" in rejected["reason"]
    assert {"naive", "empirical", "negbin"} <= {engine["name"] for engine in listed["engines"]}


def test_without_torch_the_automatic_plan_does_without_it(tmp_path: Path, without_torch: str) -> None:
    small_file(tmp_path)
    fine(tmp_path, "forecast", "sales.csv", "--out", "forecast.csv", PYTHONPATH=without_torch)

    assert "lstm" not in (tmp_path / "forecast.csv").read_text(encoding="utf-8")


@needs_torch
def test_listing_engines_imports_no_torch_in_any_process(tmp_path: Path) -> None:
    done = fine(tmp_path, "engines", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rsplit("|", maxsplit=1)[-1].strip() for line in done.stderr.splitlines()}

    assert "lstm" in done.stdout
    assert "inventoryai_lstm.plugin" in imported
    assert imported & {"torch", "safetensors", "inventoryai_lstm.engine"} == set()


@needs_torch
@pytest.mark.skipif(not psutil.LINUX, reason="only Linux tells what another process has loaded")
def test_of_a_running_system_only_the_processes_below_the_worker_load_torch() -> None:
    with temporary_folder() as folder, running(folder) as system:
        owner = Person.register(system, "awa@shop.example")
        owner.found("Chez Awa")
        owner.imported(two_months(3))
        run = owner.post("/forecasts", 202, json={"engine": "lstm", "horizon": 7})
        owner.succeeded(run["job"])
        engines = {one["engine"] for one in owner.everything(f"/forecasts/{run['id']}/products")}
        ours = psutil.Process(system.process.pid)
        with_torch = {process for process in ours.children(recursive=True) if has_torch(process)}
        parents = {parent.cmdline()[-1] for process in with_torch if (parent := process.parent())}

    assert engines == {"lstm"}
    assert with_torch
    assert parents == {"worker"}


@needs_torch
def test_the_network_is_taught_over_http_and_used_from_then_on() -> None:
    with temporary_folder() as folder, running(folder) as system:
        owner = Person.register(system, "awa@shop.example")
        owner.found("Chez Awa")
        owner.imported(two_months(3))
        asked = owner.post("/models", 202, json={"engine": "lstm"})
        owner.succeeded(asked["job"])
        model = owner.post(f"/models/{asked['id']}/use", 200)
        run = owner.post("/forecasts", 202, json={"engine": "lstm", "horizon": 7})
        owner.succeeded(run["job"])
        used = owner.get(f"/forecasts/{run['id']}")["models"]
        products = owner.everything(f"/forecasts/{run['id']}/products")

    assert {"trained", "zero_shot", "auto"} <= model["scores"].keys()
    assert model["size"] < 8_000_000
    assert "torch" in model["versions"]
    assert [(one["engine"], one["model_id"], one["unused"]) for one in used] == [("lstm", asked["id"], None)]
    assert {one["status"] for one in products} == {"ok"}


def has_torch(process: psutil.Process) -> bool:
    """Whether it has it in its memory; a process that has just ended has nothing."""
    try:
        return any("libtorch" in part.path for part in process.memory_maps())
    except psutil.NoSuchProcess:
        return False
