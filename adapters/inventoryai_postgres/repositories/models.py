"""Trained models, and which of them forecast runs use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.forecasts import ForecastRequest, Reason
from inventoryai.domain.jobs import JobId
from inventoryai.domain.models import (
    Lap,
    ModelId,
    ModelNotFound,
    ModelNotReady,
    ModelUse,
    NewModel,
    TrainingUnderWay,
)
from inventoryai.domain.paging import PageRequest
from inventoryai.ports.model_storage import Lineage, Model, ModelFilter, PinnedModel, Taught
from inventoryai_postgres.cursors import id_after
from inventoryai_postgres.repositories import pinning
from inventoryai_postgres.repositories.model_rows import MODEL_COLUMNS, model_of, scores_to_json
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import keepable, to_json

# Whoever begins a training, or takes a model into use, does so one after the other.
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2::text, 0))"
_UNDER_WAY = """
select from models as model join jobs as job on job.company_id = $1 and job.id = model.job_id
where model.company_id = $1 and model.engine = $2 and job.state in ('queued', 'running') limit 1
"""
# What earlier trainings have left is of no use any more: one runs at a time.
_FORGET = """
update models set checkpoint = null, renewed_checkpoint = null
where company_id = $1 and engine = $2 and (checkpoint is not null or renewed_checkpoint is not null)
"""
_ADD = """
insert into models (company_id, id, job_id, engine, frequency, options, seed, created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_SELECT = f"""
select {MODEL_COLUMNS} from models as model join jobs as job on job.id = model.job_id
where model.company_id = $1
"""
_GET = f"{_SELECT} and model.id = $2"
_LIST = f"""
{_SELECT} and ($2::uuid is null or model.id < $2) and ($3::text is null or engine = $3)
    and ($4::text is null or frequency = $4)
order by model.id desc limit $5
"""
_CHECKPOINTS = """
select checkpoint, renewed_checkpoint from models
where company_id = $1 and id = $2 and data_hash = $3 and versions = $4::jsonb
"""
_BEGIN = """
update models set data_hash = $3, versions = $4, products = $5, trained_until = $6,
    checkpoint = case when $7 then checkpoint end,
    renewed_checkpoint = case when $7 then renewed_checkpoint end
where company_id = $1 and id = $2
"""
_KEEP = {
    Lap.JUDGED: "update models set checkpoint = $3 where company_id = $1 and id = $2",
    Lap.RENEWED: "update models set renewed_checkpoint = $3 where company_id = $1 and id = $2",
}
_LAND = """
update models set state = $3, digest = $4, renewed = $5, renewed_digest = $6, renewed_until = $7, size = $8,
    scores = $9, checkpoint = null, renewed_checkpoint = null
where company_id = $1 and id = $2
"""
_RETIRE_OTHERS = """
update models as model set current = false
from models as chosen where chosen.company_id = $1 and chosen.id = $2 and model.company_id = $1
    and model.current and model.id <> $2 and model.engine = chosen.engine
    and model.frequency = chosen.frequency and md5(model.options::text) = md5(chosen.options::text)
"""
_USE = "update models set current = true where company_id = $1 and id = $2 and state is not null"
_RETIRE = "update models set current = false where company_id = $1 and id = $2"
_DELETE = "delete from models where company_id = $1 and id = $2"


@dataclass(frozen=True, slots=True)
class PostgresModels:
    """Trained models of the scope's company."""

    session: Session

    async def add(self, new: NewModel, job_id: JobId) -> None:
        """Keeps a new model; raises ``TrainingUnderWay``."""
        company_id, request = self.session.company_id, new.request
        engine = keepable(request.engine)
        await self.session.fetchrow(_ONE_AT_A_TIME, company_id, engine)
        if await self.session.fetchrow(_UNDER_WAY, company_id, engine) is not None:
            raise TrainingUnderWay(engine=engine)
        await self.session.execute(_FORGET, company_id, engine)
        await self.session.execute(
            _ADD,
            company_id,
            new.id,
            job_id,
            engine,
            request.frequency.value,
            to_json(request.options),
            new.seed,
            new.created_by,
            new.created_at,
        )

    async def get(self, model_id: ModelId) -> Model:
        """A model; raises ``ModelNotFound``."""
        row = await self.session.fetchrow(_GET, self.session.company_id, model_id)
        if row is None:
            raise ModelNotFound
        return model_of(row)

    async def list(self, page: PageRequest, only: ModelFilter) -> Sequence[Model]:
        """Models, newest first."""
        frequency = None if only.frequency is None else only.frequency.value
        engine = None if only.engine is None else keepable(only.engine)
        company_id, after = self.session.company_id, id_after(page)
        rows = await self.session.fetch(_LIST, company_id, after, engine, frequency, page.limit + 1)
        return [model_of(row) for row in rows]

    async def begin(self, model_id: ModelId, lineage: Lineage) -> Mapping[Lap, bytes]:
        """Notes what a model learns from; the checkpoints of an earlier attempt at the same."""
        key, versions = (self.session.company_id, model_id), to_json(lineage.versions)
        row = await self.session.fetchrow(_CHECKPOINTS, *key, lineage.data_hash, versions)
        facts = (lineage.data_hash, versions, lineage.products, lineage.trained_until)
        await self.session.execute(_BEGIN, *key, *facts, row is not None)
        if row is None:
            return {}
        kept = {Lap.JUDGED: row["checkpoint"], Lap.RENEWED: row["renewed_checkpoint"]}
        return {lap: checkpoint for lap, checkpoint in kept.items() if checkpoint is not None}

    async def keep(self, model_id: ModelId, lap: Lap, checkpoint: bytes) -> None:
        """Keeps what a lap of its training can be resumed from."""
        await self.session.execute(_KEEP[lap], self.session.company_id, model_id, checkpoint)

    async def land(self, model_id: ModelId, taught: Taught) -> None:
        """Keeps what a model has learnt, and how it did."""
        judged, renewed = taught.state, taught.renewed
        await self.session.execute(
            _LAND,
            self.session.company_id,
            model_id,
            judged.content,
            judged.digest,
            None if renewed is None else renewed.content,
            None if renewed is None else renewed.digest,
            taught.renewed_until,
            taught.size,
            scores_to_json(taught.scores),
        )

    async def use(self, model_id: ModelId) -> None:
        """Makes a model the current one; raises ``ModelNotFound`` or ``ModelNotReady``."""
        model = await self.get(model_id)
        await self.session.fetchrow(_ONE_AT_A_TIME, self.session.company_id, model.request.engine)
        await self.session.execute(_RETIRE_OTHERS, self.session.company_id, model_id)
        await self.get(model_id)  # it may have been deleted before the lock was ours
        if not await self.session.execute(_USE, self.session.company_id, model_id):
            raise ModelNotReady

    async def retire(self, model_id: ModelId) -> None:
        """Makes a model no current one; raises ``ModelNotFound``."""
        if not await self.session.execute(_RETIRE, self.session.company_id, model_id):
            raise ModelNotFound

    async def delete(self, model_id: ModelId) -> None:
        """Deletes a model whose training has ended."""
        await self.session.execute(_DELETE, self.session.company_id, model_id)

    async def pin(
        self, forecast_id: ForecastId, request: ForecastRequest, automatic: Collection[str]
    ) -> None:
        """Has a run use the models that are current now, and no others."""
        await pinning.pin(self.session, forecast_id, request, automatic)

    async def pinned(self, forecast_id: ForecastId) -> Sequence[PinnedModel]:
        """The models that a run uses, with what they have learnt."""
        return await pinning.pinned(self.session, forecast_id)

    async def pass_over(self, forecast_id: ForecastId, engine: str, reason: Reason) -> None:
        """Notes why a run does not use a model after all."""
        await pinning.pass_over(self.session, forecast_id, engine, reason)

    async def uses(self, forecast_ids: Sequence[ForecastId]) -> Mapping[ForecastId, tuple[ModelUse, ...]]:
        """Which models each run uses."""
        return await pinning.uses(self.session, forecast_ids)
