"""Texts and JSON as PostgreSQL can keep them: it has no NUL, and UTF-8 has no lone surrogates.

Both occur in what people send: file names, cells of a broken file.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

_UNKEEPABLE = "\N{REPLACEMENT CHARACTER}"


def keepable(text: str) -> str:
    """The text, with what cannot be kept replaced."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", _UNKEEPABLE)


def to_json(value: object) -> str:
    """JSON for a column of type jsonb. What JSON has no word for (a Decimal, a date, NaN) is its text."""
    return json.dumps(_cleaned(value), ensure_ascii=False, default=str)


def from_json(text: str | None) -> Any:
    """What ``to_json`` wrote; None for null."""
    return None if text is None else json.loads(text)


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, Mapping):
        return {keepable(str(key)): _cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
