"""What the fakes keep of jobs and workers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.jobs import Job, JobError, JobState, Lease, NewJob

FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)
"""The lease of a job that waits for its parts; nobody holds it."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job with everything that its lease is made of."""

    new: NewJob
    company_id: CompanyId
    total: int | None
    created_at: datetime
    not_before: datetime
    state: JobState = JobState.QUEUED
    done: int = 0
    attempt: int = 0
    forgiven: int = 0
    lease_until: datetime | None = None
    cancel_requested: bool = False
    sent_at: datetime | None = None
    error: JobError | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def attempts(self) -> int:
        """Those that count."""
        return self.attempt - self.forgiven

    @property
    def waits_for_parts(self) -> bool:
        return self.lease_until == FOR_EVER

    def held_by(self, lease: Lease) -> bool:
        return self.attempt == lease.attempt and self.state is JobState.RUNNING and not self.waits_for_parts

    def lease_ran_out(self, now: datetime) -> bool:
        return self.state is JobState.RUNNING and self.lease_until is not None and self.lease_until < now

    def shown(self) -> Job:
        return Job(
            id=self.new.id,
            kind=self.new.kind,
            state=self.state,
            done=self.done,
            total=self.total,
            unit=self.new.unit,
            attempts=self.attempts,
            created_at=self.created_at,
            started_at=self.started_at,
            finished_at=self.finished_at,
            error=self.error,
        )


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A report."""

    catalogue: EngineCatalogue
    seen_at: datetime
