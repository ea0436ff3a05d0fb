"""Imports and sales."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.first_sales import IMPORT_TABLES, SALES_TABLES
from inventoryai_postgres.migrations.rules import migration

ID = "0003_sales"
DESCRIPTION = "imports and sales"


async def forwards() -> MigrationManager:
    """Makes them, empty."""
    return migration(ID, DESCRIPTION, (IMPORT_TABLES, SALES_TABLES))
