"""Trained models as they are kept, by the fakes and by the database alike."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from bookkeeping import rising_id
from people import NOON, Begin, Founded, found

from inventoryai.domain.forecast_runs import ForecastId, NewForecastRun
from inventoryai.domain.forecasts import ForecastRequest, Reason
from inventoryai.domain.jobs import JobId, JobKind, Lease, NewJob
from inventoryai.domain.models import (
    Lap,
    ModelId,
    ModelNotFound,
    ModelNotReady,
    ModelUse,
    NewModel,
    TrainingRequest,
    TrainingUnderWay,
)
from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai.domain.periods import Frequency, as_day
from inventoryai.forecasting.states import Learnt, State
from inventoryai.forecasting.summaries import Summary
from inventoryai.ports.model_storage import Lineage, ModelFilter, ModelScores, PinnedModel, Taught
from inventoryai.ports.storage import Dispatching
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

UNTIL = date(2026, 1, 5)
LINEAGE = Lineage("ab" * 32, {"python": "3.11.9", "numpy": "2.1.0"}, 12, UNTIL)
STATE = State.of(b'{"factor": 1.5}')
SUMMARY = Summary(12, 1, *(0.5 + 0.01 * number for number in range(13)))
SCORES = ModelScores(SUMMARY, replace(SUMMARY, tpl=0.9, mase=None), None, better=True)
TAUGHT = Taught(STATE, SCORES)
RENEWED = Taught(STATE, SCORES, State.of(b'{"factor": 1.25}'), date(2026, 3, 2))
LSTM = TrainingRequest("lstm", Frequency.DAY, {})


class Desk:
    """A company's models, and whoever trains them."""

    def __init__(self, storage: Begin, founded: Founded) -> None:
        self.storage, self.founded, self.scope = storage, founded, founded.scope

    @classmethod
    async def of(cls, storage: Begin) -> "Desk":
        return cls(storage, await found(storage))

    async def add(self, request: TrainingRequest = LSTM) -> tuple[ModelId, JobId]:
        admin = self.founded.admin.id
        new = NewModel(ModelId(rising_id()), request, 7, admin, NOON)
        job = NewJob(
            JobId(rising_id()), JobKind.TRAIN_MODEL, admin, {"model_id": str(new.id)}, "percent", 100
        )
        async with self.storage(self.scope) as work:
            await work.jobs.add(job)
            await work.models.add(new, job.id)
        return new.id, job.id

    async def claim(self, job_id: JobId) -> Lease | None:
        async with self.storage(Dispatching()) as work:
            return await work.dispatch.claim(job_id)

    async def trained(self, request: TrainingRequest = LSTM, taught: Taught = TAUGHT) -> ModelId:
        model_id, job_id = await self.add(request)
        lease = await self.claim(job_id)
        assert lease is not None
        async with self.storage(self.scope) as work:
            await work.models.begin(model_id, LINEAGE)
            await work.models.land(model_id, taught)
            await work.jobs.succeed(lease)
        return model_id

    async def call(self, name: str, *args: Any) -> Any:
        async with self.storage(self.scope) as work:
            return await getattr(work.models, name)(*args)


async def test_a_model_comes_back_as_it_was_asked_for(storage: Begin) -> None:
    desk = await Desk.of(storage)
    request = TrainingRequest("lstm", Frequency.WEEK, {"layers": 2})
    model_id, job_id = await desk.add(request)
    model = await desk.call("get", model_id)
    assert (model.id, model.request, model.seed, model.created_at) == (model_id, request, 7, NOON)
    assert (model.created_by, model.job.id, model.job.kind) == (
        desk.founded.admin.id,
        job_id,
        JobKind.TRAIN_MODEL,
    )
    assert (model.current, model.lineage, model.scores, model.size) == (False, None, None, None)


