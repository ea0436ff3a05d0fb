"""Jobs and workers."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Integer, Text, Timestamptz
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Jobs(Table, tablename="jobs", db=DIALECT):
    """Work to be done; ``attempt`` is the fencing token of the lease."""

    id = UUID(primary_key=True, default=None)
    company_id = UUID(default=None)
    kind = Text(default=None)
    state = Text(default="queued")
    parent_id = UUID(null=True, default=None)
    after_id = UUID(null=True, default=None)
    user_id = UUID(default=None)
    payload = JSONB(default=None)
    unit = Text(default=None)
    done = BigInt()
    total = BigInt(null=True, default=None)
    attempt = Integer()
    forgiven = Integer()
    lease_until = Timestamptz(null=True, default=None)
    not_before = Timestamptz(default=TimestamptzNow())
    cancel_requested = Boolean()
    sent_at = Timestamptz(null=True, default=None)
    error = JSONB(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)


class Workers(Table, tablename="workers", db=DIALECT):
    """Workers that reported lately, and what engines they have. They are of no company."""

    id = UUID(primary_key=True, default=None)
    host = Text(default=None)
    catalogue = JSONB(default=None)
    seen_at = Timestamptz(default=None)
