"""Invitations into companies."""

from piccolo.columns import UUID, Bytea, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Invitations(Table, tablename="invitations", db=DIALECT):
    """At most one pending invitation of a company to an e-mail; its key has ``company_id`` in front."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    email = Text(default=None)
    role = Text(default=None)
    state = Text(default=None)
    token_hash = Bytea(default=None)
    invited_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
