"""Forecasts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.first_forecasts import FORECAST_TABLES
from inventoryai_postgres.migrations.rules import migration

ID = "0004_forecasts"
DESCRIPTION = "forecast runs and forecasts"


async def forwards() -> MigrationManager:
    """Makes them, empty."""
    return migration(ID, DESCRIPTION, (FORECAST_TABLES,))
