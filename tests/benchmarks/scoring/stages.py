"""What a worker spends its time on while it forecasts."""

import functools
import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from inventoryai.forecasting.selection import LEVELS
from inventoryai.ports.processes import Processes
from inventoryai.usecases import automatic, prediction
from inventoryai.usecases.assembling import AssembleHistories
from inventoryai_postgres.repositories.accuracy import PostgresAccuracies
from inventoryai_postgres.repositories.forecasts import PostgresForecasts
from inventoryai_postgres.repositories.sales import PostgresSales
from inventoryai_postgres.repositories.stock import PostgresStock

T = TypeVar("T")

BACKTESTS: Final = "backtests, by the engines"
FINAL: Final = "final predictions, by the engines"
STAGES: Final[dict[str, list[tuple[Any, str]]]] = {
    "reading history": [(PostgresSales, "history"), (PostgresStock, "sightings")],
    "assembling": [(AssembleHistories, "_panel")],
    "cutting windows": [(automatic, "_windows")],
    BACKTESTS: [],
    "weighing": [(automatic, "weigh")],
    FINAL: [],
    "combining": [(prediction, "_part_of")],
    "scoring": [(automatic, "_trials")],
    "landing forecasts": [(PostgresForecasts, "land")],
    "landing scores": [(PostgresAccuracies, "land")],
}
"""Where each stage is done; engines are told apart by what they are asked."""


@dataclass(slots=True)
class Spent:
    """Seconds of the clock, summed over parts that go on at the same time; and of a processor.

    What waits for the database, or for a process to be free, takes none of the latter; and what the
    database takes is not in it.
    """

    clock: float = 0.0
    processor: float = 0.0
    calls: int = 0

    def add(self, clock: float, processor: float) -> None:
        """One call more."""
        self.clock += clock
        self.processor += processor
        self.calls += 1


@dataclass(slots=True)
class Stopwatch:
    """Times stages while a worker works."""

    spent: dict[str, Spent] = field(default_factory=lambda: defaultdict(Spent))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Times what ``STAGES`` names. Loud when one of them has gone."""
        with ExitStack() as stack:
            for stage, places in STAGES.items():
                for owner, name in places:
                    original = inspect.getattr_static(owner, name)
                    setattr(owner, name, self._timed(stage, original))
                    stack.callback(setattr, owner, name, original)
            yield

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            clock, processor = time.perf_counter(), time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.spent[stage].add(time.perf_counter() - clock, time.thread_time() - processor)

        @functools.wraps(function)
        async def wait(*args: Any, **kwargs: Any) -> Any:
            clock = time.perf_counter()
            try:
                return await function(*args, **kwargs)
            finally:
                self.spent[stage].add(time.perf_counter() - clock, 0.0)

        return wait if inspect.iscoroutinefunction(function) else call


@dataclass(frozen=True, slots=True)
class TimedProcesses:
    """Processes that tell a stopwatch what each engine took in them."""

    inner: Processes
    stopwatch: Stopwatch

    async def run(self, function: Callable[..., T], /, *args: object, deadline: float, memory: int) -> T:
        """As ``Processes.run``."""
        answer, clock, processor = await self.inner.run(
            clocked, function, *args, deadline=deadline, memory=memory
        )
        stage = BACKTESTS if any(one is LEVELS or one == LEVELS for one in args) else FINAL
        self.stopwatch.spent[stage].add(clock, processor)
        return cast("T", answer)


def clocked(function: Callable[..., T], *args: object) -> tuple[T, float, float]:
    """What a function returns, and what it took of the clock and of a processor, in the other process."""
    clock, processor = time.perf_counter(), time.process_time()
    answer = function(*args)
    return answer, time.perf_counter() - clock, time.process_time() - processor
