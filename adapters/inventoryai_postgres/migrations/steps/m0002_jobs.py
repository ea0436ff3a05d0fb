"""Jobs and workers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.first_jobs import JOB_TABLES
from inventoryai_postgres.migrations.rules import migration

ID = "0002_jobs"
DESCRIPTION = "jobs and workers"


async def forwards() -> MigrationManager:
    """Makes them, empty."""
    return migration(ID, DESCRIPTION, (JOB_TABLES,))
