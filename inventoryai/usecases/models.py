"""Trained models: asking for one, comparing, taking into use, rolling back, deleting."""

from contextlib import suppress
from dataclasses import dataclass

from inventoryai.domain.companies import Membership
from inventoryai.domain.engines import AUTO, EngineCatalogue
from inventoryai.domain.jobs import JobFinished, JobId, JobKind, NewJob
from inventoryai.domain.models import EngineNotTrainable, ModelId, NewModel, TrainingRequest
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.model_storage import Model, ModelFilter
from inventoryai.ports.queue import JobQueue
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.engines import ListEngines
from inventoryai.usecases.forecasts import SEED


def check_training(catalogue: EngineCatalogue, request: TrainingRequest) -> None:
    """Compare what is to be trained with the engines that there are.

    Raises:
        EngineUnknown, EngineNotTrainable, EngineOptionsInvalid: It cannot be done.
    """
    trainable = ", ".join(sorted(one.name for one in catalogue.engines if one.trainable))
    if request.engine == AUTO:
        raise EngineNotTrainable(engine=AUTO, trainable=trainable)
    request.check(catalogue.get(request.engine), trainable)


@dataclass(frozen=True, slots=True)
class StartTraining:
    """Trains an engine on the company's own sales, as a job that tells how far it is and can be stopped.

    The last periods are held back, and the model is compared on them with the engine as it was shipped and
    with ``auto``. It is taken into use by itself only if it beats the former. One training of an engine
    runs at a time. While no worker runs, the request is taken and checked by the job.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    engines: ListEngines
    queue: JobQueue

    async def __call__(self, member: Membership, request: TrainingRequest) -> Model:
        """The model, queued.

        Raises:
            EngineUnknown, EngineNotTrainable, EngineOptionsInvalid, TrainingUnderWay: It cannot be trained.
        """
        if (catalogue := await self.engines()).engines:
            check_training(catalogue, request)
        new = NewModel(
            id=ModelId(self.identifiers.new()),
            request=request,
            seed=SEED,
            created_by=member.user_id,
            created_at=self.clock.now(),
        )
        job = NewJob(
            id=JobId(self.identifiers.new()),
            kind=JobKind.TRAIN_MODEL,
            user_id=member.user_id,
            payload={"model_id": str(new.id)},
            unit="percent",
            total=100,
        )
        async with self.begin(InCompany.of(member)) as work:
            await work.jobs.add(job)
            await work.models.add(new, job.id)
            model = await work.models.get(new.id)
        await self.queue.wake([job.id])
        return model


@dataclass(frozen=True, slots=True)
class GetModel:
    """A trained model: where it comes from, how it did on periods it had not seen, and whether it is used."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, model_id: ModelId) -> Model:
        """Raises ``ModelNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            return await work.models.get(model_id)


@dataclass(frozen=True, slots=True)
class ListModels:
    """The company's models, newest first; of an engine or a frequency alone, if asked."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest, only: ModelFilter) -> Page[Model]:
        """One page."""
        async with self.begin(InCompany.of(member)) as work:
            return Page.cut(await work.models.list(page, only), page, lambda model: str(model.id))


@dataclass(frozen=True, slots=True)
class UseModel:
    """Makes a model the current one of its engine, frequency and options, in place of any other.

    Forecasts that are asked for from now on use it; so an older model is rolled back to.
    """

    begin: UnitOfWork

    async def __call__(self, member: Membership, model_id: ModelId) -> Model:
        """The model as it is then; raises ``ModelNotFound`` or ``ModelNotReady``."""
        async with self.begin(InCompany.of(member)) as work:
            await work.models.use(model_id)
            return await work.models.get(model_id)


@dataclass(frozen=True, slots=True)
class RetireModel:
    """Takes a model out of use: its engine forecasts as it was shipped, until another is taken into use.

    The model is kept. To retire one that is not in use changes nothing.
    """

    begin: UnitOfWork

    async def __call__(self, member: Membership, model_id: ModelId) -> Model:
        """The model as it is then; raises ``ModelNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            await work.models.retire(model_id)
            return await work.models.get(model_id)


@dataclass(frozen=True, slots=True)
class DeleteModel:
    """Stops a training that has not ended, as cancelling its job does; one that has is deleted for good.

    If it was in use, its engine forecasts as it was shipped from then on. The job stays listed.
    """

    begin: UnitOfWork

    async def __call__(self, member: Membership, model_id: ModelId) -> None:
        """Raises ``ModelNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            model = await work.models.get(model_id)
            # It may end between the look and the request; then it is one that has ended.
            with suppress(JobFinished):
                await work.jobs.request_cancel(model.job.id)
                return
            await work.models.delete(model_id)
