"""Which lines of a table are taken: each line has one verdict, and the counts add up by construction."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.files import RECORDED_PROBLEMS
from inventoryai.domain.sales import LineProblem
from inventoryai_spreadsheets.cells import Fault
from inventoryai_spreadsheets.problems import ProblemLog
from inventoryai_spreadsheets.tables import Table

_ALSO: Final = {"quantity": "on_hand", "amount": "unit_price"}


@dataclass(slots=True)
class Judgement:
    """The verdict on each line: 0 is taken, another number is a problem.

    Attributes:
        table: The lines.
        problems: The problems met so far; verdict v stands for ``problems[v - 1]``.
        verdict: int16[n].
    """

    table: Table
    problems: list[type[LineProblem]]
    verdict: NDArray[np.int16]

    @classmethod
    def of(cls, table: Table) -> "Judgement":
        """Nothing is wrong with any line yet."""
        return cls(table, [], np.zeros(len(table), dtype=np.int16))

    @property
    def good(self) -> NDArray[np.bool_]:
        """bool[n], the lines against which nothing has been said."""
        good: NDArray[np.bool_] = self.verdict == 0
        return good

    def reject_texts(self, field: str, faults: tuple[Fault, ...]) -> None:
        """Say of every line what is wrong with its text in one column."""
        if any(faults):
            numbers = np.array([self._number(fault) for fault in faults], dtype=np.int16)
            self._say(numbers[self.table.columns[field].codes])

    def say(self, problem: type[LineProblem], lines: NDArray[np.bool_]) -> None:
        """Say one thing of the lines of a mask. What was said first of a line stands."""
        if lines.any():
            self._say(np.where(lines, np.int16(self._number(problem)), np.int16(0)))

    def counts(self) -> Counter[type[LineProblem]]:
        """How many lines each problem has."""
        found = np.bincount(self.verdict, minlength=len(self.problems) + 1)[1:]
        return Counter(dict(zip(self.problems, found.tolist(), strict=True)))

    def record(self, log: ProblemLog, ignored: tuple[type[LineProblem], ...] = ()) -> None:
        """Hand the rejected lines to the log, the first of them with what was written there."""
        for number, problem in enumerate(self.problems, start=1):
            if problem not in ignored:
                lines = np.flatnonzero(self.verdict == number)
                self._record(log, problem, lines)

    def _record(self, log: ProblemLog, problem: type[LineProblem], lines: NDArray[np.int64]) -> None:
        column = self.table.columns.get(problem.column)
        column = column or self.table.columns[_ALSO[problem.column]]
        for at in lines[:RECORDED_PROBLEMS].tolist():
            log.add(problem, int(self.table.lines[at]), column.texts[column.codes[at]], column.header)
        log.count(problem, max(0, len(lines) - RECORDED_PROBLEMS))

    def _number(self, problem: Fault) -> int:
        if problem is None:
            return 0
        if problem not in self.problems:
            self.problems.append(problem)
        return self.problems.index(problem) + 1

    def _say(self, verdict: NDArray[np.int16]) -> None:
        self.verdict = np.where(self.good, verdict, self.verdict)
