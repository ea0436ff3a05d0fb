"""Accounts, logins and links that prove an address."""

from piccolo.columns import UUID, Bytea, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Users(Table, tablename="users", db=DIALECT):
    """Accounts; e-mails are kept in the one form of ``normalise_email``."""

    id = UUID(primary_key=True, default=None)
    email = Text(default=None)
    full_name = Text(default=None)
    locale = Text(default=None)
    password_hash = Text(default=None)
    created_at = Timestamptz(default=None)
    verified_at = Timestamptz(null=True, default=None)


class Sessions(Table, tablename="sessions", db=DIALECT):
    """Logins, by the hash of their refresh token."""

    id = UUID(primary_key=True, default=None)
    family = UUID(default=None)
    user_id = UUID(default=None)
    token_hash = Bytea(default=None)
    expires_at = Timestamptz(default=None)
    replaced_at = Timestamptz(null=True, default=None)


class EmailVerifications(Table, tablename="email_verifications", db=DIALECT):
    """Links, by the hash of their token; one that was used is gone."""

    token_hash = Bytea(primary_key=True, default=None)
    user_id = UUID(default=None)
    expires_at = Timestamptz(default=None)
