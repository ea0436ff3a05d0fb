"""Importing a module of ours does nothing but define things, and loads no more than it must."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = (ROOT, ROOT / "adapters", *(one.parent for one in ROOT.glob("plugins/*/pyproject.toml")))
HEAVY = frozenset({
    "asyncpg", "litestar", "numpy", "pandas", "piccolo", "pyarrow", "redis", "taskiq", "torch", "uvicorn",
})  # fmt: skip

# Where torch is left out, these cannot be imported, and are not.
NEEDING_TORCH = frozenset() if find_spec("torch") else frozenset({"inventoryai_lstm.engine"})

LOADED = (
    "import importlib, json, sys; importlib.import_module({module!r}); print(json.dumps(sorted(sys.modules)))"
)

DEEDS = '''
import importlib, json, sys

deeds, watching = [], []
DOING = {"socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir", "os.remove", "os.rename"}


def watch(event, args):
    if not watching:
        return
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if event in DOING or writes:
        deeds.append(f"{watching[-1]}: {event} {args!r:.200}")


def shallow(module):
    """What a module holds that only a factory should make."""
    from litestar import Litestar
    from taskiq import AsyncBroker, TaskiqScheduler
    from inventoryai_processes import PooledProcesses
    from inventoryai_server.settings import Settings

    made = (Litestar, AsyncBroker, TaskiqScheduler, PooledProcesses, Settings)
    return [name for name, value in vars(module).items() if isinstance(value, made)]


sys.addaudithook(watch)
for name in json.load(sys.stdin):
    watching.append(name)
    module = importlib.import_module(name)
    watching.clear()
    deeds += [f"{name}.{held} is made at import" for held in shallow(module)]
print(json.dumps(deeds))
'''


def modules() -> list[str]:
    """Every module of ours by its import name; ``__main__`` is the one that is meant to act."""
    found = [
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for root in SOURCE_ROOTS
        for package in root.glob("inventoryai*/__init__.py")
        for path in package.parent.rglob("*.py")
    ]
    return sorted(name for name in found if not name.endswith("__main__") and name not in NEEDING_TORCH)


def run(program: str, told: object = None) -> Any:
    """Runs a program in a fresh interpreter that writes no bytecode, and reads the JSON it prints."""
    ran = subprocess.run(
        [sys.executable, "-B", "-c", program],
        input=json.dumps(told),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def loaded_by(module: str) -> set[str]:
    return {name.split(".")[0] for name in run(LOADED.format(module=module))}


def test_the_command_loads_nothing_heavy_before_it_knows_what_to_do() -> None:
    assert loaded_by("inventoryai_server.cli") & HEAVY == set()


def test_the_api_loads_neither_engines_nor_what_reads_spreadsheets() -> None:
    engines = {one.parent.name for one in ROOT.glob("plugins/*/inventoryai_*/__init__.py")}

    assert loaded_by("inventoryai_server.http") & (engines | {"pandas", "pyarrow", "torch"}) == set()


@pytest.mark.parametrize("module", ["inventoryai.usecases.prediction", "inventoryai.domain.replenishment"])
def test_the_core_works_without_any_framework(module: str) -> None:
    assert loaded_by(module) & (HEAVY - {"numpy"}) == set()


def test_importing_a_plugin_loads_no_engine_before_it_is_asked_for() -> None:
    for plugin in ROOT.glob("plugins/*/inventoryai_*/__init__.py"):
        assert loaded_by(plugin.parent.name) & (HEAVY - {"numpy"}) == set()


def test_importing_any_module_opens_starts_and_writes_nothing() -> None:
    assert run(DEEDS, modules()) == []
