"""Jobs: work that outlives the request which asked for it.

A job is a row, written with the change that wants it; whatever wakes a worker may get lost. A
worker holds a job by a *lease*; the ``attempt`` of the lease is a fencing token, so that a worker
that slept through its lease can land nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.errors import Conflict, NotFound, Problem
from inventoryai.domain.identity import UserId

JobId = NewType("JobId", UUID)

LEASE: Final = timedelta(seconds=60)
HEARTBEAT: Final = timedelta(seconds=15)
LOOK: Final = timedelta(seconds=1)
"""How often a worker looks whether what it does is still wanted."""
SWEEP: Final = timedelta(seconds=5)
MOST_ATTEMPTS: Final = 3


class JobNotFound(NotFound):
    """No such job in this company."""

    code = "job.not_found"
    en = "There is no such job."
    fr = "Cette tâche n’existe pas."


class JobFinished(Conflict):
    """A job that has ended cannot be cancelled."""

    code = "job.finished"
    en = "This job has ended already."
    fr = "Cette tâche est déjà terminée."


class JobCrashed(Problem):
    """What is said of a job that failed for a reason which is not the user's."""

    code = "job.crashed"
    en = "This job failed {attempts} times for a reason of ours. It was logged; try again later."
    fr = "Cette tâche a échoué {attempts} fois, pour une raison interne et consignée. Réessayez plus tard."


class JobDependencyFailed(Problem):
    """The job that this one waited for did not succeed."""

    code = "job.dependency_failed"
    en = "The job that this one needed did not succeed: {job_id}."
    fr = "La tâche dont celle-ci dépendait n’a pas abouti : {job_id}."


class LeaseLost(Exception):
    """This attempt no longer holds its job: roll back and let go. Never seen by a user."""


class JobCancelled(Exception):
    """The job was cancelled while it ran: stop, land nothing more. Never seen by a user."""


class JobKind(StrEnum):
    """What a job does. The parts are children, which are not listed to users."""

    IMPORT = "import"
    FORECAST = "forecast"
    FORECAST_PART = "forecast_part"
    PLAN = "plan"
    TRAIN_MODEL = "train_model"


class JobState(StrEnum):
    """Where a job stands; the state of an import, a forecast, a plan and a model is its job's."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Nothing more will happen."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: the code and data of a ``Problem``, told in the reader's language."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> "JobError":
        """The error as it is stored."""
        return cls(problem.code, dict(problem.data))


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to be done: of which kind, on what, and after which other job.

    ``payload`` names what to work on and holds no data.
    """

    id: JobId
    kind: JobKind
    user_id: UserId
    payload: dict[str, Any]
    unit: str
    total: int | None = None
    parent_id: JobId | None = None
    after_id: JobId | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its company sees it. ``done`` and ``total`` count in ``unit`` (rows, products, percent)."""

    id: JobId
    kind: JobKind
    state: JobState
    done: int
    total: int | None
    unit: str
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: JobError | None = None

    @property
    def progress(self) -> float:
        """How far it has come, 0 to 1."""
        if self.state is JobState.SUCCEEDED:
            return 1.0
        return min(self.done / self.total, 1.0) if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's claim on a job, good for this ``attempt`` alone."""

    job_id: JobId
    kind: JobKind
    company_id: CompanyId
    user_id: UserId
    attempt: int
    payload: dict[str, Any]
    parent_id: JobId | None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a worker learns when it renews a lease."""

    held: bool
    cancel_requested: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: jobs to wake a worker for, and how many were given up."""

    to_wake: tuple[JobId, ...]
    parked: int


def backoff(attempt: int) -> timedelta:
    """How long a job rests after a failed attempt: 5, 20, 80 seconds."""
    return timedelta(seconds=5 * 4 ** (attempt - 1))
