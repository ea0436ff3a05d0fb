"""Running the offline use cases: processes that end with the command, and a bar that shows how far it is."""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from inventoryai.domain.engines import RejectedPlugin
from inventoryai.domain.errors import Locale
from inventoryai.forecasting.discovery import unusable
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.engines import DescribeEngines
from inventoryai.usecases.offline import ForecastFile, OfflineLimits, Stage, Watch
from inventoryai.usecases.prediction import Predict
from inventoryai_processes import PooledProcesses
from inventoryai_server import settings
from inventoryai_server.offline.naming import NamingReader
from inventoryai_server.offline.words import STAGES
from inventoryai_server.standard_output import results_alone_on_stdout
from inventoryai_spreadsheets import CsvReader

T = TypeVar("T")

_CHUNK: Final = 250
"""Products in one call of an engine: few enough for the bar to move."""


@dataclass(slots=True)
class Run:
    """What there is to say of a run beside its result.

    Attributes:
        rejected: Plugins that were not used.
        seconds: How long each stage took.
    """

    rejected: tuple[RejectedPlugin, ...] = ()
    seconds: dict[Stage, float] = field(default_factory=dict)
    stage: Stage | None = None
    since: float = 0.0

    def enter(self, stage: Stage | None) -> None:
        """Ends a stage, and begins the next, which may be the same."""
        now = time.monotonic()
        if self.stage is not None:
            self.seconds[self.stage] = self.seconds.get(self.stage, 0.0) + now - self.since
        self.stage, self.since = stage, now


def run(locale: Locale, ask: Callable[[ForecastFile, Watch], Awaitable[T]]) -> tuple[T, Run]:
    """Answer a question in processes of its own, all of which have ended when it returns or raises.

    Args:
        locale: The language of the bar.
        ask: Called with the use case, ready to be used, and with whom to tell how far it is.
    """
    about = Run()
    with results_alone_on_stdout(), _bar(locale, about) as watch:
        return asyncio.run(_answer(ask, watch, about)), about


async def _answer(ask: Callable[[ForecastFile, Watch], Awaitable[T]], watch: Watch, about: Run) -> T:
    read = settings.read(settings.from_environment())
    disabled, memory = frozenset(read.plugins.disabled), read.work.memory
    processes = PooledProcesses(read.work.processes)
    try:
        catalogue = await DescribeEngines(processes, memory=memory)(disabled)
        about.rejected = catalogue.rejected
        limits = PredictionLimits(memory=memory, chunk=_CHUNK, at_once=2 * processes.workers)
        predict = Predict(processes, catalogue, limits, disabled | unusable(catalogue))
        reader = NamingReader(CsvReader())
        return await ask(ForecastFile(reader, processes, predict, OfflineLimits(memory=memory)), watch)
    finally:
        await processes.close()


@contextmanager
def _bar(locale: Locale, about: Run) -> Iterator[Watch]:
    """A bar on standard error that goes away at the end; nothing at all where that is no terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    hidden = not sys.stderr.isatty() or console.is_dumb_terminal
    rows: dict[Stage, TaskID] = {}
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:

        def watch(stage: Stage, done: int, total: int | None) -> None:
            about.enter(stage)
            if stage not in rows:
                rows[stage] = progress.add_task(STAGES[stage](locale), total=total)
            progress.update(rows[stage], completed=done, total=total)

        yield watch
    about.enter(None)


@contextmanager
def stopped_like_ctrl_c() -> Iterator[None]:
    """SIGTERM and a closed terminal stop a command as Ctrl-C does, with everything cleaned up behind it."""

    def stop(number: int, frame: FrameType | None) -> None:
        # asyncio puts its own handler there while it runs; a background job may have none.
        handler = signal.getsignal(signal.SIGINT)
        (handler if callable(handler) else signal.default_int_handler)(number, frame)

    named = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # What is ignored stays ignored: that is what nohup is for.
    numbers = [number for number in named if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
