"""The plugin that the documentation writes is complete: it builds, keeps the contract, and forecasts."""

import csv
import dataclasses
import json
import re
import sys
from pathlib import Path

import pytest
from offline_commands import fine, in_front_of_ours, small_file
from wheels import ROOT, install, run, wheel

from inventoryai.forecasting import EngineSpec

pytestmark = pytest.mark.e2e

PAGES = (ROOT / "docs" / "plugins.md", ROOT / "docs" / "fr" / "plugins.md")


def files(page: Path) -> dict[str, str]:
    """The files that a page shows, by their titles."""
    text = page.read_text(encoding="utf-8")
    return dict(re.findall(r"```\w+ title=\"(.*?)\"\n(.*?)```", text, flags=re.DOTALL))


def lines(page: Path) -> list[list[str]]:
    """The commands that a page shows, in order."""
    shown = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.split() for block in shown for line in block.splitlines()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tutorial")
    for name, text in files(PAGES[0]).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def path(project: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where it is installed, in front of everything else."""
    made = tmp_path_factory.mktemp("installed")
    return in_front_of_ours(install([wheel(project, made)], made / "site"))


def test_it_keeps_the_contract(project: Path, path: str) -> None:
    assert ["pytest"] in lines(PAGES[0])
    said = run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:asyncio", "-p", "no:cacheprovider", "tests"),
        cwd=project,
        PYTHONPATH=path,
    )
    assert " passed" in said


def test_it_is_listed_and_forecasts(tmp_path: Path, path: str) -> None:
    small_file(tmp_path)
    ours = [words[1:] for words in lines(PAGES[0]) if words[0] == "inventoryai"]
    assert [words[0] for words in ours] == ["engines", "forecast"]
    said = [fine(tmp_path, *words, PYTHONPATH=path).stdout for words in ours]

    assert "last_week" in said[0]
    with (tmp_path / "forecast.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 7
    assert {row["mean"] for row in rows} != {"0"}


def test_it_takes_the_options_that_it_says(tmp_path: Path, path: str) -> None:
    listed = json.loads(fine(tmp_path, "engines", "--json", PYTHONPATH=path).stdout)
    (engine,) = (one for one in listed["engines"] if one["name"] == "last_week")
    assert list(engine["options"]["properties"]) == ["weeks"]
    assert engine["distribution"] == "inventoryai-lastweek"


def test_both_languages_write_the_same_plugin() -> None:
    assert files(PAGES[0]) == files(PAGES[1])
    assert lines(PAGES[0]) == lines(PAGES[1])


@pytest.mark.parametrize("page", PAGES, ids=["English", "French"])
def test_everything_that_a_plugin_can_say_is_documented(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    table = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", text, flags=re.MULTILINE))))
    assert {attribute.name for attribute in dataclasses.fields(EngineSpec)} <= table
    assert "`inventoryai_engines`" in text
