"""The walls between the rooms stand, and each of them falls when somebody climbs through it."""

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = (".", "adapters", "plugins/ets", "plugins/intermittent", "plugins/lstm", "plugins/naive")

SERVER = "The server knows the adapters, the adapters know the core, and never each other"
INSIDE = "Inside the core: use cases, ports, forecasting, domain"
NO_FRAMEWORK = "The core imports no framework"
PLUGINS = "Plugins import the engine API alone"
NO_CYCLES = "No cycles"
TORCH = "Torch is imported by the plugin that needs it"


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that somebody might write, and the contract that it breaks."""

    file: str
    line: str
    contract: str


BREACHES = (
    Breach("inventoryai/domain/money.py", "import litestar", NO_FRAMEWORK),
    Breach("inventoryai/usecases/products.py", "import pandas", NO_FRAMEWORK),
    Breach("adapters/inventoryai_mail/console.py", "import inventoryai_files", SERVER),
    Breach("adapters/inventoryai_security/passwords.py", "import inventoryai_server", SERVER),
    Breach("inventoryai/domain/money.py", "import inventoryai_mail", SERVER),
    Breach("inventoryai/domain/money.py", "import inventoryai.usecases.products", INSIDE),
    Breach("inventoryai/surprise.py", "", INSIDE),
    Breach("plugins/naive/inventoryai_naive/points.py", "import inventoryai.domain.sales", PLUGINS),
    Breach("plugins/naive/inventoryai_naive/points.py", "import torch", TORCH),
    Breach("adapters/inventoryai_files/__init__.py", "import safetensors", TORCH),
    Breach("inventoryai/domain/errors.py", "import inventoryai.domain.money", NO_CYCLES),
)


def contracts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = configuration()["contracts"]
    return found


def configuration() -> dict[str, Any]:
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = read["tool"]["importlinter"]
    return found


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Runs the linter on a tree, whose packages hide the installed ones of the same names."""
    path = os.pathsep.join(str(tree / root) for root in SOURCE_ROOTS)
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the linter looks at, in a folder where it may be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("inventoryai", "adapters", "plugins"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_walls_stand() -> None:
    ran = lint_imports(ROOT)

    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("breach", BREACHES, ids=lambda one: f"{one.line or 'a new room'} in {one.file}")
def test_a_breach_is_named_by_the_contract_that_it_breaks(copy: Path, breach: Breach) -> None:
    with (copy / breach.file).open("a", encoding="utf-8") as file:
        file.write(f"\n{breach.line}\n")

    ran = lint_imports(copy)

    assert ran.returncode == 1, ran.stdout + ran.stderr
    broken = [line for line in ran.stdout.splitlines() if line.endswith("BROKEN")]
    assert f"{breach.contract} BROKEN" in broken


def test_every_contract_has_a_breach_that_shows_it_works() -> None:
    assert {breach.contract for breach in BREACHES} == {one["name"] for one in contracts()}


def test_every_package_of_ours_is_behind_the_walls() -> None:
    packages = {
        package.parent.name
        for root in SOURCE_ROOTS
        for package in (ROOT / root).glob("inventoryai*/__init__.py")
    }

    assert packages == set(configuration()["root_packages"])
    layers = next(one for one in contracts() if one["name"] == SERVER)["layers"]
    beside = {name.strip() for layer in layers for name in layer.split("|")}
    plugins = {one.parent.name for one in ROOT.glob("plugins/*/inventoryai_*/__init__.py")}
    assert packages - beside == plugins


def test_every_plugin_is_held_to_the_engine_api() -> None:
    plugins = {one.parent.name for one in ROOT.glob("plugins/*/inventoryai_*/__init__.py")}
    held = next(one for one in contracts() if one["name"] == PLUGINS)

    assert set(held["source_modules"]) == plugins
    everything_else = set(configuration()["root_packages"]) - plugins - {"inventoryai"}
    rooms = {f"inventoryai.{room.parent.name}" for room in ROOT.glob("inventoryai/*/__init__.py")}
    assert set(held["forbidden_modules"]) == everything_else | rooms - {"inventoryai.forecasting"}


def test_torch_is_kept_from_everything_but_its_plugin() -> None:
    kept = next(one for one in contracts() if one["name"] == TORCH)

    assert set(kept["source_modules"]) == set(configuration()["root_packages"]) - {"inventoryai_lstm"}
