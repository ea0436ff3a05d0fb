"""How the database comes to look as it must: by Piccolo's migrations, run as the owner."""

from inventoryai_postgres.migrations.history import MigrationChanged, check_unchanged, pending_migrations
from inventoryai_postgres.migrations.runner import migrate

__all__ = ["MigrationChanged", "check_unchanged", "migrate", "pending_migrations"]
