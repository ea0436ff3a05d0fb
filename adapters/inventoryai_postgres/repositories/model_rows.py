"""Trained models as rows."""

from dataclasses import asdict
from typing import Any, Final

import asyncpg

from inventoryai.domain.identity import UserId
from inventoryai.domain.models import ModelId, TrainingRequest
from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.summaries import Summary
from inventoryai.ports.model_storage import Lineage, Model, ModelScores
from inventoryai_postgres.repositories.job_rows import JOB_COLUMNS, job_of
from inventoryai_postgres.texts import from_json, to_json

MODEL_COLUMNS: Final = f"""
model.id, model.engine, model.frequency, model.options, model.seed, model.created_by, model.created_at,
model.data_hash, model.versions, model.products, model.trained_until, model.size, model.scores,
model.renewed_until, model.current, {JOB_COLUMNS}
"""
"""What ``model_of`` reads, of tables that the query calls ``model`` and ``job``."""


def model_of(row: asyncpg.Record) -> Model:
    """The model in a row of ``MODEL_COLUMNS``."""
    return Model(
        id=ModelId(row["id"]),
        request=TrainingRequest(row["engine"], Frequency(row["frequency"]), from_json(row["options"])),
        seed=row["seed"],
        created_by=UserId(row["created_by"]),
        created_at=row["created_at"],
        current=row["current"],
        lineage=_lineage(row),
        scores=_scores(from_json(row["scores"])),
        size=row["size"],
        renewed_until=row["renewed_until"],
        job=job_of(row),
    )


def scores_to_json(scores: ModelScores) -> str:
    """Scores as they are kept."""
    return to_json(asdict(scores))


def _lineage(row: asyncpg.Record) -> Lineage | None:
    if row["data_hash"] is None:
        return None
    versions = from_json(row["versions"])
    return Lineage(row["data_hash"], versions, row["products"], row["trained_until"])


def _scores(kept: dict[str, Any] | None) -> ModelScores | None:
    if kept is None:
        return None
    auto = kept["auto"]
    return ModelScores(
        trained=Summary(**kept["trained"]),
        zero_shot=Summary(**kept["zero_shot"]),
        auto=None if auto is None else Summary(**auto),
        better=kept["better"],
    )
