"""In which language somebody is answered: what they accept, else their account's, else English."""

import re
from typing import Any, Final

from litestar.connection import ASGIConnection

from inventoryai.domain.errors import LOCALES, Locale

_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?"
)
_LONGEST: Final = 1_000


def accepted(header: str) -> Locale | None:
    """The language that an ``Accept-Language`` header likes best; None when it names none of ours.

    Of equal weights the first named wins. ``*`` names nothing: programs send it without a thought.
    """
    weights: dict[str, float] = {}
    for part in header[:_LONGEST].split(","):
        if match := _RANGE.fullmatch(part):
            weights.setdefault(match[1].lower(), float(match[2] or 1))
    liked = [locale for name in weights for locale in LOCALES if locale == name and weights[name] > 0]
    return max(liked, key=lambda locale: weights[locale], default=None)


def remember(connection: ASGIConnection[Any, Any, Any, Any], locale: Locale) -> None:
    """Notes the language of the account behind this request."""
    connection.scope["state"]["locale"] = locale


def language(connection: ASGIConnection[Any, Any, Any, Any]) -> Locale:
    """The language to answer this request in."""
    own: Locale = connection.scope.get("state", {}).get("locale", "en")
    return accepted(connection.headers.get("accept-language", "")) or own
