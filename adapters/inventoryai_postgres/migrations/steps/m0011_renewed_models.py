"""Models that were taught once more, from everything."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.rules import migration
from inventoryai_postgres.roles import APP

ID = "0011_renewed_models"
DESCRIPTION = "models that have learnt the periods held back, too"

_COLUMNS = f"""
alter table models
    add column renewed_checkpoint bytea,
    -- What it has learnt from everything; what is in ``state`` was judged by the periods held back.
    add column renewed bytea,
    add column renewed_digest text,
    -- The first day that this has not seen.
    add column renewed_until date,
    add constraint models_renewed_check check (
        (renewed is null) = (renewed_digest is null) and (renewed is null) = (renewed_until is null)
        and (renewed is null or state is not null)
    );
alter table models
    alter column renewed_checkpoint set storage external, alter column renewed set storage external;
grant update (renewed_checkpoint, renewed, renewed_digest, renewed_until) on models to {APP};
"""


async def forwards() -> MigrationManager:
    """Adds the columns, empty."""
    return migration(ID, DESCRIPTION, (_COLUMNS,))
