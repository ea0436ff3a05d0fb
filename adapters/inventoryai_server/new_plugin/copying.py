"""``inventoryai plugin new``: the installed template as the beginning of somebody's plugin."""

import tempfile
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

from inventoryai.domain.errors import Conflict, NotFound
from inventoryai_server.new_plugin import texts
from inventoryai_server.new_plugin.naming import PluginName
from inventoryai_server.new_plugin.renaming import renamed
from inventoryai_server.offline.files import OutputNotWritable

_TEMPLATE: Final = "inventoryai_naive"


class PluginFolderTaken(Conflict):
    """There is something already where the plugin would go."""

    code = "plugin.folder_taken"
    en = "{path} is there already; take another name, or another place with --to."
    fr = "{path} existe déjà ; prenez un autre nom, ou un autre endroit avec --to."


class PluginTemplateMissing(NotFound):
    """The plugin that new ones are copied from is not installed."""

    code = "plugin.template_missing"
    en = "inventoryai-naive, which new plugins are copied from, is not installed here."
    fr = "inventoryai-naive, dont les nouveaux plugins sont copiés, n’est pas installé ici."


def new_plugin(name: PluginName, to: Path) -> Path:
    """Write a plugin that can be built and tested as it is.

    Args:
        name: What it is called.
        to: The folder in which its own is made.

    Returns:
        The folder of the plugin, which is there as a whole or not at all.

    Raises:
        PluginFolderTaken: Something of its name is there already.
        PluginTemplateMissing: There is nothing to copy.
        OutputNotWritable: The folder cannot be written.
    """
    folder = to / name.distribution
    if folder.exists():
        raise PluginFolderTaken(path=str(folder))
    package, engines = _template()
    try:
        with tempfile.TemporaryDirectory(prefix=".new-plugin-", dir=to) as beside:
            made = Path(beside) / folder.name
            _write(made, name, package, engines)
            made.rename(folder)
    except OSError as error:
        raise OutputNotWritable(path=str(folder), reason=error.strerror or str(error)) from error
    return folder


def _template() -> tuple[Path, list[str]]:
    """The folder of the installed template, and what its engines are called.

    Raises:
        PluginTemplateMissing: It is not installed.
    """
    try:
        template = import_module(_TEMPLATE)
    except ImportError as error:
        raise PluginTemplateMissing from error
    return Path(str(template.__file__)).parent, [spec.name for spec in template.inventoryai_engines()]


def _write(made: Path, name: PluginName, template: Path, engines: Sequence[str]) -> None:
    """All files of the plugin, in a folder that is made for them."""
    names = {engine: f"{name.word}_{engine}" for engine in engines}
    for source in sorted(template.rglob("*.py")):
        copy = made / name.package / source.relative_to(template)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(renamed(source.read_text("utf-8"), _TEMPLATE, name, names), "utf-8")
    (made / "tests").mkdir()
    written = {
        f"{name.package}/py.typed": "",
        "pyproject.toml": texts.project(name, version("inventoryai")),
        "README.md": texts.readme(name, tuple(names.values())),
        "tests/test_engines.py": texts.kit_test(name, tuple(names.values())),
    }
    for place, text in written.items():
        (made / place).write_text(text, "utf-8")