async def test_what_it_has_learnt_is_kept_with_where_it_comes_from(storage: Begin) -> None:
    desk = await Desk.of(storage)
    model = await desk.call("get", await desk.trained())
    assert (model.lineage, model.scores, model.size) == (LINEAGE, SCORES, len(STATE.content))
    assert (model.current, model.renewed_until) == (False, None)
    renewed = await desk.call("get", await desk.trained(taught=RENEWED))
    assert (renewed.scores, renewed.renewed_until) == (SCORES, RENEWED.renewed_until)
    assert renewed.size == RENEWED.size > model.size


async def test_R3_a_checkpoint_is_given_to_the_same_training_alone(storage: Begin) -> None:
    desk = await Desk.of(storage)
    model_id, _ = await desk.add()
    assert await desk.call("begin", model_id, LINEAGE) == {}
    await desk.call("keep", model_id, Lap.JUDGED, b"[1]")
    await desk.call("keep", model_id, Lap.JUDGED, b"[2]")
    again = replace(LINEAGE, versions=dict(LINEAGE.versions))
    assert await desk.call("begin", model_id, again) == {Lap.JUDGED: b"[2]"}
    await desk.call("keep", model_id, Lap.RENEWED, b"[3]")
    assert await desk.call("begin", model_id, again) == {Lap.JUDGED: b"[2]", Lap.RENEWED: b"[3]"}
    others = (replace(LINEAGE, data_hash="cd" * 32), replace(LINEAGE, versions={"python": "3.12.1"}))
    for other in others:
        await desk.call("begin", model_id, LINEAGE)
        for lap in Lap:
            await desk.call("keep", model_id, lap, b"[4]")
        assert await desk.call("begin", model_id, other) == {}
        assert await desk.call("begin", model_id, LINEAGE) == {}


async def test_one_training_of_an_engine_at_a_time(storage: Begin) -> None:
    desk, other = await Desk.of(storage), await Desk.of(storage)
    _, job_id = await desk.add()
    with pytest.raises(TrainingUnderWay):
        await desk.add(replace(LSTM, frequency=Frequency.WEEK))
    await desk.add(replace(LSTM, engine="gru"))
    await other.add()
    async with storage(desk.scope) as work:
        await work.jobs.request_cancel(job_id)
    await desk.add()


async def test_models_are_listed_newest_first_by_what_they_are(storage: Begin) -> None:
    desk = await Desk.of(storage)
    daily = await desk.trained()
    weekly = await desk.trained(replace(LSTM, frequency=Frequency.WEEK))
    other = await desk.trained(replace(LSTM, engine="gru"))

    async def listed(page: PageRequest, only: ModelFilter) -> list[ModelId]:
        return [model.id for model in await desk.call("list", page, only)]

    everything = PageRequest()
    assert await listed(everything, ModelFilter()) == [other, weekly, daily]
    assert await listed(PageRequest(limit=1), ModelFilter()) == [other, weekly]
    assert await listed(PageRequest(after=str(weekly)), ModelFilter()) == [daily]
    assert await listed(everything, ModelFilter(engine="lstm")) == [weekly, daily]
    assert await listed(everything, ModelFilter("lstm", Frequency.DAY)) == [daily]
    with pytest.raises(CursorInvalid):
        await listed(PageRequest(after="x"), ModelFilter())


async def test_one_model_is_current_for_an_engine_frequency_and_options(storage: Begin) -> None:
    desk = await Desk.of(storage)
    one, other = await desk.trained(), await desk.trained()
    apart = await desk.trained(replace(LSTM, options={"layers": 2}))

    async def current() -> set[ModelId]:
        return {model.id for model in await desk.call("list", PageRequest(), ModelFilter()) if model.current}

    for model_id in (apart, one, other):
        await desk.call("use", model_id)
    assert await current() == {apart, other}
    await desk.call("use", one)
    assert await current() == {apart, one}
    await desk.call("retire", one)
    await desk.call("retire", one)
    assert await current() == {apart}
    await desk.call("delete", apart)
    assert await current() == set()


