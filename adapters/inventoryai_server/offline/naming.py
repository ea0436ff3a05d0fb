"""Saying of which file, or which option, a problem speaks: on a command line there are several."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inventoryai.domain.errors import Invalid, Locale
from inventoryai.domain.files import ParsedSales, ParsedStock
from inventoryai.domain.unreadable import FileProblem
from inventoryai.ports.spreadsheets import ReadOptions, SpreadsheetReader


class ProblemWith(Invalid):
    """A file or an option breaks a rule; the rule says which.

    Args:
        what: The file, or the option.
        problem: The broken rule.
    """

    code = "input.invalid"
    en = "{what}: {detail}"
    fr = "{what} : {detail}"

    def __init__(self, what: str, problem: Invalid) -> None:
        super().__init__(what=what, detail=problem.message())
        self.problem = problem

    def message(self, locale: Locale = "en") -> str:
        """The message, the rule's part of it in the same language."""
        text = self.fr if locale == "fr" else self.en
        return text.format(what=self.data["what"], detail=self.problem.message(locale))


@dataclass(frozen=True, slots=True)
class NamingReader:
    """Reads as another reader does, and names the file that cannot be taken: a ``SpreadsheetReader``."""

    reader: SpreadsheetReader

    def read_sales(self, path: Path, options: ReadOptions) -> ParsedSales:
        """As the other reader; raises ``ProblemWith`` where that raises a ``FileProblem``."""
        with _naming(path):
            return self.reader.read_sales(path, options)

    def read_stock(self, path: Path, options: ReadOptions) -> ParsedStock:
        """As the other reader; raises ``ProblemWith`` where that raises a ``FileProblem``."""
        with _naming(path):
            return self.reader.read_stock(path, options)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except FileProblem as problem:
        raise ProblemWith(path.name, problem) from None
