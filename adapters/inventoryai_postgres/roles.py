"""The two roles that the product takes, and how they come to be.

``inventoryai_app`` is what every unit of work runs as, ``inventoryai_jobs`` what a worker looks for
work as. Nobody logs in as either: the login of ``DATABASE_URL`` switches to them for a transaction.
Roles belong to the whole cluster, so several databases share them, and making them must bear company.
"""

from typing import Final

import asyncpg

APP: Final = "inventoryai_app"
JOBS: Final = "inventoryai_jobs"
_WITH_SET_OPTION: Final = 16
"""PostgreSQL 16 told "is a member of" and "may switch to" apart."""

_MAKE: Final = """
do $$ begin
    create role {role} nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit;
exception
    -- It is there, or another database of this cluster is being migrated and was quicker.
    when duplicate_object or unique_violation then null;
end $$
"""
_GRANT: Final = """
do $$ begin
    execute format('grant {role} to %I {option}', '{member}');
exception
    when unique_violation then null;
end $$
"""
_MAY_SWITCH: Final = "select rolsuper or pg_has_role(oid, $2, $3) from pg_roles where rolname = $1"


class LoginUnknown(RuntimeError):
    """The login that should be granted the roles does not exist: an error of whoever set it up."""


async def make_roles(connection: asyncpg.Connection, app_login: str | None) -> None:
    """Makes the roles, and lets the owner and the application's login switch to them.

    Args:
        connection: The owner's, in a transaction.
        app_login: The weak login of ``DATABASE_URL``; None where that is the owner itself.

    Raises:
        LoginUnknown: There is no such login.
    """
    for role in (APP, JOBS):
        if not await connection.fetchval("select true from pg_roles where rolname = $1", role):
            await connection.execute(_MAKE.format(role=role))
    owner = await connection.fetchval("select current_user")
    for login in {owner, app_login or owner}:
        await _let_switch(connection, login)
    # Staging tables for COPY are temporary; usage of the schema may have been taken from everybody.
    database = await connection.fetchval("select quote_ident(current_database())")
    await connection.execute(f"grant temporary on database {database} to {APP}")
    await connection.execute(f"grant usage on schema public to {APP}, {JOBS}")


async def _let_switch(connection: asyncpg.Connection, login: str) -> None:
    tells_apart = connection.get_server_version().major >= _WITH_SET_OPTION
    kind, option = ("SET", "with inherit false, set true") if tells_apart else ("MEMBER", "")
    name = login.replace("'", "''")
    for role in (APP, JOBS):
        may = await connection.fetchval(_MAY_SWITCH, login, role, kind)
        if may is None:
            raise LoginUnknown(login)
        if not may:
            await connection.execute(_GRANT.format(role=role, option=option, member=name))
