"""Time that passes for a job, without anybody waiting: its row says that something was longer ago."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from memory.storage import MemoryUnitOfWork, MemoryWork
from people import Begin

from inventoryai.domain.jobs import JobId
from inventoryai.ports.storage import Dispatching

_AGO = "update jobs set {column} = {column} - $2::interval where id = $1"


async def let_lease_run_out(storage: Begin, job_id: JobId) -> None:
    await _move(storage, job_id, "lease_until", timedelta(minutes=2))


async def let_rest(storage: Begin, job_id: JobId, rest: timedelta) -> None:
    await _move(storage, job_id, "not_before", rest)


async def let_message_be_lost(storage: Begin, job_id: JobId) -> None:
    await _move(storage, job_id, "sent_at", timedelta(minutes=1))


async def _move(storage: Begin, job_id: JobId, column: str, ago: timedelta) -> None:
    async with storage(Dispatching()) as work:
        if not isinstance(work, MemoryWork):
            assert await work.session.execute(_AGO.format(column=column), job_id, ago)
    if isinstance(storage, MemoryUnitOfWork):
        row: Any = storage.rows.jobs[job_id]
        storage.rows.jobs[job_id] = replace(row, **{column: getattr(row, column) - ago})


async def let_worker_fall_silent(storage: Begin, worker_id: UUID) -> None:
    ago = timedelta(minutes=2)
    async with storage(Dispatching()) as work:
        if not isinstance(work, MemoryWork):
            silence = "update workers set seen_at = seen_at - $2::interval where id = $1"
            assert await work.session.execute(silence, worker_id, ago)
    if isinstance(storage, MemoryUnitOfWork):
        row = storage.rows.workers[worker_id]
        storage.rows.workers[worker_id] = replace(row, seen_at=row.seen_at - ago)
