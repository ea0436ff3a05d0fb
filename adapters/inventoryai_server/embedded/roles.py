"""The two roles of the embedded PostgreSQL, and the database that one of them owns.

``inventoryai_owner`` owns the database and runs the migrations; it is no superuser, so it can
make roles but not step around row-level security. ``inventoryai_login`` is what the API and the
workers log in as; it owns and inherits nothing, and may do only what migrations grant the roles
that it can switch to.
"""

from dataclasses import dataclass, field
from typing import Final

import asyncpg

from inventoryai_server.embedded.postgres import Postgres

OWNER: Final = "inventoryai_owner"
LOGIN: Final = "inventoryai_login"
DATABASE: Final = "inventoryai"

_KINDS: Final = {
    OWNER: "LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEDB CREATEROLE INHERIT",
    LOGIN: "LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEDB NOCREATEROLE NOINHERIT",
}


@dataclass(frozen=True, slots=True)
class PostgresUrls:
    """Where the database is: for migrations, and for everything else; with passwords, so never shown."""

    owner: str = field(repr=False)
    app: str = field(repr=False)


async def provision(postgres: Postgres) -> PostgresUrls:
    """Makes the roles and the database of a running server, or sets them right again.

    A folder restored from a backup may know other passwords: those in the data folder win.
    """
    passwords = {OWNER: postgres.credentials.owner, LOGIN: postgres.credentials.login}
    connection = await asyncpg.connect(postgres.superuser_url, timeout=30, ssl=False)
    try:
        for role, kind in _KINDS.items():
            known = await connection.fetchval("select true from pg_roles where rolname = $1", role)
            # DDL takes no parameters; the passwords are base64url, made by us, and cannot hold a quote.
            verb = "alter" if known else "create"
            await connection.execute(f"{verb} role {role} {kind} password '{passwords[role]}'")
        if not await connection.fetchval("select true from pg_database where datname = $1", DATABASE):
            await connection.execute(f"create database {DATABASE} owner {OWNER}")
        await connection.execute(f"revoke connect on database {DATABASE} from public")
        await connection.execute(f"grant connect on database {DATABASE} to {LOGIN}")
    finally:
        await connection.close(timeout=5)
    return PostgresUrls(
        owner=postgres.url(OWNER, passwords[OWNER], DATABASE),
        app=postgres.url(LOGIN, passwords[LOGIN], DATABASE),
    )
