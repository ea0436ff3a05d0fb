"""What the fakes of jobs and of their dispatch have in common."""

from dataclasses import dataclass, replace
from typing import Any

from memory.job_rows import JobRow
from memory.rows import Transaction

from inventoryai.domain.jobs import Job, JobError, JobId, JobState, Lease


@dataclass(frozen=True, slots=True)
class Book:
    """Every job there is, and what the repositories of jobs have in common."""

    transaction: Transaction

    @property
    def jobs(self) -> dict[JobId, JobRow]:
        return self.transaction.rows.jobs

    def change(self, row: JobRow, **changes: Any) -> None:
        self.jobs[row.new.id] = replace(row, **changes)

    def end(self, row: JobRow, state: JobState, error: JobError | None = None) -> None:
        self.change(row, state=state, error=error, lease_until=None, finished_at=self.transaction.now())

    def held(self, lease: Lease) -> JobRow | None:
        row = self.jobs.get(lease.job_id)
        return row if row is not None and row.held_by(lease) else None

    def parent(self, row: JobRow) -> JobRow | None:
        return None if row.new.parent_id is None else self.jobs[row.new.parent_id]

    def parts(self, parent: JobId) -> list[JobRow]:
        return [row for row in self.jobs.values() if row.new.parent_id == parent]

    def shown(self, row: JobRow) -> Job:
        """A job with what its running parts have done so far."""
        running = sum(part.done for part in self.parts(row.new.id) if part.state is JobState.RUNNING)
        return replace(row, done=row.done + running).shown()

    def unwanted(self, row: JobRow) -> bool:
        parent = self.parent(row)
        return row.cancel_requested or (parent is not None and parent.state is not JobState.RUNNING)

    def cancel_parts(self, parent: JobId) -> None:
        for part in self.parts(parent):
            if part.state is JobState.QUEUED:
                self.end(part, JobState.CANCELLED)

    def fail(self, row: JobRow, error: JobError) -> None:
        self.end(row, JobState.FAILED, error)
        parent = self.parent(row)
        if parent is not None and parent.state is JobState.RUNNING:
            self.end(parent, JobState.FAILED, error)
            self.cancel_parts(parent.new.id)

    def needed_succeeded(self, row: JobRow) -> bool:
        return row.new.after_id is None or self.jobs[row.new.after_id].state is JobState.SUCCEEDED

    def needed_in_vain(self, row: JobRow) -> bool:
        needed = None if row.new.after_id is None else self.jobs[row.new.after_id].state
        return needed in {JobState.FAILED, JobState.CANCELLED}
