"""The plugin in plugins/README.md is complete and keeps the contract it describes."""

import re
import tomllib
from pathlib import Path

from inventoryai.forecasting.testing import EngineContract

README = Path(__file__).parents[2] / "plugins" / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)


def written_there() -> type[EngineContract]:
    """The test class that the README ends with, after its code was run from top to bottom."""
    names: dict[str, object] = {"__name__": __name__}
    exec("\n".join(blocks("python")), names)  # noqa: S102 - our own documentation
    found = names["TestLastWeek"]
    assert isinstance(found, type)
    assert issubclass(found, EngineContract)
    return found


TestLastWeek = written_there()


def test_its_project_file_can_be_read() -> None:
    (project,) = blocks("toml")
    assert list(tomllib.loads(project)["project"]["entry-points"]) == ["inventoryai"]
