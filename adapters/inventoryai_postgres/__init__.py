"""PostgreSQL: tables and migrations by Piccolo, transactions and the hot statements by asyncpg."""

from inventoryai_postgres.migrations import migrate
from inventoryai_postgres.starting import DatabaseNotMigrated, check_ready, check_start
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork

__all__ = [
    "DatabaseNotMigrated",
    "PostgresSettings",
    "PostgresUnitOfWork",
    "check_ready",
    "check_start",
    "migrate",
]
