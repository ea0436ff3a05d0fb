"""What is wrong with the lines of a file, gathered while it is read."""

from collections import Counter
from heapq import nsmallest

import numpy as np

from inventoryai.domain.files import RECORDED_PROBLEMS, VALUE_LENGTH, LineProblems
from inventoryai.domain.sales import LineProblem


class ProblemLog:
    """Counts every faulty line, and keeps the first of them."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._entries: list[tuple[int, str, str, str]] = []

    def add(self, problem: type[LineProblem], line: int, text: str, header: str = "") -> None:
        """One line; the lines of one problem come in the order of the file."""
        if self._counts[problem.code] < RECORDED_PROBLEMS:
            self._entries.append((line, problem.code, header, text[:VALUE_LENGTH]))
        self._counts[problem.code] += 1

    def count(self, problem: type[LineProblem], lines: int) -> None:
        """Lines that come after those worth keeping."""
        self._counts[problem.code] += lines

    def problems(self) -> LineProblems:
        """Everything gathered, in the order of the file."""
        entries = nsmallest(RECORDED_PROBLEMS, self._entries)
        line, code, column, value = zip(*entries, strict=True) if entries else ((), (), (), ())
        counts = {code: count for code, count in sorted(self._counts.items()) if count}
        return LineProblems(np.array(line, dtype=np.int64), code, column, value, counts)
