"""Migrations make the tables, Piccolo writes queries from its own idea of them: both must agree."""

import importlib
import pkgutil

import asyncpg
import pytest
from piccolo.columns import Column
from piccolo.table import Table

from inventoryai_postgres import tables
from inventoryai_server.embedded import PostgresUrls

COLUMNS = """
select attname, format_type(atttypid, atttypmod) as type, not attnotnull as null from pg_attribute
where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
"""
SPELT = {
    "timestamp with time zone": "timestamptz",
    "double precision": "double precision",
    "character varying": "varchar",
}


def declared() -> list[type[Table]]:
    modules = [
        importlib.import_module(f"{tables.__name__}.{found.name}")
        for found in pkgutil.iter_modules(tables.__path__)
    ]
    return [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Table) and one.__module__ == module.__name__
    ]


def described(column: Column) -> tuple[str, bool]:
    return column.column_type.lower().replace(" ", ""), column._meta.null


@pytest.mark.parametrize("table", declared(), ids=lambda table: table._meta.tablename)
async def test_a_table_is_as_piccolo_knows_it(table: type[Table], database: PostgresUrls) -> None:
    connection = await asyncpg.connect(database.owner)
    rows = await connection.fetch(COLUMNS, table._meta.tablename)
    await connection.close()
    real = {
        row["attname"]: (SPELT.get(row["type"], row["type"]).replace(" ", ""), row["null"]) for row in rows
    }
    known = {column._meta.db_column_name: described(column) for column in table._meta.columns}
    assert known == real
