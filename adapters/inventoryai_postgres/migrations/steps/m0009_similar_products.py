"""Products that are said to sell like another."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.rules import migration

ID = "0009_similar_products"
DESCRIPTION = "products that sell like another"

_COLUMNS = """
alter table products
    add column similar_product_id uuid,
    -- What this one sells of what that one does: 0.8 is 80 %.
    add column similar_share numeric,
    add constraint products_similar_fkey
        foreign key (company_id, similar_product_id) references products,
    add constraint products_similar_check check (
        (similar_product_id is null) = (similar_share is null)
        and similar_product_id <> id and similar_share between 0.01 and 10
    );
create index products_similar_idx on products (company_id, similar_product_id)
    where similar_product_id is not null;
create index products_category_idx on products (company_id, category) where category is not null;
"""


async def forwards() -> MigrationManager:
    """Adds the columns, empty."""
    return migration(ID, DESCRIPTION, (_COLUMNS,))
