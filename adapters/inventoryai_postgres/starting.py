"""What must be true of the database before the API or a worker serves anybody from it.

Row-level security is the second lock on every company's data. It binds neither superusers nor roles
that may bypass it, and a table's owner only where it is forced: so all of this is looked at, and not
taken for granted, at every start. So is that no migration was edited after it had run here.
"""

from typing import Final

import asyncpg

from inventoryai.domain.errors import Conflict, Unavailable
from inventoryai.ports.storage import Anonymous, Dispatching
from inventoryai_postgres.asking import Answers
from inventoryai_postgres.migrations import check_unchanged, pending_migrations
from inventoryai_postgres.roles import APP, JOBS
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

_UNBOUND: Final = "select rolname from pg_roles where rolname = any($1) and (rolsuper or rolbypassrls)"
_OWNING: Final = """
select role, relname from pg_class, unnest($1::text[]) as role
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
    and pg_has_role(role, relowner, 'usage')
order by role, relname
"""
_UNPROTECTED: Final = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and not (relrowsecurity and relforcerowsecurity)
    and (relname = 'companies' or exists (
        select from pg_attribute
        where attrelid = pg_class.oid and attname = 'company_id' and not attisdropped
    ))
order by relname
"""


class DatabaseNotMigrated(Unavailable):
    """The tables or roles that this version needs are not there yet."""

    code = "database.not_migrated"
    en = "The database is not up to date. Run: inventoryai migrate. Missing: {missing}."
    fr = "La base de données n’est pas à jour. Lancez : inventoryai migrate. Il manque : {missing}."


class RoleTooPowerful(Conflict):
    """A role of the application is not bound by row-level security."""

    code = "database.role_too_powerful"
    en = "The database role {role} could step around row-level security: {reason}."
    fr = "Le rôle {role} de la base pourrait contourner la sécurité par ligne : {reason}."


class TableUnprotected(Conflict):
    """A company's table is open to other companies."""

    code = "database.table_unprotected"
    en = "Row-level security is not enabled and forced on: {tables}."
    fr = "La sécurité par ligne n’est pas activée et forcée sur : {tables}."


async def check_start(begin: PostgresUnitOfWork) -> None:
    """Refuses a database on which the companies' data would not be kept apart, or whose tables are not ours.

    Raises:
        MigrationChanged: A migration that it has had was edited since.
        DatabaseNotMigrated: The roles are not there, or this login may not take them.
        RoleTooPowerful: A role is superuser, may bypass row-level security, or owns a table.
        TableUnprotected: A company's table lacks its policy, or does not force it.
        StorageUnavailable: The database does not answer.
    """
    try:
        async with begin(Anonymous()) as work:
            await check_roles(work.session)
            await check_tables(work.session)
            await check_unchanged(work.session)
        async with begin(Dispatching()):
            pass  # this login may take the other role as well
    except (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError) as refusal:
        raise DatabaseNotMigrated(missing=f"{APP}, {JOBS}") from refusal


async def check_roles(session: Answers, roles: tuple[str, ...] = (APP, JOBS)) -> None:
    """Every one of these roles is bound by row-level security; raises ``RoleTooPowerful``."""
    unbound = await session.fetchval(_UNBOUND, roles)
    if unbound is not None:
        raise RoleTooPowerful(role=unbound, reason="superuser or bypassrls")
    owning = await session.fetchrow(_OWNING, roles)
    if owning is not None:
        raise RoleTooPowerful(role=owning["role"], reason=f"owner of {owning['relname']}")


async def check_tables(session: Answers) -> None:
    """Every table of a company is protected, also from its owner; raises ``TableUnprotected``."""
    rows = await session.fetch(_UNPROTECTED)
    if rows:
        raise TableUnprotected(tables=", ".join(row["relname"] for row in rows))


async def check_ready(begin: PostgresUnitOfWork) -> None:
    """The database answers and has every migration of this version.

    Raises:
        DatabaseNotMigrated: It lacks some.
        StorageUnavailable: It does not answer.
    """
    async with begin(Anonymous()) as work:
        pending = await pending_migrations(work.session)
    if pending:
        raise DatabaseNotMigrated(missing=", ".join(pending))
