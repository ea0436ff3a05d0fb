"""Promotions."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.rules import company_table, migration

ID = "0008_promotions"
DESCRIPTION = "promotions and what is promoted"

_TABLES = f"""
create table promotions (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    name text not null,
    starts_on date not null,
    ends_on date not null,
    -- Of all products, those that are entered later too; else promotion_products names them.
    of_all boolean not null,
    created_by uuid not null references users,
    created_at timestamptz not null,
    constraint promotions_pkey primary key (company_id, id),
    constraint promotions_days_check check (ends_on >= starts_on)
);
create index promotions_days_idx on promotions (company_id, starts_on);

create table promotion_products (
    company_id uuid not null,
    promotion_id uuid not null,
    product_id uuid not null,
    constraint promotion_products_pkey primary key (company_id, promotion_id, product_id),
    constraint promotion_products_promotion_fkey
        foreign key (company_id, promotion_id) references promotions on delete cascade,
    constraint promotion_products_product_fkey
        foreign key (company_id, product_id) references products on delete cascade
);
create index promotion_products_product_idx on promotion_products (company_id, product_id);

{company_table("promotions", "select", "insert", "delete")}
{company_table("promotion_products", "select", "insert", "delete")}
"""


async def forwards() -> MigrationManager:
    """Makes them, empty."""
    return migration(ID, DESCRIPTION, (_TABLES,))
