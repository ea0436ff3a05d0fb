"""The documentation says what there is: every setting, command and option, and lines that are run."""

import re
from pathlib import Path

import pytest
import typer
import yaml
from typer.core import TyperCommand, TyperGroup, TyperOption

from inventoryai_server.cli import app
from inventoryai_server.variables import VARIABLES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NOT_SETTINGS = {"INVENTORYAI_RANDOM_PANELS", "INVENTORYAI_SAMPLE_DATA", "INVENTORYAI_URL"}
"""What tests, the kit and the example read, and the product does not."""
COMPOSE_ALONE = {
    "POSTGRES_PASSWORD", "OWNER_PASSWORD", "LOGIN_PASSWORD", "VALKEY_PASSWORD", "TORCH_INDEX_URL",
}  # fmt: skip


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def commands() -> dict[str, TyperCommand]:
    """All commands; one of a group is called by both names: ``plugin new``."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    found = dict(group.commands)
    for outer, one in group.commands.items():
        if isinstance(one, TyperGroup):
            found |= {f"{outer} {name}": command for name, command in one.commands.items()}
    return {name: command for name, command in found.items() if isinstance(command, TyperCommand)}


def options_of(name: str) -> list[TyperOption]:
    return [one for one in commands()[name].params if isinstance(one, TyperOption)]


def section(text: str, heading: str) -> str:
    """The part of a page below a heading, up to the next one of its kind."""
    after = text.split(f"\n### {heading}\n", maxsplit=1)
    assert len(after) == 2, f"{heading} is missing"
    return re.split(r"\n##", after[1], maxsplit=1)[0]


def test_every_setting_has_a_row_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \|([^|]*)\|", read("docs/settings.md"), flags=re.MULTILINE))

    assert {name: default.strip() for name, default in rows.items()} == {
        one.name: f"`{one.default}`" if one.default else "" for one in VARIABLES
    }


def test_the_example_of_env_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"^# ?([A-Z_]+)=", read(".env.example"), flags=re.MULTILINE))

    assert named == {one.name for one in VARIABLES} | COMPOSE_ALONE


def test_the_example_of_env_sets_nothing_before_it_is_edited() -> None:
    assert [line for line in read(".env.example").splitlines() if line and not line.startswith("#")] == []


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented_with_its_options(name: str) -> None:
    text = section(read("docs/commands.md"), f"`inventoryai {name}`")

    missing = [option.opts[0] for option in options_of(name) if f"`{option.opts[0]}`" not in text]
    assert missing == []


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_explains_itself(name: str) -> None:
    assert commands()[name].help
    assert [one.name for one in options_of(name) if not one.help] == []


def test_no_command_is_documented_that_is_not_there() -> None:
    documented = set(re.findall(r"^### `inventoryai ([\w ]+)`", read("docs/commands.md"), flags=re.MULTILINE))

    assert documented == set(commands())


def test_no_page_speaks_of_a_setting_that_is_not_there() -> None:
    known = {one.name for one in VARIABLES} | NOT_SETTINGS
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"\bINVENTORYAI_[A-Z_]+", page.read_text("utf-8"))}

    assert named <= known


def test_no_page_speaks_of_a_command_that_is_not_there() -> None:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    named = {
        name
        for page in pages
        for name in re.findall(
            r"(?:`|bin/|^)inventoryai ([a-z]+)", page.read_text("utf-8"), flags=re.MULTILINE
        )
    }

    assert named <= {name.split()[0] for name in commands()}


def test_the_readme_shows_the_lines_of_the_script_that_the_tests_run() -> None:
    script = read("docs/examples/first_forecast.sh")
    shown = script.split("# README: from here\n")[1].split("# README: to here\n")[0]

    assert f"```sh\n{shown}```" in read("README.md")


def test_every_page_that_the_readme_leads_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read("README.md"))

    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    named = {
        name
        for page in pages
        for name in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text("utf-8"), flags=re.MULTILINE)
    }

    assert named | {"install", "run", "test", "lint", "bench", "chaos", "docs"} <= targets


def test_every_page_for_users_is_there_in_both_languages() -> None:
    navigation = yaml.safe_load(read("mkdocs.yml"))["nav"]
    sections = {name: pages for one in navigation for name, pages in one.items() if isinstance(pages, list)}
    french = {page.removeprefix("fr/") for one in sections["Français"] for page in one.values()}

    assert {"index.md", "getting-started.md", "imports.md", "replenishment.md"} <= french
    assert all((DOCS / page).is_file() and (DOCS / "fr" / page).is_file() for page in french)
