"""How the house is kept: small files, typed packages, names that say what they show."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("inventoryai", "adapters", "plugins", "tests", "docs", ".ci", ".github")
BINARY = frozenset({".gz", ".png", ".xlsx", ".safetensors", ".so"})
LONGEST_FILE = 300
MOST_PROMISES = {"S": 44, "R": 11}
"""Security and reliability promises are numbered; a test that shows one carries its number."""

PROMISE = re.compile(r"(?<![A-Za-z])([SRsr])(\d+)(?![A-Za-z0-9])")
NUMBERED = re.compile(r"test_(?:[SR]\d+_)+[a-z]\w*")
WORKPLACE = re.compile(r"(?<![\w.-])/(?:work|home|Users)/\w")
"""A folder that only one machine has."""


def files() -> list[Path]:
    """Every file that is ours, build output and caches aside."""
    found = [path for path in ROOT.iterdir() if path.is_file() and path.name not in {".env", ".git"}]
    for folder in FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(path for path in found if not _made(path.relative_to(ROOT)))


def _made(path: Path) -> bool:
    return path.suffix == ".pyc" or any(
        part.startswith((".pytest", ".mypy", ".ruff", ".hypothesis")) or part.endswith(".egg-info")
        for part in path.parts
    )


def sources() -> list[Path]:
    return [path for path in files() if path.suffix == ".py"]


def of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_holds_two_ideas() -> None:
    lengths = {of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_package_says_that_it_is_typed() -> None:
    roots = [ROOT, ROOT / "adapters", *(one.parent for one in ROOT.glob("plugins/*/pyproject.toml"))]
    packages = [one.parent for root in roots for one in root.glob("inventoryai*/__init__.py")]

    assert len(packages) > len(roots)
    assert [of(package) for package in packages if not (package / "py.typed").is_file()] == []


def test_every_package_is_shipped_by_its_distribution() -> None:
    for project in (
        ROOT / "pyproject.toml",
        *ROOT.glob("*/pyproject.toml"),
        *ROOT.glob("plugins/*/pyproject.toml"),
    ):
        tool = tomllib.loads(project.read_text(encoding="utf-8"))["tool"]
        # What has something to compile is built by setuptools, all else by hatch.
        builder = tool["hatch"]["build"]["targets"]["wheel"] if "hatch" in tool else tool["setuptools"]
        shipped = set(builder["packages"])

        assert shipped == {one.parent.name for one in project.parent.glob("inventoryai*/__init__.py")}


def test_a_test_that_shows_a_promise_carries_its_number_in_front() -> None:
    wrong = []
    for path in sources():
        for name in _test_names(path):
            promises = PROMISE.findall(name)
            known = all(1 <= int(number) <= MOST_PROMISES.get(kind, 0) for kind, number in promises)
            if promises and not (known and NUMBERED.fullmatch(name)):
                wrong.append(f"{of(path)}: {name}")

    assert wrong == []


def _test_names(path: Path) -> list[str]:
    if not path.name.startswith("test_"):
        return []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.walk(tree) if isinstance(node, kinds) and node.name.startswith("test_")]


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    texts = {of(path): path.read_text(encoding="utf-8") for path in files() if path.suffix not in BINARY}

    assert [name for name, text in texts.items() if WORKPLACE.search(text)] == []
