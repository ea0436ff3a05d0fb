"""Jobs on the wire."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct

from inventoryai.domain import jobs
from inventoryai.domain.errors import Locale
from inventoryai.domain.jobs import JobKind, JobState
from inventoryai_http.schemas.reasons import Reason

JOB_EXAMPLE = {
    "id": "01935c72-7d20-7e11-9c55-0a4f5b6c7d01",
    "state": "running",
    "progress": 0.4,
    "error": None,
}


class JobSummary(Struct, frozen=True):
    """The job behind an import, a forecast, a plan or a model."""

    id: UUID
    state: JobState
    progress: float
    error: Reason | None

    @classmethod
    def of(cls, job: jobs.Job, locale: Locale) -> "JobSummary":
        """As it is sent."""
        return cls(job.id, job.state, job.progress, error_of(job, locale))


class Job(Struct, frozen=True):
    """A job. ``progress`` runs from 0 to 1; ``done`` and ``total`` count in ``unit``."""

    id: UUID
    kind: JobKind
    state: JobState
    progress: float
    done: int
    total: int | None
    unit: str
    attempts: int
    error: Reason | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    example: ClassVar[dict[str, Any]] = {
        **JOB_EXAMPLE,
        "kind": "import",
        "done": 4000,
        "total": 10000,
        "unit": "rows",
        "attempts": 1,
        "created_at": "2026-03-01T09:00:00Z",
        "started_at": "2026-03-01T09:00:01Z",
        "finished_at": None,
    }

    @classmethod
    def of(cls, job: jobs.Job, locale: Locale) -> "Job":
        """As it is sent."""
        same = {name: getattr(job, name) for name in cls.__struct_fields__ if name != "error"}
        return cls(**same, error=error_of(job, locale))


def error_of(job: jobs.Job, locale: Locale) -> Reason | None:
    """Why a job failed, if it did."""
    return None if job.error is None else Reason.of_code(job.error.code, job.error.data, locale)
