"""The SQL that every table of a company shares, and how a migration says SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

from inventoryai_postgres.roles import APP

COMPANY: Final = "(select nullif(current_setting('app.company_id', true), '')::uuid)"
"""The company that the transaction is in; a sub-select, so that it is worked out once a statement."""
USER: Final = "(select nullif(current_setting('app.user_id', true), '')::uuid)"
PRESENTED: Final = "(select decode(nullif(current_setting('app.token_hash', true), ''), 'hex'))"
"""The hash of the secret that somebody presented."""
EMAIL: Final = "(select nullif(current_setting('app.email', true), ''))"


def secure(table: str) -> str:
    """Row-level security for a table, also against its owner; without a policy no row is seen."""
    return f"alter table {table} enable row level security; alter table {table} force row level security;"


def company_table(table: str, *privileges: str) -> str:
    """Makes a table with ``company_id`` a company's own, for the role of the application.

    Args:
        table: A table with a column ``company_id uuid not null references companies``.
        privileges: What the application may do with it: ``select``, ``insert``, ``update (name)`` ...
    """
    return f"""
        {secure(table)}
        create policy company on {table} to {APP}
            using (company_id = {COMPANY}) with check (company_id = {COMPANY});
        grant {", ".join(privileges)} on {table} to {APP};
    """


@dataclass
class SqlMigration(MigrationManager):
    """A migration of plain SQL, which can be read without being run."""

    statements: tuple[str, ...] = ()


def migration(identifier: str, description: str, statements: Sequence[str]) -> SqlMigration:
    """A migration of plain SQL, for a module of ``steps`` to return from ``forwards``."""
    manager = SqlMigration(
        migration_id=identifier,
        app_name="inventoryai",
        description=description,
        statements=tuple(statements),
    )

    async def run() -> None:
        engine = engine_finder()
        if engine is None:
            raise RuntimeError("migrations are run by inventoryai_postgres.migrations.migrate")
        try:
            for statement in statements:
                await engine.run_ddl(statement)
        except Exception as error:
            error.add_note(f"in migration {identifier}")
            raise

    manager.add_raw(run)
    return manager
