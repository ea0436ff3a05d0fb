"""Saying in the log which job starts, and how it ended.

What is said is the id of a job, its kind and figures: nothing of what is in it, nor whose it is. Parts
have a logger of their own, since a large forecast has many; people at a console are spared them.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Final

from inventoryai.domain.errors import Problem
from inventoryai.domain.jobs import Job, JobId, JobState, Lease
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.jobs import JobHandler, RunJob

logger = logging.getLogger(__name__)
parts = logging.getLogger("inventoryai_workers.parts")


@dataclass(slots=True)
class _Held:
    """A job that this worker had a lease of, and for how long it was at it."""

    lease: Lease
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0


_MINE: Final = ContextVar[list[_Held]]("what the call at hand has a lease of")
"""Not by the job's id: of two calls for one job, as wake-ups come twice, only one gets the lease."""


def told(run_job: RunJob) -> Callable[[JobId], Awaitable[None]]:
    """Runs jobs as ``run_job`` does, with a line when one starts and one when it has ended."""
    noted = replace(run_job, handlers={kind: _noting(one) for kind, one in run_job.handlers.items()})

    async def run(job_id: JobId) -> None:
        mine: list[_Held] = []
        before = _MINE.set(mine)
        try:
            await noted(job_id)
        finally:
            _MINE.reset(before)
        for one in mine:
            await _tell_end(one, run_job.begin)

    return run


def _noting(handler: JobHandler) -> JobHandler:
    async def handle(lease: Lease) -> None:
        one = _Held(lease)
        _MINE.get().append(one)
        _say_start(lease)
        try:
            await handler(lease)
        finally:
            one.seconds = round(time.monotonic() - one.began, 3)

    return handle


async def _tell_end(one: _Held, begin: UnitOfWork) -> None:
    """A part ends its forecast, too, when it is the last; two that land at once may both say so."""
    lease = one.lease
    if lease.parent_id is not None:
        parts.info("part left", extra={**_named(lease), "seconds": one.seconds})
    # What cannot be read now, or was deleted meanwhile, is not worth a failure.
    with suppress(Problem):
        async with begin(InCompany.of(lease)) as work:
            job = await work.jobs.get(lease.parent_id or lease.job_id)
        if job.state.ended:
            logger.info("job ended", extra=_ended(job))
        elif job.state is JobState.QUEUED:
            logger.info("job is tried again later", extra={**_named(lease), "seconds": one.seconds})


def _say_start(lease: Lease) -> None:
    if lease.parent_id is None:
        logger.info("job started", extra=_named(lease))
    else:
        parts.info("part started", extra=_named(lease))


def _named(lease: Lease) -> dict[str, object]:
    return {"kind": lease.kind.value, "job_id": str(lease.job_id), "attempt": lease.attempt}


def _ended(job: Job) -> dict[str, object]:
    """Seconds from the first start to the end, waiting between attempts and for parts included."""
    took = None if job.started_at is None or job.finished_at is None else job.finished_at - job.started_at
    return {
        "kind": job.kind.value,
        "job_id": str(job.id),
        "state": job.state.value,
        "seconds": None if took is None else round(took.total_seconds(), 3),
        job.unit: job.done,
        **({} if job.error is None else {"code": job.error.code}),
    }
