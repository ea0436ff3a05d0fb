"""How the database comes to look as it must: by Piccolo's migrations, run as the owner."""

from inventoryai_postgres.migrations.runner import migrate, pending_migrations

__all__ = ["migrate", "pending_migrations"]
