"""Plans."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.first_plans import PLAN_TABLES
from inventoryai_postgres.migrations.rules import migration

ID = "0005_plans"
DESCRIPTION = "plans and recommendations"


async def forwards() -> MigrationManager:
    """Makes them, empty."""
    return migration(ID, DESCRIPTION, (PLAN_TABLES,))
