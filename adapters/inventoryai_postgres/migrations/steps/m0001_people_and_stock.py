"""Accounts, companies and who is in them, products, and the stock ledger."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.first_companies import COMPANIES
from inventoryai_postgres.migrations.first_identity import IDENTITY
from inventoryai_postgres.migrations.first_policies import POLICIES
from inventoryai_postgres.migrations.first_stock import STOCK
from inventoryai_postgres.migrations.rules import migration

ID = "0001_people_and_stock"
DESCRIPTION = "accounts, companies, products and stock"


async def forwards() -> MigrationManager:
    """Makes them, empty."""
    return migration(ID, DESCRIPTION, (IDENTITY, COMPANIES, STOCK, POLICIES))
