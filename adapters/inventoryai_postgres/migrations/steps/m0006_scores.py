"""How engines did on past windows."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.first_scores import SCORE_TABLES
from inventoryai_postgres.migrations.rules import migration

ID = "0006_scores"
DESCRIPTION = "how engines did on past windows"


async def forwards() -> MigrationManager:
    """Makes the tables, empty."""
    return migration(ID, DESCRIPTION, (SCORE_TABLES,))
