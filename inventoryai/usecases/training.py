"""The job that trains a model: teach an engine, judge it by what it has not seen, teach it that too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.jobs import Lease
from inventoryai.domain.models import Lap, ModelId, ModelNotRestored, TrainingTrouble
from inventoryai.ports.model_storage import Model, Taught
from inventoryai.ports.processes import DeadlineExceeded, MemoryExceeded
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.judging import JudgeModel
from inventoryai.usecases.lessons import Lesson, PrepareLesson
from inventoryai.usecases.models import check_training
from inventoryai.usecases.progressing import Progress
from inventoryai.usecases.teaching import TeachEngine, Teaching

LEARNT: Final = 45
"""Percent of a job that are done when the engine has learnt from what is not held back."""
JUDGED: Final = 55
"""Percent that are done when it has been judged; the rest is learning from everything."""


@dataclass(frozen=True, slots=True)
class TrainModel:
    """Trains an engine, judges it by the periods held back, and then teaches it those, too.

    What is judged tells whether the engine learns anything from this company, and is what the automatic
    plan tries on the past. What forecasts has learnt from everything, in the same way and from the same
    seed; where the judged one is no better than no training, or cannot be taught more, there is none. What
    the engine leaves to resume from is stored under the lease: an attempt that follows a crash, perhaps on
    another machine, is given it, as long as data and versions are the same. An engine that raises, hangs,
    crashes or returns what is no state ends its own job with the reason.
    """

    begin: UnitOfWork
    catalogue: EngineCatalogue
    prepare: PrepareLesson
    teach: TeachEngine
    judge: JudgeModel

    async def __call__(self, lease: Lease) -> None:
        """Raises what a training may end in, and ``EngineUnknown`` when this worker does not have it."""
        model_id = ModelId(UUID(lease.payload["model_id"]))
        async with self.begin(InCompany.of(lease)) as work:
            model = await work.models.get(model_id)
        check_training(self.catalogue, model.request)
        covariates = {name for one in self.catalogue.engines for name in one.covariates}
        engine = self.catalogue.get(model.request.engine)
        lesson = await self.prepare(InCompany.of(lease), model.request, engine, sorted(covariates))
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            kept = await work.models.begin(model.id, lesson.lineage)
        taught = await self._taught(lease, model, lesson, kept)
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            await work.models.land(model.id, taught)
            if taught.scores.better:
                await work.models.use(model.id)
            await work.jobs.advance(lease, 100)
            await work.jobs.succeed(lease)

    async def _taught(self, lease: Lease, model: Model, lesson: Lesson, kept: Mapping[Lap, bytes]) -> Taught:
        """What the engine has learnt, once and once more.

        What the first time has kept stays until the end: an attempt that dies later is soon there again.
        """
        first = Teaching(Lap.JUDGED, lesson.shown, kept.get(Lap.JUDGED), 0, LEARNT)
        state = await self.teach(lease, model, first)
        progress = Progress(
            self.begin,
            lease,
            JUDGED - LEARNT,
            len(lesson.whole),
            start=LEARNT,
            least=model.job.done,
        )
        async with progress.told():
            scores = await self.judge(lesson, model.request, state, model.seed, progress)
        if not scores.better:
            return Taught(state, scores)
        again = Teaching(Lap.RENEWED, lesson.everything, kept.get(Lap.RENEWED), JUDGED, 100 - JUDGED)
        try:
            return Taught(state, scores, await self.teach(lease, model, again), lesson.ends)
        except (TrainingTrouble, ModelNotRestored, DeadlineExceeded, MemoryExceeded):
            # What was judged is good as it is: it does not depend on whether more can be learnt.
            return Taught(state, scores)
