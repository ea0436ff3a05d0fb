"""Teaching an engine in a process of its own: what it says is heard, and what it keeps is stored."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NoReturn

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.errors import Unavailable
from inventoryai.domain.jobs import Lease
from inventoryai.domain.models import Lap, TrainingDied, TrainingFailed
from inventoryai.forecasting import Panel
from inventoryai.forecasting.discovery import unneeded
from inventoryai.forecasting.states import State
from inventoryai.forecasting.training import Pupil, Word, heard, kept, train_engine
from inventoryai.ports.model_storage import Model
from inventoryai.ports.processes import ProcessDied, Processes, TaskFailed
from inventoryai.ports.scratch import Scratch
from inventoryai.ports.storage import InCompany, UnitOfWork

LEAST_MEMORY: Final = 2 << 30
"""Bytes that training may take, however little a forecast may."""


@dataclass(frozen=True, slots=True)
class TrainingLimits:
    """What teaching one model once may cost.

    Attributes:
        deadline: Seconds.
        memory: Bytes.
        look: How often the job looks how far the engine is.
        store: How often, at most, a checkpoint is stored: they may be large, and many.
    """

    deadline: float = 3600.0
    memory: int = LEAST_MEMORY
    look: timedelta = timedelta(seconds=1)
    store: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, eq=False)
class Teaching:
    """What an engine is taught, and where that stands in its job.

    Attributes:
        lap: Whether it is the first time or the second.
        panel: What it learns from.
        checkpoint: What an earlier attempt has kept of the same.
        start: Percent of the job that are done before it.
        share: Percent of the job that it makes.
    """

    lap: Lap
    panel: Panel
    checkpoint: bytes | None
    start: int
    share: int


@dataclass(frozen=True, slots=True)
class TeachEngine:
    """Teaches an engine under a lease; whichever of teaching and listening fails, the other ends, too.

    Attributes:
        processes: Where engines are trained: not where others wait to forecast.
    """

    begin: UnitOfWork
    processes: Processes
    scratch: Scratch
    catalogue: EngineCatalogue
    limits: TrainingLimits = TrainingLimits()
    disabled: frozenset[str] = frozenset()

    async def __call__(self, lease: Lease, model: Model, teaching: Teaching) -> State:
        """What the engine has learnt; whatever goes wrong with it comes out as a Problem."""
        name, options = model.request.engine, dict(model.request.options)
        disabled = self.disabled | unneeded(self.catalogue, name)
        async with self.scratch() as folder:
            pupil = Pupil(name, options, disabled, folder, teaching.checkpoint)
            try:
                return State.of(await self._heard(lease, model, pupil, teaching))
            except ProcessDied as end:
                raise TrainingDied(engine=name, exit_code=end.data["exit_code"]) from end
            except TaskFailed as failure:
                raise TrainingFailed(engine=name, error=str(failure)) from failure

    async def _heard(self, lease: Lease, model: Model, pupil: Pupil, teaching: Teaching) -> bytes:
        deadline, memory = self.limits.deadline, self.limits.memory
        learning = asyncio.ensure_future(
            self.processes.run(
                train_engine, pupil, teaching.panel, model.seed, deadline=deadline, memory=memory
            )
        )
        listening = asyncio.ensure_future(self._listen(lease, model, pupil.folder, teaching))
        tasks: set[asyncio.Future[Any]] = {learning, listening}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return (learning if learning in done else done.pop()).result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, lease: Lease, model: Model, folder: Path, teaching: Teaching) -> NoReturn:
        """Tells how far the engine is, and stores what it has kept; what cannot be stored now is later."""
        told, rests = Word(), 0.0
        while True:
            await asyncio.sleep(self.limits.look.total_seconds())
            rests -= self.limits.look.total_seconds()
            word = await asyncio.to_thread(heard, folder)
            if rests > 0:
                word = replace(word, kept=told.kept)
            if word == told:
                continue
            new = word.kept not in {None, told.kept}
            checkpoint = await asyncio.to_thread(kept, folder) if new else None
            with suppress(Unavailable):
                await self._store(lease, model, teaching, word.done, checkpoint)
                told, rests = word, self.limits.store.total_seconds() if new else rests

    async def _store(
        self, lease: Lease, model: Model, teaching: Teaching, done: float, checkpoint: bytes | None
    ) -> None:
        """Writes down how far an engine is, and the checkpoint that it has kept, if that is a new one."""
        async with self.begin(InCompany.of(lease)) as work:
            if checkpoint is not None:
                await work.jobs.hold(lease)
                await work.models.keep(model.id, teaching.lap, checkpoint)
                await work.jobs.got_further(lease)
            percent = teaching.start + int(teaching.share * done)
            # An attempt that goes over what an earlier one has done says nothing less than that.
            await work.jobs.advance(lease, max(percent, model.job.done))
