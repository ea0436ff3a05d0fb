"""Jobs and workers, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from memory.job_book import Book
from memory.job_rows import FOR_EVER, JobRow, WorkerRow
from memory.rows import Transaction

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.jobs import (
    LEASE,
    MOST_ATTEMPTS,
    Heartbeat,
    Job,
    JobCancelled,
    JobCrashed,
    JobDependencyFailed,
    JobError,
    JobFinished,
    JobId,
    JobKind,
    JobNotFound,
    JobState,
    Lease,
    LeaseLost,
    NewJob,
    Swept,
    backoff,
)
from inventoryai.domain.paging import CursorInvalid, PageRequest

CRASHED = JobError.of(JobCrashed(attempts=MOST_ATTEMPTS))


@dataclass(frozen=True, slots=True)
class MemoryJobs:
    """Jobs of the scope's company."""

    transaction: Transaction

    @property
    def book(self) -> Book:
        return Book(self.transaction)

    async def add(self, *jobs: NewJob) -> None:
        now = self.transaction.now()
        for job in jobs:
            self.book.jobs[job.id] = JobRow(job, self.transaction.company_id, job.total, now, now)

    async def withdraw(self, job_id: JobId) -> None:
        row = self._find(job_id)
        if row is not None and row.state is JobState.QUEUED and not row.attempt:
            del self.book.jobs[job_id]

    async def get(self, job_id: JobId) -> Job:
        row = self._find(job_id)
        if row is None:
            raise JobNotFound
        return self.book.shown(row)

    async def list(self, page: PageRequest) -> Sequence[Job]:
        listed = (self._find(job_id) for job_id in sorted(self.book.jobs, reverse=True))
        after = _id_after(page)
        rows = [row for row in listed if row is not None and (after is None or row.new.id < after)]
        return [self.book.shown(row) for row in rows[: page.limit + 1]]

    async def request_cancel(self, job_id: JobId) -> Job:
        row = self._find(job_id)
        if row is None:
            raise JobNotFound
        if row.state.ended:
            raise JobFinished
        if row.state is JobState.QUEUED or row.waits_for_parts:
            self.book.end(replace(row, cancel_requested=True), JobState.CANCELLED)
            self.book.cancel_parts(job_id)
        else:
            self.book.change(row, cancel_requested=True)
        return await self.get(job_id)

    async def hold(self, lease: Lease) -> None:
        self._held(lease)

    async def advance(self, lease: Lease, done: int, total: int | None = None) -> None:
        row = self.book.held(lease)
        if row is not None:
            self.book.change(row, done=done, total=row.total if total is None else total)

    async def got_further(self, lease: Lease) -> None:
        row = self.book.held(lease)
        if row is not None and row.company_id == self.transaction.company_id:
            self.book.change(row, forgiven=max(row.forgiven, row.attempt - 1))

    async def succeed(self, lease: Lease) -> None:
        if lease.parent_id is not None:
            await self.finish_part(lease, 0)
        else:
            self.book.end(self._held(lease), JobState.SUCCEEDED)

    async def fail(self, lease: Lease, error: JobError) -> None:
        row = self.book.held(lease)
        if row is None:
            raise LeaseLost
        self.book.fail(row, error)

    async def wait_for_parts(self, lease: Lease, parts: Sequence[NewJob], total: int) -> None:
        self.book.change(self._held(lease), lease_until=FOR_EVER, done=0, total=total)
        await self.add(*parts)
        self._end_parent(lease.job_id)

    async def finish_part(self, lease: Lease, done: int) -> None:
        self.book.end(self._held(lease), JobState.SUCCEEDED)
        assert lease.parent_id is not None
        parent = self.book.jobs[lease.parent_id]
        self.book.change(parent, done=parent.done + done)
        self._end_parent(lease.parent_id)

    def _end_parent(self, parent: JobId) -> None:
        if all(part.state.ended for part in self.book.parts(parent)):
            self.book.end(self.book.jobs[parent], JobState.SUCCEEDED)

    def _find(self, job_id: JobId) -> JobRow | None:
        row = self.book.jobs.get(job_id)
        if row is None or row.new.parent_id is not None or row.company_id != self.transaction.company_id:
            return None
        return row

    def _held(self, lease: Lease) -> JobRow:
        row = self.book.held(lease)
        if row is None or row.company_id != self.transaction.company_id:
            raise LeaseLost
        if self.book.unwanted(row):
            raise JobCancelled
        return row


def _id_after(page: PageRequest) -> UUID | None:
    try:
        return None if page.after is None else UUID(page.after)
    except ValueError:
        raise CursorInvalid from None


