"""A new plugin builds, installs beside the engine API alone, and keeps the contract, as it is."""

import json
import shutil
from pathlib import Path

import pytest
from offline_commands import fine, in_front_of_ours, ran
from wheels import ROOT, environment, install, run, wheel

from inventoryai.forecasting import CONTRACT_VERSION

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plugin that was just made."""
    folder = tmp_path_factory.mktemp("plugins")
    said = fine(folder, "plugin", "new", "demand-lab").stdout.splitlines()
    assert said[0] == "inventoryai-demand-lab"
    assert [path.name for path in folder.iterdir()] == ["inventoryai-demand-lab"]
    return folder / "inventoryai-demand-lab"


@pytest.fixture(scope="module")
def built(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(made, tmp_path_factory.mktemp("wheels"))


def test_it_passes_its_kit_in_an_empty_environment(made: Path, built: Path, tmp_path: Path) -> None:
    core = wheel(ROOT, tmp_path)
    python = environment(tmp_path / "environment", f"inventoryai[testing] @ {core.as_uri()}", str(built))
    # Away from its folder, so that what is tested is what was installed.
    shutil.copytree(made / "tests", tmp_path / "apart" / "tests")
    run(python, "-m", "pytest", "-q", "-W", "error", "tests", cwd=tmp_path / "apart")

    names = "from importlib import metadata; print(*(one.name for one in metadata.distributions()))"
    installed = run(python, "-c", names, cwd=tmp_path).split()
    ours = sorted(name for name in installed if name.startswith("inventoryai"))
    assert ours == ["inventoryai", "inventoryai-demand-lab"]


def test_it_works_beside_the_plugin_it_was_copied_from(built: Path, tmp_path: Path) -> None:
    site = install([built], tmp_path / "site")
    listed = json.loads(fine(tmp_path, "engines", "--json", PYTHONPATH=in_front_of_ours(site)).stdout)

    engines = {engine["name"]: engine for engine in listed["engines"]}
    assert listed["rejected"] == []
    assert engines["empirical"]["distribution"] == "inventoryai-naive"
    assert engines["demand_lab_empirical"]["distribution"] == "inventoryai-demand-lab"
    assert not engines["demand_lab_empirical"]["automatic"]


def test_its_folder_holds_what_a_plugin_needs_and_nothing_of_the_template_s_name(made: Path) -> None:
    files = {str(path.relative_to(made)): path for path in made.rglob("*") if path.is_file()}
    package = "inventoryai_demand_lab"
    assert {"pyproject.toml", "README.md", "tests/test_engines.py", f"{package}/py.typed"} <= set(files)
    texts = {name: path.read_text("utf-8") for name, path in files.items()}
    assert [name for name, text in texts.items() if "inventoryai_naive" in text] == []
    assert "CONTRACT_VERSION" not in "".join(texts.values())
    assert f"contract_version={CONTRACT_VERSION}," in texts[f"{package}/plugin.py"]


REFUSED = {
    "a capital letter": ("Acme", "cannot be the name of a plugin"),
    "a number first": ("7days", "cannot be the name of a plugin"),
    "a folder": ("../acme", "cannot be the name of a plugin"),
    "too long": ("a" * 25, "cannot be the name of a plugin"),
    "ours": ("naive", "is taken"),
    "the automatic plan's": ("auto", "is taken"),
    "Python's": ("lambda", "is taken"),
}


@pytest.mark.parametrize(("name", "said"), REFUSED.values(), ids=REFUSED)
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str, said: str) -> None:
    done = ran(tmp_path, "plugin", "new", name)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone_and_said_in_french(tmp_path: Path) -> None:
    taken = tmp_path / "inventoryai-acme"
    taken.mkdir()
    done = ran(tmp_path, "plugin", "new", "acme", LANG="fr_CM.UTF-8")
    assert done.returncode == 2
    assert "inventoryai-acme existe déjà" in done.stderr
    assert list(taken.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = ran(tmp_path, "plugin", "new", "acme", "--to", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "cannot be written: No such file or directory" in done.stderr
