"""Jobs and workers, as they are kept. All times are the database's."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.jobs import Heartbeat, Job, JobError, JobId, Lease, NewJob, Swept
from inventoryai.domain.paging import PageRequest


class Jobs(Protocol):
    """Jobs of the scope's company."""

    async def add(self, *jobs: NewJob) -> None:
        """Keeps new jobs, queued."""
        ...

    async def withdraw(self, job_id: JobId) -> None:
        """Takes back a job that was added in this transaction and is not wanted after all."""
        ...

    async def get(self, job_id: JobId) -> Job:
        """A job that is not a part of another.

        Raises:
            JobNotFound: There is none.
        """
        ...

    async def list(self, page: PageRequest) -> Sequence[Job]:
        """Jobs that are not parts, newest first (``page.after`` is an id as text); up to ``limit + 1``."""
        ...

    async def request_cancel(self, job_id: JobId) -> Job:
        """A queued job is cancelled at once, a running one as soon as its worker hears of it; parts with it.

        Raises:
            JobNotFound, JobFinished: There is nothing to cancel.
        """
        ...

    async def hold(self, lease: Lease) -> None:
        """Locks the row of a job that this attempt still holds: first wherever results are landed.

        Raises:
            LeaseLost: The attempt does not hold it any more; roll back.
            JobCancelled: Somebody asked to stop.
        """
        ...

    async def advance(self, lease: Lease, done: int, total: int | None = None) -> None:
        """Sets how far the job has come, if it is still held. Progress is no result: it needs no ``hold``.

        What a running part has done counts for its parent, too.
        """
        ...

    async def got_further(self, lease: Lease) -> None:
        """Notes that a held job can go on from here: the attempts before this one count no more.

        A long job that gets on is not given up for being interrupted often.
        """
        ...

    async def succeed(self, lease: Lease) -> None:
        """Ends a held job well. The last part to end ends its parent too, in this transaction."""
        ...

    async def fail(self, lease: Lease, error: JobError) -> None:
        """Ends a held job badly, its parent with it."""
        ...

    async def wait_for_parts(self, lease: Lease, parts: Sequence[NewJob], total: int) -> None:
        """Cuts a held job into parts, which other workers may take; it then needs no lease of its own."""
        ...

    async def finish_part(self, lease: Lease, done: int) -> None:
        """Ends a held part well, adds ``done`` to its parent, and ends that too when it was the last."""
        ...


class JobDispatch(Protocol):
    """Leases of all companies' jobs (scope ``Dispatching``)."""

    async def claim(self, job_id: JobId) -> Lease | None:
        """Takes a job that is queued, rested and not waiting for another, or whose lease ran out.

        Counts the attempt. None when there is nothing to take.
        """
        ...

    async def renew(self, lease: Lease) -> Heartbeat:
        """Keeps the lease for another minute, and tells whether to stop."""
        ...

    async def look(self, lease: Lease) -> Heartbeat:
        """Tells whether to stop, and does nothing else: it writes nothing and waits for nobody."""
        ...

    async def release(self, lease: Lease, *, retry: bool) -> None:
        """Gives a held job back.

        After a crash of ours (``retry``) it rests, or is parked as failed after three attempts;
        when the worker is merely stopping, the attempt does not count.
        """
        ...

    async def cancelled(self, lease: Lease) -> None:
        """Ends a held job that was asked to stop."""
        ...

    async def sent(self, jobs: Sequence[JobId]) -> None:
        """Notes that workers were told of these jobs."""
        ...

    async def sweep(self) -> Swept | None:
        """Frees leases that ran out, parks what failed thrice, ends what waited for a failed job.

        Returns the jobs of which workers should be told, again or for the first time. None when
        another worker is sweeping right now.
        """
        ...


class Workers(Protocol):
    """Which workers are alive, and what they can run (scopes ``Dispatching`` and any that reads)."""

    async def report(self, worker_id: UUID, host: str, catalogue: EngineCatalogue) -> None:
        """Says that a worker is alive with these engines; forgets those unseen for a day."""
        ...

    async def retire(self, worker_id: UUID) -> None:
        """Says that a worker has stopped."""
        ...

    async def live(self) -> Sequence[EngineCatalogue]:
        """What the workers seen in the last minute can run, newest report first."""
        ...
