"""Text that people type: trimmed, normalised, bounded, without control characters."""

import unicodedata
from typing import Final

from inventoryai.domain.errors import Invalid

NAME_LENGTH: Final = 200
_TURNS: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class TextEmpty(Invalid):
    """A text that says nothing."""

    code = "text.empty"
    en = "This must not be empty."
    fr = "Ce champ ne doit pas être vide."


class TextTooLong(Invalid):
    """A text longer than its place."""

    code = "text.too_long"
    en = "This is longer than {most} characters."
    fr = "Ce texte dépasse {most} caractères."


class TextHasControlCharacters(Invalid):
    """NUL, line breaks, marks that turn the direction of writing, where a plain text is meant."""

    code = "text.control_characters"
    en = "This contains control characters (line break, tab, NUL, mark of direction)."
    fr = "Ce texte contient des caractères de contrôle (saut de ligne, tabulation, NUL, marque de direction)."


def clean(text: str, *, most: int = NAME_LENGTH) -> str:
    """The text in Unicode form NFC, without outer white space.

    Raises:
        TextEmpty: Nothing is left.
        TextTooLong: Over ``most`` characters.
        TextHasControlCharacters: It holds control or surrogate characters, or such as let a text
            pass for another by turning the direction in which it is shown.
    """
    if len(text) > 4 * most:
        raise TextTooLong(most=most)
    tidy = unicodedata.normalize("NFC", text).strip()
    if not tidy:
        raise TextEmpty
    if len(tidy) > most:
        raise TextTooLong(most=most)
    if not tidy.isprintable() and any(map(_controls, tidy)):
        raise TextHasControlCharacters
    return tidy


def _controls(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} or unicodedata.bidirectional(character) in _TURNS


def clean_or_none(text: str | None, *, most: int = NAME_LENGTH) -> str | None:
    """As ``clean``; nothing, or white space alone, is None."""
    return clean(text, most=most) if text is not None and text.strip() else None
