"""The language of whoever sits at the terminal, and texts that are fit to be shown there."""

from collections.abc import Mapping
from typing import Final

from inventoryai.domain.errors import Locale

_DECIDING: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order of POSIX: the first that says anything decides."""


def language(environment: Mapping[str, str]) -> Locale:
    """French where the environment asks for it (``LANG=fr_CM.UTF-8``), else English."""
    asked = next((value for name in _DECIDING if (value := environment.get(name))), "")
    return "fr" if asked.lower().startswith("fr") else "en"


def legible(text: str) -> str:
    """A text without what would steer a terminal; what a faulty file holds may be anything."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)
