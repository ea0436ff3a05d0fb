"""Which models forecast runs use: those that were current when the work on a run began."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import asyncpg

from inventoryai.domain.engines import AUTO
from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.forecasts import ForecastRequest, Reason
from inventoryai.domain.models import ModelId, ModelUse
from inventoryai.domain.periods import Frequency, as_day
from inventoryai.forecasting.states import Learnt, State
from inventoryai.ports.model_storage import PinnedModel
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import from_json, to_json

_UNPIN = "delete from forecast_models where company_id = $1 and forecast_id = $2"
_PIN = """
insert into forecast_models (company_id, forecast_id, engine, model_id)
select $1, $2, engine, id from models
where company_id = $1 and current and engine = any($3) and frequency = $4
    and md5(options::text) = md5(($5::jsonb)::text)
"""
_PINNED = """
select pinned.engine, frequency, trained_until, digest, state, renewed_digest, renewed
from forecast_models as pinned left join models on models.company_id = $1 and models.id = model_id
where pinned.company_id = $1 and forecast_id = $2 order by pinned.engine
"""
_SKIP = """
update forecast_models set unused_code = $4, unused_data = $5
where company_id = $1 and forecast_id = $2 and engine = $3 and unused_code is null
"""
_USES = """
select forecast_id, engine, model_id, unused_code, unused_data from forecast_models
where company_id = $1 and forecast_id = any($2) order by forecast_id, engine
"""


async def pin(
    session: Session, forecast_id: ForecastId, request: ForecastRequest, automatic: Collection[str]
) -> None:
    """Has a run use the models that are current now, and no others."""
    asked = sorted(automatic) if request.engine == AUTO else [request.engine]
    key = (session.company_id, forecast_id)
    await session.execute(_UNPIN, *key)
    await session.execute(_PIN, *key, asked, request.frequency.value, to_json(request.options))


async def pinned(session: Session, forecast_id: ForecastId) -> Sequence[PinnedModel]:
    """The models that a run uses, with what they have learnt."""
    rows = await session.fetch(_PINNED, session.company_id, forecast_id)
    return [PinnedModel(row["engine"], _learnt(row)) for row in rows]


async def pass_over(session: Session, forecast_id: ForecastId, engine: str, reason: Reason) -> None:
    """Notes why a run does not use a model after all; the first reason stays."""
    key = (session.company_id, forecast_id, engine)
    await session.execute(_SKIP, *key, reason.code, to_json(reason.data))


async def uses(
    session: Session, forecast_ids: Sequence[ForecastId]
) -> Mapping[ForecastId, tuple[ModelUse, ...]]:
    """Which models each run uses, of those that use any."""
    found: dict[ForecastId, list[ModelUse]] = defaultdict(list)
    for row in await session.fetch(_USES, session.company_id, list(forecast_ids)):
        code = row["unused_code"]
        unused = None if code is None else Reason(code, from_json(row["unused_data"]))
        use = ModelUse(row["engine"], ModelId(row["model_id"]), unused)
        found[ForecastId(row["forecast_id"])].append(use)
    return {run: tuple(models) for run, models in found.items()}


def _learnt(row: asyncpg.Record) -> Learnt | None:
    if row["state"] is None:
        return None
    until = Frequency(row["frequency"]).of_day(as_day(row["trained_until"]))
    renewed = None if row["renewed"] is None else State(row["renewed_digest"], row["renewed"])
    return Learnt(State(row["digest"], row["state"]), until, renewed)