@dataclass(frozen=True, slots=True)
class MemoryDispatch:
    """Leases of all companies' jobs."""

    transaction: Transaction

    @property
    def book(self) -> Book:
        return Book(self.transaction)

    async def claim(self, job_id: JobId) -> Lease | None:
        row, now = self.book.jobs.get(job_id), self.transaction.now()
        if row is None or self.book.unwanted(row) or row.attempts >= MOST_ATTEMPTS:
            return None
        free = row.state is JobState.QUEUED or row.lease_ran_out(now)
        if not free or row.not_before > now or not self.book.needed_succeeded(row) or self._full(row):
            return None
        self.book.change(
            row,
            state=JobState.RUNNING,
            attempt=row.attempt + 1,
            lease_until=now + LEASE,
            started_at=row.started_at or now,
        )
        new = row.new
        return Lease(
            job_id, new.kind, row.company_id, new.user_id, row.attempt + 1, new.payload, new.parent_id
        )

    def _full(self, row: JobRow) -> bool:
        """Whether there are as many trainings as workers, if it is one more."""
        now = self.transaction.now()
        trainings = [one for one in self._rows() if one.new.kind is JobKind.TRAIN_MODEL and one != row]
        running = sum(one.state is JobState.RUNNING and not one.lease_ran_out(now) for one in trainings)
        reports = self.transaction.rows.workers.values()
        workers = sum(one.seen_at > now - timedelta(minutes=1) for one in reports)
        return row.new.kind is JobKind.TRAIN_MODEL and running >= max(1, workers)

    async def renew(self, lease: Lease) -> Heartbeat:
        row = self.book.held(lease)
        if row is not None:
            self.book.change(row, lease_until=self.transaction.now() + LEASE)
        return await self.look(lease)

    async def look(self, lease: Lease) -> Heartbeat:
        row = self.book.held(lease)
        return Heartbeat(row is not None, row is not None and self.book.unwanted(row))

    async def release(self, lease: Lease, *, retry: bool) -> None:
        row = self.book.held(lease)
        if row is None:
            return
        if self.book.unwanted(row):
            self.book.end(row, JobState.CANCELLED)
        elif not retry:
            self._put_back(row, forgiven=row.forgiven + 1)
        elif row.attempts < MOST_ATTEMPTS:
            self._put_back(row, not_before=self.transaction.now() + backoff(row.attempts))
        else:
            self.book.fail(row, CRASHED)

    async def cancelled(self, lease: Lease) -> None:
        row = self.book.held(lease)
        if row is not None:
            self.book.end(row, JobState.CANCELLED)

    async def sent(self, jobs: Sequence[JobId]) -> None:
        for row in self._rows():
            if row.new.id in jobs and row.state is JobState.QUEUED:
                self.book.change(row, sent_at=self.transaction.now())

    async def sweep(self) -> Swept | None:
        parked = sum(self._free(row) for row in self._rows() if row.lease_ran_out(self.transaction.now()))
        for row in self._rows():
            if row.state is not JobState.QUEUED:
                continue
            if self.book.unwanted(row):
                self.book.end(row, JobState.CANCELLED)
            elif self.book.needed_in_vain(row):
                problem = JobDependencyFailed(job_id=str(row.new.after_id))
                self.book.end(row, JobState.FAILED, JobError.of(problem))
        return Swept(tuple(row.new.id for row in self._rows() if self._to_wake(row)), parked)

    def _rows(self) -> list[JobRow]:
        return list(self.book.jobs.values())

    def _free(self, row: JobRow) -> bool:
        """Takes back a lease that ran out; whether the job was given up."""
        if self.book.unwanted(row):
            self.book.end(row, JobState.CANCELLED)
        elif row.attempts < MOST_ATTEMPTS:
            self._put_back(row)
        else:
            self.book.fail(row, CRASHED)
            return True
        return False

    def _put_back(self, row: JobRow, **changes: Any) -> None:
        self.book.change(row, state=JobState.QUEUED, lease_until=None, sent_at=None, **changes)

    def _to_wake(self, row: JobRow) -> bool:
        now = self.transaction.now()
        told = row.sent_at is not None and row.sent_at > now - timedelta(seconds=30)
        rested = row.state is JobState.QUEUED and row.not_before <= now
        return rested and not told and self.book.needed_succeeded(row)


@dataclass(frozen=True, slots=True)
class MemoryWorkers:
    """Reports of workers."""

    transaction: Transaction

    async def report(self, worker_id: UUID, host: str, catalogue: EngineCatalogue) -> None:  # noqa: ARG002 - nobody asks a fake for it
        workers, now = self.transaction.rows.workers, self.transaction.now()
        for known, row in list(workers.items()):
            if row.seen_at < now - timedelta(days=1):
                del workers[known]
        workers[worker_id] = WorkerRow(catalogue, now)

    async def retire(self, worker_id: UUID) -> None:
        self.transaction.rows.workers.pop(worker_id, None)

    async def live(self) -> Sequence[EngineCatalogue]:
        now = self.transaction.now()
        rows = sorted(self.transaction.rows.workers.values(), key=lambda row: row.seen_at, reverse=True)
        return [row.catalogue for row in rows if row.seen_at > now - timedelta(minutes=1)]
