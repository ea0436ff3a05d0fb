"""A plugin that wraps somebody else's library keeps the contract where it is installed."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from wheels import ROOT, run

pytestmark = pytest.mark.e2e


def test_it_passes_its_kit(site: Path, tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "kolanut" / "tests", tmp_path / "tests")
    said = run(
        *(sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:asyncio", "tests"),
        cwd=tmp_path,
        PYTHONPATH=os.pathsep.join([str(site), str(ROOT)]),
    )
    assert " passed" in said


def test_it_needs_nothing_of_ours_but_the_engine_api(site: Path, tmp_path: Path) -> None:
    program = "import sys, kolanut; print(*sorted(name for name in sys.modules))"
    loaded = run(
        sys.executable, "-c", program, cwd=tmp_path, PYTHONPATH=os.pathsep.join([str(site), str(ROOT)])
    )
    assert {name.split(".")[0] for name in loaded.split()} & {"inventoryai_server", "sklearn"} == set()
