"""Trained models on the wire."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct

from inventoryai.domain import models
from inventoryai.domain.errors import Locale
from inventoryai.domain.jobs import JobState
from inventoryai.domain.periods import Frequency
from inventoryai.ports import model_storage
from inventoryai_http.schemas.jobs import JOB_EXAMPLE, JobSummary
from inventoryai_http.schemas.marks import Accuracy
from inventoryai_http.schemas.reasons import Reason

_MODEL_ID = "01935c90-6a10-7c42-9d21-1e8f5a7b3c01"


class NewModel(Struct, frozen=True, forbid_unknown_fields=True):
    """What to train: an engine, for forecasts of one frequency, with options as forecasts take them."""

    engine: str
    frequency: Frequency = Frequency.DAY
    options: dict[str, Any] = {}

    example: ClassVar[dict[str, Any]] = {"engine": "lstm", "frequency": "day"}

    def understood(self) -> models.TrainingRequest:
        """What it says, for the use case."""
        return models.TrainingRequest(self.engine, self.frequency, self.options)


class ModelScores(Struct, frozen=True):
    """How three answers did on the periods held back: ``tpl`` decides whether the model is ``better``.

    ``trained`` is the model, ``zero_shot`` its engine as it was shipped, ``auto`` the automatic plan without
    the model, or null where there was nothing for it to choose from.
    """

    trained: Accuracy
    zero_shot: Accuracy
    auto: Accuracy | None
    better: bool

    @classmethod
    def of(cls, scores: model_storage.ModelScores) -> "ModelScores":
        """As it is sent."""
        auto = None if scores.auto is None else Accuracy.of_summary(scores.auto)
        return cls(
            trained=Accuracy.of_summary(scores.trained),
            zero_shot=Accuracy.of_summary(scores.zero_shot),
            auto=auto,
            better=scores.better,
        )


class Model(Struct, frozen=True):
    """A trained model; what is not known before its training has begun, or succeeded, is null.

    ``current`` says whether forecasts use it, ``unused`` why a good one is not by itself; ``trained_until``
    is the first day that what was judged has not seen, ``renewed_until`` the same of what forecasts, where
    that has learnt from everything; ``products`` how many it learnt from, ``size`` its bytes.
    """

    id: UUID
    engine: str
    frequency: Frequency
    options: dict[str, Any]
    state: JobState
    current: bool
    unused: Reason | None
    scores: ModelScores | None
    trained_until: date | None
    renewed_until: date | None
    products: int | None
    seed: int
    data_hash: str | None
    versions: dict[str, str] | None
    size: int | None
    created_at: datetime
    job: JobSummary

    example: ClassVar[dict[str, Any]] = {
        "id": _MODEL_ID,
        "engine": "lstm",
        "frequency": "day",
        "options": {},
        "state": "succeeded",
        "current": True,
        "unused": None,
        "scores": {
            "trained": {**Accuracy.example, "tpl": 1.7},
            "zero_shot": Accuracy.example,
            "auto": {**Accuracy.example, "tpl": 1.8},
            "better": True,
        },
        "trained_until": "2026-01-04",
        "renewed_until": "2026-03-01",
        "products": 240,
        "seed": 0,
        "data_hash": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        "versions": {"python": "3.11.9", "numpy": "2.1.0", "inventoryai-lstm": "1.0"},
        "size": 2_400_312,
        "created_at": "2026-03-01T09:00:00Z",
        "job": {**JOB_EXAMPLE, "state": "succeeded", "progress": 1.0},
    }

    @classmethod
    def of(cls, model: model_storage.Model, locale: Locale) -> "Model":
        """As it is sent."""
        lineage, scores = model.lineage, model.scores
        return cls(
            id=model.id,
            engine=model.request.engine,
            frequency=model.request.frequency,
            options=dict(model.request.options),
            state=model.job.state,
            current=model.current,
            unused=_unused(model, locale),
            scores=None if scores is None else ModelScores.of(scores),
            trained_until=None if lineage is None else lineage.trained_until,
            renewed_until=model.renewed_until,
            products=None if lineage is None else lineage.products,
            seed=model.seed,
            data_hash=None if lineage is None else lineage.data_hash,
            versions=None if lineage is None else dict(lineage.versions),
            size=model.size,
            created_at=model.created_at,
            job=JobSummary.of(model.job, locale),
        )


def _unused(model: model_storage.Model, locale: Locale) -> Reason | None:
    if model.current or model.scores is None or model.scores.better:
        return None
    return Reason.of_problem(models.ModelNoBetter(engine=model.request.engine), locale)


class ModelUse(Struct, frozen=True):
    """A model that a forecast uses in place of an engine; ``unused`` says why it does not after all."""

    engine: str
    model_id: UUID
    unused: Reason | None

    example: ClassVar[dict[str, Any]] = {"engine": "lstm", "model_id": _MODEL_ID, "unused": None}

    @classmethod
    def of(cls, use: models.ModelUse, locale: Locale) -> "ModelUse":
        """As it is sent."""
        unused = use.unused
        reason = None if unused is None else Reason.of_code(unused.code, unused.data, locale)
        return cls(use.engine, use.model_id, reason)
