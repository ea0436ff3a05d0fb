"""What a new plugin may be called, and what it is called everywhere."""

import keyword
import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

from inventoryai.domain.engines import AUTO
from inventoryai.domain.errors import Conflict, Invalid

_SHAPE: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LONGEST: Final = 24
"""Letters: engines are called by it and by what they do, in 40 letters at most."""
_RESERVED: Final = frozenset(
    {AUTO, "fallback", "inventoryai", "plugin", "template", "test", "tests", "testing"}
)


class PluginNameInvalid(Invalid):
    """The name can be no package's."""

    code = "plugin.name_invalid"
    en = (
        "{name} cannot be the name of a plugin: take up to {longest} lower-case letters, digits and "
        "hyphens, beginning with a letter."
    )
    fr = (
        "{name} ne peut pas être le nom d’un plugin : prenez au plus {longest} lettres minuscules, chiffres "
        "et traits d’union, en commençant par une lettre."
    )


class PluginNameReserved(Conflict):
    """The name has a meaning of its own, or belongs to a package that is installed."""

    code = "plugin.name_reserved"
    en = "{name} is taken: by this project, by Python, or by a package that is installed. Take another name."
    fr = "{name} est déjà pris : par ce projet, par Python ou par un paquet installé. Prenez un autre nom."


@dataclass(frozen=True, slots=True)
class PluginName:
    """A name that a plugin may have: ``acme-trend``.

    Raises:
        PluginNameInvalid: It does not look like one.
        PluginNameReserved: It is somebody's already.
    """

    name: str

    def __post_init__(self) -> None:
        if len(self.name) > _LONGEST or not _SHAPE.fullmatch(self.name):
            raise PluginNameInvalid(name=self.name, longest=_LONGEST)
        if self.name in _RESERVED or keyword.iskeyword(self.name) or find_spec(self.package):
            raise PluginNameReserved(name=self.name)

    @property
    def word(self) -> str:
        """As part of a Python name, and of those of its engines: ``acme_trend``."""
        return self.name.replace("-", "_")

    @property
    def package(self) -> str:
        """What is imported: ``inventoryai_acme_trend``."""
        return f"inventoryai_{self.word}"

    @property
    def distribution(self) -> str:
        """What is installed, and the folder that holds it: ``inventoryai-acme-trend``."""
        return f"inventoryai-{self.name.replace('_', '-')}"
