"""Products, and the ledger of their stock.

A count is an absolute statement about a moment and stands in the ledger as what was found; every
other movement is a change. What is on hand is the newest count and the changes since: so an older
count that comes late, or an import that is undone, leaves newer counts as true as they were.
"""

from typing import Final

STOCK: Final = """
create table products (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    sku text collate "C" not null,
    name text not null,
    category text,
    unit text,
    supplier_id uuid,
    cost numeric,
    price numeric,
    lead_time_days numeric,
    lead_time_sd numeric,
    moq numeric(18, 3),
    pack_size numeric(18, 3),
    service_level numeric,
    archived boolean not null default false,
    version integer not null default 1,
    created_at timestamptz not null,
    constraint products_pkey primary key (company_id, id),
    constraint products_sku_key unique (company_id, sku)
);

create table stock_movements (
    company_id uuid not null,
    id bigint generated always as identity,
    product_id uuid not null,
    kind text not null constraint stock_movements_kind_check
        check (kind in ('count', 'receipt', 'adjustment')),
    quantity numeric(18, 3) not null,
    at timestamptz not null,
    import_id uuid,
    created_at timestamptz not null default now(),
    constraint stock_movements_pkey primary key (company_id, id),
    constraint stock_movements_product_fkey
        foreign key (company_id, product_id) references products on delete cascade,
    constraint stock_movements_count_check check (kind <> 'count' or quantity >= 0)
);
create index stock_movements_ledger_idx on stock_movements (company_id, product_id, at, id);
create index stock_movements_import_idx on stock_movements (company_id, import_id)
    where import_id is not null;
"""
