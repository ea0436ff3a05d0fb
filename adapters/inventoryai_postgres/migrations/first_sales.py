"""Imports, the lines that they did not take, and the sales that they brought.

Which import counts on a day is worked out where sales are read: nothing is overwritten when a file
supersedes another, so nothing has to be put back when it is undone.

Sales refer to their product and import by a trigger for each statement instead of two foreign keys.
A foreign key is checked row by row, which made landing a million rows take three times as long; the
trigger refuses the same rows, naming the same constraints. What is referred to can only go by the
owner's hand, and takes its sales along.
"""

from typing import Final

from inventoryai_postgres.migrations.rules import company_table

_RECORDED: Final = (
    "live, deleted_at, rows, accepted, rejected, ignored, ignored_by_code, products_created, first_day, "
    "last_day, dialect, stages, sold_until"
)

IMPORT_TABLES: Final = f"""
create table imports (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    -- Later imports have higher numbers: the last one that covers a product and a day is what counts.
    generation bigint generated always as identity,
    job_id uuid not null,
    kind text not null constraint imports_kind_check check (kind in ('sales', 'stock')),
    -- False for a dry run, once deleted, and once a failed one made room for the same bytes.
    live boolean not null,
    filename text not null,
    stored_as text not null,
    size bigint not null,
    sha256 bytea not null,
    options jsonb not null,
    created_by uuid not null references users,
    created_at timestamptz not null,
    deleted_at timestamptz,
    rows bigint not null default 0,
    accepted bigint not null default 0,
    rejected bigint not null default 0,
    ignored bigint not null default 0,
    ignored_by_code jsonb not null default '{{}}',
    products_created bigint not null default 0,
    first_day date,
    last_day date,
    dialect jsonb,
    stages jsonb not null default '{{}}',
    -- The last day of the sales that are there because of this import.
    sold_until date,
    constraint imports_pkey primary key (company_id, id),
    constraint imports_generation_key unique (company_id, generation),
    constraint imports_job_fkey foreign key (company_id, job_id) references jobs (company_id, id),
    constraint imports_rows_check check (rows = accepted + rejected + ignored)
);
create unique index imports_live_key on imports (company_id, kind, sha256) where live;
create index imports_job_idx on imports (company_id, job_id);

create table import_errors (
    company_id uuid not null,
    import_id uuid not null,
    number integer not null,
    line bigint not null,
    field text not null,
    value text not null,
    code text not null,
    constraint import_errors_pkey primary key (company_id, import_id, number),
    constraint import_errors_import_fkey
        foreign key (company_id, import_id) references imports on delete cascade
);
alter table stock_movements add constraint stock_movements_import_fkey
    foreign key (company_id, import_id) references imports on delete cascade;

{company_table("imports", "select", "insert", f"update ({_RECORDED})")}
{company_table("import_errors", "select", "insert", "delete")}
"""

SALES_TABLES: Final = f"""
create table sales (
    company_id uuid not null,
    product_id uuid not null,
    day date not null,
    generation bigint not null,
    import_id uuid not null,
    -- Adds to what earlier imports say of this product and day, instead of superseding it.
    adds boolean not null,
    sold numeric(18, 3) not null constraint sales_sold_check check (sold >= 0),
    returned numeric(18, 3) not null constraint sales_returned_check check (returned >= 0),
    revenue numeric not null,
    constraint sales_pkey primary key (company_id, product_id, day, generation)
);

create function sales_belong() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    if exists (
        select from (select distinct company_id, product_id from landed) as referred
        where not exists (
            select from products where company_id = referred.company_id and id = referred.product_id
        )
    ) then
        raise foreign_key_violation using constraint = 'sales_product_fkey', table = 'sales',
            message = 'sales of a product that the company does not have';
    end if;
    if exists (
        select from (select distinct company_id, import_id, generation from landed) as referred
        where not exists (
            select from imports
            where company_id = referred.company_id and id = referred.import_id
                and generation = referred.generation
        )
    ) then
        raise foreign_key_violation using constraint = 'sales_import_fkey', table = 'sales',
            message = 'sales of an import that the company does not have';
    end if;
    return null;
end $$;
create trigger sales_belong after insert on sales referencing new table as landed
    for each statement execute function sales_belong();

create function take_sales_along() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    if tg_table_name = 'products' then
        delete from sales where company_id = old.company_id and product_id = old.id;
    else
        delete from sales where company_id = old.company_id and generation = old.generation;
    end if;
    return null;
end $$;
create trigger products_take_sales after delete on products
    for each row execute function take_sales_along();
create trigger imports_take_sales after delete on imports
    for each row execute function take_sales_along();

{company_table("sales", "select", "insert", "delete")}
"""
