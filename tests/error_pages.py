"""What ``docs/errors.md`` says: every error there is, as its class says it.

python tests/error_pages.py > docs/errors.md
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

ROOT = Path(__file__).parent.parent
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "adapters")]

import inventoryai  # noqa: E402 - when run as a script, the path has to be set first
import inventoryai_http  # noqa: E402
import inventoryai_postgres  # noqa: E402
import inventoryai_server  # noqa: E402
import inventoryai_workers  # noqa: E402
from inventoryai.domain.errors import KINDS, Problem, every_problem  # noqa: E402
from inventoryai.domain.forecasts import ForecastReason  # noqa: E402
from inventoryai.domain.models import ModelReason, TrainingTrouble  # noqa: E402
from inventoryai.domain.sales import LineProblem  # noqa: E402
from inventoryai.domain.unreadable import FileProblem  # noqa: E402
from inventoryai_http.problems import TITLES, ServerError, status_of  # noqa: E402

OURS = (inventoryai, inventoryai_http, inventoryai_postgres, inventoryai_server, inventoryai_workers)
_NOT_IMPORTED = ("inventoryai.forecasting.testing", "inventoryai_server.__main__")
INSIDE = {
    FileProblem: "Why a file could not be read at all: `error.code` of its job",
    LineProblem: "Why a line of a file was not taken, or was left out on purpose",
    TrainingTrouble: "Why a training came to nothing: `error.code` of its job",
    ModelReason: "Why a model is not used: `unused.code`",
    ForecastReason: "Why a product got the forecast it got: `reason.code`",
}


def every_error() -> list[type[Problem]]:
    """All errors of the product, by code."""
    for package in OURS:
        for module in walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.startswith(_NOT_IMPORTED):
                import_module(module.name)
    names = tuple(package.__name__ + "." for package in OURS)
    ours = [one for one in every_problem() if f"{one.__module__}.".startswith(names)]
    return sorted(ours, key=lambda one: one.code)


def answered(problem: type[Problem]) -> bool:
    """Whether an answer may be this error, and not only speak of it."""
    from_api = problem.__module__.startswith(("inventoryai.", "inventoryai_http."))
    told_inside = issubclass(problem, tuple(INSIDE))
    return from_api and not told_inside and (issubclass(problem, KINDS) or problem is ServerError)


def section(problem: type[Problem]) -> str:
    """The heading under which an error stands."""
    if answered(problem):
        status = status_of(problem)
        return f"{status}: {TITLES[status][0]}"
    for kind, heading in INSIDE.items():
        if issubclass(problem, kind):
            return heading
    if problem.__module__.startswith("inventoryai."):
        return "Why a job failed for a reason of ours"
    return "What the command line says"


def page() -> str:
    """The whole page."""
    sections: dict[str, list[type[Problem]]] = defaultdict(list)
    for problem in every_error():
        sections[section(problem)].append(problem)
    by_status = sorted(sections, key=lambda heading: (not heading[:3].isdigit(), heading))
    return "\n".join([*_head(), *(line for one in by_status for line in _table(one, sections[one]))]) + "\n"


def _head() -> list[str]:
    return [
        "# Errors",
        "",
        "Every error of the API is `application/problem+json` (RFC 9457). Programs look at `code`, which",
        "does not change; people read `title` and `detail`, in English or French by `Accept-Language`.",
        "Invalid input also lists `errors`, each with `field`, `code` and `message`.",
    ]


def _table(heading: str, problems: list[type[Problem]]) -> Iterator[str]:
    yield from ("", f"## {heading}", "", "| code | English | français |", "|---|---|---|")
    for problem in problems:
        yield f"| `{problem.code}` | {_cell(problem.en)} | {_cell(problem.fr)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(page())
