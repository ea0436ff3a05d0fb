"""Trained models, as they are kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.forecasts import ForecastRequest, Reason
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import Job, JobId
from inventoryai.domain.models import Lap, ModelId, ModelUse, NewModel, TrainingRequest
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.states import Learnt, State
from inventoryai.forecasting.summaries import Summary


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a model comes from.

    Attributes:
        data_hash: SHA-256 of what it learnt from, and of what it was judged by.
        versions: What was installed, by its name.
        products: How many it learnt from.
        trained_until: The first day that what is judged has not seen.
    """

    data_hash: str
    versions: Mapping[str, str]
    products: int
    trained_until: date


@dataclass(frozen=True, slots=True)
class ModelScores:
    """How a model did on the periods that were held back, beside what there was without it.

    Attributes:
        trained: The engine with what it learnt.
        zero_shot: The engine as it was shipped.
        auto: The automatic plan without the model; None where there is nothing for it to choose from.
        better: Whether the model beats the engine as it was shipped: by the mean pinball loss of totals,
            over the same products. A tie is no win.
    """

    trained: Summary
    zero_shot: Summary
    auto: Summary | None
    better: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """What a model has learnt, and how it did.

    Attributes:
        state: From before the periods held back; this is what was judged.
        scores: By those.
        renewed: From everything; None where the other was no better than no training, or that failed.
        renewed_until: The first day that ``renewed`` has not seen.
    """

    state: State
    scores: ModelScores
    renewed: State | None = None
    renewed_until: date | None = None

    @property
    def size(self) -> int:
        """Bytes of all of it."""
        return len(self.state.content) + (0 if self.renewed is None else len(self.renewed.content))


@dataclass(frozen=True, slots=True)
class Model:
    """A model as its company sees it. Its state is its job's.

    Attributes:
        current: Whether forecasts use it in place of the engine as it was shipped.
        lineage: None until its training has begun.
        scores: None until its training has succeeded.
        size: Bytes of what it learnt; None until then, too.
        renewed_until: The first day that has taught nothing to what forecasts; None where that is what was
            judged.
    """

    id: ModelId
    request: TrainingRequest
    seed: int
    created_by: UserId
    created_at: datetime
    current: bool
    lineage: Lineage | None
    scores: ModelScores | None
    size: int | None
    renewed_until: date | None
    job: Job


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """Which models: of an engine, of a frequency, or all."""

    engine: str | None = None
    frequency: Frequency | None = None


@dataclass(frozen=True, slots=True)
class PinnedModel:
    """A model that a forecast run uses; ``learnt`` is None when it was deleted in the meantime."""

    engine: str
    learnt: Learnt | None


class Models(Protocol):
    """Trained models of the scope's company."""

    async def add(self, new: NewModel, job_id: JobId) -> None:
        """Keeps a new model, to be trained.

        Raises:
            TrainingUnderWay: A training of its engine is queued or running.
        """
        ...

    async def get(self, model_id: ModelId) -> Model:
        """A model.

        Raises:
            ModelNotFound: There is none in this company.
        """
        ...

    async def list(self, page: PageRequest, only: ModelFilter) -> Sequence[Model]:
        """Models, newest first (``page.after`` is an id as text); up to ``limit + 1``."""
        ...

    async def begin(self, model_id: ModelId, lineage: Lineage) -> Mapping[Lap, bytes]:
        """Notes what a model learns from.

        Returns:
            The checkpoints of an earlier attempt, if that learnt from the same with the same versions; those
            of one that did not are forgotten.
        """
        ...

    async def keep(self, model_id: ModelId, lap: Lap, checkpoint: bytes) -> None:
        """Keeps what a lap of its training can be resumed from, in place of what was kept of that before."""
        ...

    async def land(self, model_id: ModelId, taught: Taught) -> None:
        """Keeps what a model has learnt, and how it did; its checkpoints are forgotten."""
        ...

    async def use(self, model_id: ModelId) -> None:
        """Makes a model the current one of its engine, frequency and options.

        Raises:
            ModelNotFound: There is none in this company.
            ModelNotReady: It has not learnt anything.
        """
        ...

    async def retire(self, model_id: ModelId) -> None:
        """Makes a model no current one; raises ``ModelNotFound``."""
        ...

    async def delete(self, model_id: ModelId) -> None:
        """Deletes a model whose training has ended."""
        ...

    async def pin(
        self, forecast_id: ForecastId, request: ForecastRequest, automatic: Collection[str]
    ) -> None:
        """Has a run use the models that are current now; forgets what an earlier attempt had pinned.

        Args:
            forecast_id: The run.
            request: What it is asked for: the model of its engine, frequency and options, if there is one.
            automatic: The engines that the automatic plan may choose, whose models a run of it uses.
        """
        ...

    async def pinned(self, forecast_id: ForecastId) -> Sequence[PinnedModel]:
        """The models that a run uses, with what they have learnt."""
        ...

    async def pass_over(self, forecast_id: ForecastId, engine: str, reason: Reason) -> None:
        """Notes why a run does not use a model after all; the first reason stays."""
        ...

    async def uses(self, forecast_ids: Sequence[ForecastId]) -> Mapping[ForecastId, tuple[ModelUse, ...]]:
        """Which models each run uses, of those that use any."""
        ...
