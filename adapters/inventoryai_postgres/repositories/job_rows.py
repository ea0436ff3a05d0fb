"""Jobs as rows: of their own table, and joined to the import, forecast or plan whose state they are."""

from typing import Final

import asyncpg

from inventoryai.domain.jobs import Job, JobError, JobId, JobKind, JobState
from inventoryai_postgres.texts import from_json, to_json

_NAMES: Final = (
    "id",
    "kind",
    "state",
    "total",
    "unit",
    "attempt",
    "forgiven",
    "created_at",
    "started_at",
    "finished_at",
    "error",
)

_DONE: Final = """job.done + coalesce((
    select sum(part.done)::bigint from jobs as part where part.parent_id = job.id and part.state = 'running'
), 0)"""
"""What parts have done that has not been added to their parent yet, too."""

JOB_COLUMNS: Final = ", ".join([f"{_DONE} as job_done", *(f"job.{name} as job_{name}" for name in _NAMES)])
"""What ``job_of`` reads, of a table that the query calls ``job``."""


def job_of(row: asyncpg.Record) -> Job:
    """The job in a row that has ``JOB_COLUMNS``."""
    return Job(
        id=JobId(row["job_id"]),
        kind=JobKind(row["job_kind"]),
        state=JobState(row["job_state"]),
        done=row["job_done"],
        total=row["job_total"],
        unit=row["job_unit"],
        attempts=row["job_attempt"] - row["job_forgiven"],
        created_at=row["job_created_at"],
        started_at=row["job_started_at"],
        finished_at=row["job_finished_at"],
        error=error_from(row["job_error"]),
    )


def error_to_json(error: JobError) -> str:
    """An error as it is kept."""
    return to_json({"code": error.code, "data": error.data})


def error_from(kept: str | None) -> JobError | None:
    """An error that was kept."""
    stored = from_json(kept)
    return None if stored is None else JobError(stored["code"], stored["data"])
