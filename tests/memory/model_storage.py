"""Trained models, in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from memory.job_book import Book
from memory.rows import ModelRow, Transaction

from inventoryai.domain.engines import AUTO
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
from inventoryai.domain.periods import as_day
from inventoryai.forecasting.states import Learnt
from inventoryai.ports.model_storage import Lineage, Model, ModelFilter, PinnedModel, Taught
from inventoryai_postgres.cursors import id_after


@dataclass(frozen=True, slots=True)
class MemoryModels:
    """Trained models of the scope's company."""

    transaction: Transaction

    async def add(self, new: NewModel, job_id: JobId) -> None:
        jobs = self.transaction.rows.jobs
        for row in self._mine():
            if row.new.request.engine == new.request.engine:
                if not jobs[row.job_id].state.ended:
                    raise TrainingUnderWay(engine=new.request.engine)
                self._change(row.new.id, checkpoints={})
        self.transaction.rows.models[self.transaction.company_id, new.id] = ModelRow(new, job_id)

    async def get(self, model_id: ModelId) -> Model:
        return self._shown(self._row(model_id))

    async def list(self, page: PageRequest, only: ModelFilter) -> Sequence[Model]:
        after = id_after(page)
        found = [
            row
            for row in sorted(self._mine(), key=lambda row: row.new.id, reverse=True)
            if (after is None or row.new.id < after)
            and only.engine in {None, row.new.request.engine}
            and only.frequency in {None, row.new.request.frequency}
        ]
        return [self._shown(row) for row in found[: page.limit + 1]]

    async def begin(self, model_id: ModelId, lineage: Lineage) -> Mapping[Lap, bytes]:
        row = self._row(model_id)
        before = row.lineage
        same = before is not None and (before.data_hash, before.versions) == (
            lineage.data_hash,
            lineage.versions,
        )
        checkpoints = row.checkpoints if same else {}
        self._change(model_id, lineage=lineage, checkpoints=checkpoints)
        return checkpoints

    async def keep(self, model_id: ModelId, lap: Lap, checkpoint: bytes) -> None:
        self._change(model_id, checkpoints={**self._row(model_id).checkpoints, lap: checkpoint})

    async def land(self, model_id: ModelId, taught: Taught) -> None:
        self._change(model_id, taught=taught, checkpoints={})

    async def use(self, model_id: ModelId) -> None:
        chosen = self._row(model_id)
        if chosen.taught is None:
            raise ModelNotReady
        for row in self._mine():
            if row.new.request == chosen.new.request:
                self._change(row.new.id, current=row.new.id == model_id)

    async def retire(self, model_id: ModelId) -> None:
        self._row(model_id)
        self._change(model_id, current=False)

    async def delete(self, model_id: ModelId) -> None:
        self.transaction.rows.models.pop((self.transaction.company_id, model_id), None)

    async def pin(
        self, forecast_id: ForecastId, request: ForecastRequest, automatic: Collection[str]
    ) -> None:
        uses, company = self.transaction.rows.model_uses, self.transaction.company_id
        for key in [key for key in uses if key[:2] == (company, forecast_id)]:
            del uses[key]
        asked = automatic if request.engine == AUTO else {request.engine}
        for row in self._mine():
            own = row.new.request
            same = own.frequency == request.frequency and own.options == request.options
            if row.current and same and own.engine in asked:
                uses[company, forecast_id, own.engine] = ModelUse(own.engine, row.new.id)

    async def pinned(self, forecast_id: ForecastId) -> Sequence[PinnedModel]:
        used = (await self.uses([forecast_id])).get(forecast_id, ())
        return [PinnedModel(use.engine, self._learnt(use.model_id)) for use in used]

    async def pass_over(self, forecast_id: ForecastId, engine: str, reason: Reason) -> None:
        uses, key = self.transaction.rows.model_uses, (self.transaction.company_id, forecast_id, engine)
        if key in uses and uses[key].unused is None:
            uses[key] = replace(uses[key], unused=reason)

    async def uses(self, forecast_ids: Sequence[ForecastId]) -> Mapping[ForecastId, tuple[ModelUse, ...]]:
        found: dict[ForecastId, tuple[ModelUse, ...]] = {}
        for (company, run, _), use in sorted(self.transaction.rows.model_uses.items()):
            if company == self.transaction.company_id and run in forecast_ids:
                found[run] = (*found.get(run, ()), use)
        return found

    def _learnt(self, model_id: ModelId) -> Learnt | None:
        row = self.transaction.rows.models.get((self.transaction.company_id, model_id))
        if row is None or row.taught is None or row.lineage is None:
            return None
        until = row.new.request.frequency.of_day(as_day(row.lineage.trained_until))
        return Learnt(row.taught.state, until, row.taught.renewed)

    def _mine(self) -> tuple[ModelRow, ...]:
        rows = self.transaction.rows.models.items()
        return tuple(row for (company, _), row in rows if company == self.transaction.company_id)

    def _row(self, model_id: ModelId) -> ModelRow:
        row = self.transaction.rows.models.get((self.transaction.company_id, model_id))
        if row is None:
            raise ModelNotFound
        return row

    def _change(self, model_id: ModelId, **changes: Any) -> None:
        row = self._row(model_id)
        self.transaction.rows.models[self.transaction.company_id, model_id] = replace(row, **changes)

    def _shown(self, row: ModelRow) -> Model:
        return Model(
            id=row.new.id,
            request=row.new.request,
            seed=row.new.seed,
            created_by=row.new.created_by,
            created_at=row.new.created_at,
            current=row.current,
            lineage=row.lineage,
            scores=None if row.taught is None else row.taught.scores,
            size=None if row.taught is None else row.taught.size,
            renewed_until=None if row.taught is None else row.taught.renewed_until,
            job=Book(self.transaction).shown(self.transaction.rows.jobs[row.job_id]),
        )
