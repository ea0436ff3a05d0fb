"""Sales by product, day and import."""

from piccolo.columns import UUID, BigInt, Boolean, Date, Numeric
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Sales(Table, tablename="sales", db=DIALECT):
    """What an import says of a day; the key is company, product, day and generation, the import's number.

    What counts of several imports is worked out in ``repositories.superseding``.
    """

    company_id = UUID(default=None)
    product_id = UUID(default=None)
    day = Date(default=None)
    generation = BigInt(primary_key=True, default=None)
    import_id = UUID(default=None)
    adds = Boolean(default=None)
    sold = Numeric(digits=(18, 3), default=None)
    returned = Numeric(digits=(18, 3), default=None)
    revenue = Numeric(default=None)
