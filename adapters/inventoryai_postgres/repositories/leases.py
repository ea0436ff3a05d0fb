"""What jobs and their dispatch have in common: when a lease holds, and what the end of a parent brings.

Rows are always locked from the part to the parent. Whoever has the parent and wants the parts leaves
alone those that are locked: such a part learns of the end when it lands, or when the lease is renewed,
as a part whose parent has ended is as good as cancelled.
"""

from typing import Final

HELD: Final = "job.id = $1 and job.attempt = $2 and job.state = 'running' and job.lease_until < 'infinity'"
"""Of a table called ``job``: the attempt ``$2`` holds the job ``$1``.

That the lease has run out is no reason against it, as long as nobody else has taken the job.
"""

UNWANTED: Final = """(job.cancel_requested or exists (
    select from jobs as parent where parent.id = job.parent_id and parent.state <> 'running'
))"""
"""Of a table called ``job``: it should stop."""

ENDED: Final = "finished_at = clock_timestamp(), lease_until = null"

CANCEL_PARTS: Final = f"""
update jobs set state = 'cancelled', {ENDED} where id in (
    select id from jobs where parent_id = $1 and state = 'queued' for no key update skip locked
)
"""

FAIL_PARENT: Final = f"""
update jobs set state = 'failed', error = $2, {ENDED} where id = $1 and state = 'running'
"""
