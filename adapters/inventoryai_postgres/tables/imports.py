"""Imports, and the lines that they did not take."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Imports(Table, tablename="imports", db=DIALECT):
    """Files that came in; the key has ``company_id`` in front. The database numbers the generations."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    generation = BigInt(default=None)
    job_id = UUID(default=None)
    kind = Text(default=None)
    live = Boolean(default=None)
    filename = Text(default=None)
    stored_as = Text(default=None)
    size = BigInt(default=None)
    sha256 = Bytea(default=None)
    options = JSONB(default=None)
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    deleted_at = Timestamptz(null=True, default=None)
    rows = BigInt()
    accepted = BigInt()
    rejected = BigInt()
    ignored = BigInt()
    ignored_by_code = JSONB()
    products_created = BigInt()
    first_day = Date(null=True, default=None)
    last_day = Date(null=True, default=None)
    dialect = JSONB(null=True, default=None)
    stages = JSONB()
    sold_until = Date(null=True, default=None)


class ImportErrors(Table, tablename="import_errors", db=DIALECT):
    """Lines not taken; the key is company, import and number, of which Piccolo knows the last."""

    company_id = UUID(default=None)
    import_id = UUID(default=None)
    number = Integer(primary_key=True, default=None)
    line = BigInt(default=None)
    field = Text(default=None)
    value = Text(default=None)
    code = Text(default=None)