async def test_only_what_has_learnt_something_can_be_used(storage: Begin) -> None:
    desk = await Desk.of(storage)
    model_id, _ = await desk.add()
    with pytest.raises(ModelNotReady):
        await desk.call("use", model_id)


async def test_S18_another_companys_model_is_not_there(storage: Begin) -> None:
    desk, other = await Desk.of(storage), await Desk.of(storage)
    model_id = await desk.trained()
    for name in ("get", "use", "retire"):
        for unknown in (model_id, ModelId(uuid4())):
            with pytest.raises(ModelNotFound):
                await other.call(name, unknown)
    await other.call("delete", model_id)
    assert list(await other.call("list", PageRequest(), ModelFilter())) == []
    assert (await desk.call("get", model_id)).size == len(STATE.content)


async def test_as_many_trainings_run_as_there_are_workers_and_other_jobs_beside_them(storage: Begin) -> None:
    """No worker is alive, as far as the fakes know; in the database others may have reported."""
    desk, other = await Desk.of(storage), await Desk.of(storage)
    (_, first), (_, second) = await desk.add(), await other.add()
    lease = await desk.claim(first)
    assert lease is not None
    async with storage(Dispatching()) as work:
        alive = len(await work.workers.live())
    late = await other.claim(second)
    assert (late is None) == (alive <= 1)
    async with storage(desk.scope) as work:
        await work.jobs.succeed(lease)
    late = late or await other.claim(second)
    assert late is not None
    async with storage(other.scope) as work:
        await work.jobs.succeed(late)


async def test_a_run_uses_the_models_that_were_current_when_it_was_cut(begin: PostgresUnitOfWork) -> None:
    desk = await Desk.of(begin)
    daily = await desk.trained()
    others = [replace(LSTM, frequency=Frequency.WEEK), replace(LSTM, options={"layers": 2})]
    for model_id in (daily, *[await desk.trained(one) for one in others]):
        await desk.call("use", model_id)
    gru = await desk.trained(replace(LSTM, engine="gru"), RENEWED)
    await desk.call("use", gru)
    run = await new_run(begin, desk)
    pinned = Learnt(STATE, as_day(UNTIL))
    renewed = replace(pinned, renewed=RENEWED.renewed)
    await desk.call("pin", run, ForecastRequest(7, "lstm"), {"gru"})
    assert await desk.call("pinned", run) == [PinnedModel("lstm", pinned)]
    await desk.call("pin", run, ForecastRequest(7, "auto"), {"gru", "lstm"})
    await desk.call("retire", gru)
    assert await desk.call("pinned", run) == [PinnedModel("gru", renewed), PinnedModel("lstm", pinned)]
    assert await desk.call("uses", [run]) == {run: (ModelUse("gru", gru), ModelUse("lstm", daily))}

    await desk.call("delete", gru)
    for code in ("model.gone", "model.not_restored"):
        await desk.call("pass_over", run, "gru", Reason(code, {"engine": "gru"}))
    assert await desk.call("pinned", run) == [PinnedModel("gru", None), PinnedModel("lstm", pinned)]
    reason = Reason("model.gone", {"engine": "gru"})
    assert await desk.call("uses", [run]) == {run: (ModelUse("gru", gru, reason), ModelUse("lstm", daily))}

    stranger = await Desk.of(begin)
    assert await stranger.call("pinned", run) == []
    assert await stranger.call("uses", [run]) == {}


async def new_run(begin: PostgresUnitOfWork, desk: Desk) -> ForecastId:
    new = NewForecastRun(ForecastId(rising_id()), ForecastRequest(7), None, 0, desk.founded.admin.id, NOON)
    job = NewJob(JobId(rising_id()), JobKind.FORECAST, desk.founded.admin.id, {}, "products")
    async with begin(desk.scope) as work:
        await work.jobs.add(job)
        await work.forecasts.add(new, job.id)
    return new.id
