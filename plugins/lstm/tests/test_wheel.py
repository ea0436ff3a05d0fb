"""What is shipped: the weights, where they come from, and nothing that is too large for a slow line."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from inventoryai_lstm.install_torch import REQUIREMENT

FOLDER = Path(__file__).parents[1]
LARGEST = 8 << 20


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with the tools that are installed here, so that nothing is fetched for it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel")
    subprocess.run(
        [*pip, "--no-build-isolation", "--no-deps", "--wheel-dir", folder, FOLDER], check=True, timeout=120
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_has_weights_model_card_and_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
    package = {
        name.removeprefix("inventoryai_lstm/") for name in names if name.startswith("inventoryai_lstm/")
    }

    assert {"MODEL_CARD.md", "py.typed", "plugin.py", "engine.py"} <= package
    weights = {path.name for path in (FOLDER / "inventoryai_lstm").glob("*.safetensors")}
    assert weights
    assert weights <= package
    assert not [name for name in names if name.startswith("tests/")]


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < LARGEST


def test_the_wheel_asks_for_torch_only_where_it_is_wanted(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        (place,) = (name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
        needs = [
            line.removeprefix("Requires-Dist: ")
            for line in files.read(place).decode().splitlines()
            if line.startswith("Requires-Dist: ")
        ]

    assert [need for need in needs if need.startswith("torch")] == [f"{REQUIREMENT}; extra == 'torch'"]
