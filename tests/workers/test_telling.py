"""What a worker and the scheduler say in the log while all is well."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from workplace import Workplace

from inventoryai.domain.jobs import JobId, JobKind, Lease, NewJob
from inventoryai.ports.storage import InCompany
from inventoryai_workers import run_schedule, told

_OURS = "inventoryai_workers."


@pytest.fixture(autouse=True)
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    # Whoever set up a console in this process before has silenced the parts.
    caplog.set_level(logging.INFO, logger=f"{_OURS}parts")
    return caplog


def figures(record: logging.LogRecord, *names: str) -> Mapping[str, Any]:
    return {name: vars(record)[name] for name in names}


def lines(said: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    ours = [record for record in said.records if record.name.startswith(_OURS)]
    return [(record.name.removeprefix(_OURS), record.getMessage()) for record in ours]


async def test_a_job_is_told_of_when_it_starts_and_when_it_ends(
    workplace: Workplace, said: pytest.LogCaptureFixture
) -> None:
    member = await workplace.company()
    imported = await workplace.upload(member)
    await told(workplace.run_job())(imported.job.id)
    assert lines(said) == [("telling", "job started"), ("telling", "job ended")]
    started, ended = said.records
    job = {"kind": "import", "job_id": str(imported.job.id)}
    assert figures(started, "kind", "job_id", "attempt") == {**job, "attempt": 1}
    assert figures(ended, "kind", "job_id", "state", "rows") == {**job, "state": "succeeded", "rows": 2}
    assert vars(ended)["seconds"] >= 0
    everything = str([vars(record) for record in said.records])
    assert str(member.company_id) not in everything
    assert str(member.user_id) not in everything
    assert "ventes.csv" not in everything


async def test_a_job_that_fails_is_told_of_with_its_code(
    workplace: Workplace, said: pytest.LogCaptureFixture
) -> None:
    member = await workplace.company()
    imported = await workplace.upload(member, b"what,is,this\n1,2,3\n")
    await told(workplace.run_job())(imported.job.id)
    ended = said.records[-1]
    job = await workplace.job(member, imported.job.id)
    assert job.error is not None
    assert figures(ended, "state", "code") == {"state": "failed", "code": job.error.code}


async def test_a_job_that_crashes_is_told_to_be_tried_again(
    workplace: Workplace, said: pytest.LogCaptureFixture
) -> None:
    async def crash(lease: Lease) -> None:
        raise RuntimeError(lease.kind)

    imported = await workplace.upload(await workplace.company())
    await told(replace(workplace, handlers={JobKind.IMPORT: crash}).run_job())(imported.job.id)
    assert lines(said) == [("telling", "job started"), ("telling", "job is tried again later")]


async def test_a_job_in_parts_ends_once_and_its_parts_are_told_of_elsewhere(
    workplace: Workplace, said: pytest.LogCaptureFixture
) -> None:
    member = await workplace.company()
    imported = await workplace.upload(member)
    ids = [JobId(uuid4()), JobId(uuid4())]

    async def cut(lease: Lease) -> None:
        parts = [
            NewJob(one, JobKind.FORECAST_PART, member.user_id, {}, "rows", parent_id=lease.job_id)
            for one in ids
        ]
        async with workplace.begin(InCompany.of(lease)) as work:
            await work.jobs.wait_for_parts(lease, parts, 6)

    async def finish(lease: Lease) -> None:
        async with workplace.begin(InCompany.of(lease)) as work:
            await work.jobs.finish_part(lease, 3)

    handlers = {JobKind.IMPORT: cut, JobKind.FORECAST_PART: finish}
    run = told(replace(workplace, handlers=handlers).run_job())
    for job_id in (imported.job.id, *ids):
        await run(job_id)
    assert lines(said) == [
        ("telling", "job started"),
        ("parts", "part started"),
        ("parts", "part left"),
        ("parts", "part started"),
        ("parts", "part left"),
        ("telling", "job ended"),
    ]
    assert figures(said.records[-1], "job_id", "rows") == {"job_id": str(imported.job.id), "rows": 6}


async def test_a_job_of_which_a_worker_is_told_twice_is_told_of_once(
    workplace: Workplace, said: pytest.LogCaptureFixture
) -> None:
    imported = await workplace.upload(await workplace.company())
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait(lease: Lease) -> None:
        begun.set()
        await go_on.wait()
        async with workplace.begin(InCompany.of(lease)) as work:
            await work.jobs.succeed(lease)

    run = told(replace(workplace, handlers={JobKind.IMPORT: wait}).run_job())
    first = asyncio.ensure_future(run(imported.job.id))
    await begun.wait()
    await run(imported.job.id)
    go_on.set()
    await first
    assert lines(said) == [("telling", "job started"), ("telling", "job ended")]


async def test_a_job_that_is_not_to_be_had_is_not_told_of(
    workplace: Workplace, said: pytest.LogCaptureFixture
) -> None:
    await told(workplace.run_job())(JobId(uuid4()))
    assert lines(said) == []


async def test_the_scheduler_says_that_it_is_there(
    workplace: Workplace, said: pytest.LogCaptureFixture
) -> None:
    scheduling = asyncio.create_task(run_schedule(workplace.redis_url))
    while ("schedule", "scheduler ready") not in lines(said):  # noqa: ASYNC110 - a log raises no event
        await asyncio.sleep(0.01)
    scheduling.cancel()
    await asyncio.wait({scheduling})
