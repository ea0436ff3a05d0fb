"""Whatever is installed, its version is pinned."""

import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
BUILDING = {"hatchling", "editables", "pip", "setuptools"}
"""What makes and installs our distributions."""


def pinned() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def projects() -> list[dict[str, Any]]:
    paths = (ROOT / "pyproject.toml", *ROOT.glob("*/pyproject.toml"), *ROOT.glob("plugins/*/pyproject.toml"))
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]


def asked_for() -> list[Requirement]:
    asked: list[str] = []
    for project in projects():
        asked += project["project"]["dependencies"]
        for extra in project["project"].get("optional-dependencies", {}).values():
            asked += extra
        asked += project.get("dependency-groups", {}).get("dev", [])
    return [Requirement(one) for one in asked]


def test_every_line_pins_one_version_of_one_library() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]

    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert len(pinned()) == len(lines)


def test_everything_that_is_asked_for_is_pinned_to_what_is_asked() -> None:
    ours = {canonicalize_name(project["project"]["name"]) for project in projects()}
    versions = pinned()
    theirs = [one for one in asked_for() if canonicalize_name(one.name) not in ours]

    assert theirs
    assert [str(one) for one in theirs if canonicalize_name(one.name) not in versions] == []
    assert [str(one) for one in theirs if versions[canonicalize_name(one.name)] not in one.specifier] == []


def test_what_builds_the_distributions_is_pinned_too() -> None:
    assert set(pinned()) >= BUILDING
