"""Every error with its code, status and messages, on the page that the ``type`` of an error leads to."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib import import_module
from pkgutil import iter_modules

from litestar import MediaType, get

import inventoryai.domain
import inventoryai.ports
import inventoryai.usecases
from inventoryai.domain.errors import KINDS, Problem, every_problem
from inventoryai_http.problems import status_of

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Errors</title></head>
<body>
<h1>Errors</h1>
<p>What an answer with <code>application/problem+json</code> may say in <code>code</code>.</p>
<table>
<tr><th>code</th><th>status</th><th>English</th><th>Français</th></tr>
{rows}
</table>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An error as it is listed; ``status`` is None for one that is told inside of answers, never as one."""

    code: str
    status: int | None
    en: str
    fr: str


def know_every_error() -> None:
    """Imports whatever defines an error, so that one which a worker stored can be told in words here."""
    for package in (inventoryai.domain, inventoryai.ports, inventoryai.usecases):
        for module in iter_modules(package.__path__, package.__name__ + "."):
            import_module(module.name)


def entries() -> Iterator[Entry]:
    """Every error of the core and of HTTP, by code."""
    know_every_error()
    ours = ("inventoryai.", "inventoryai_http.")
    for kind in sorted(every_problem(), key=lambda one: one.code):
        if kind.__module__.startswith(ours):
            yield Entry(kind.code, _status(kind), kind.en, kind.fr)


def _status(kind: type[Problem]) -> int | None:
    answered = issubclass(kind, KINDS) or kind.code == "server.error"
    return status_of(kind) if answered else None


@get("/errors", include_in_schema=False, media_type=MediaType.HTML)
async def errors_page() -> str:
    """Answers 200 with the page on which every ``type`` of an error stands."""
    rows = (
        f'<tr id="{escape(one.code)}"><td><code>{escape(one.code)}</code></td><td>{one.status or ""}</td>'
        f"<td>{escape(one.en)}</td><td>{escape(one.fr)}</td></tr>"
        for one in entries()
    )
    return _PAGE.format(rows="\n".join(rows))
