"""The ledger of stock."""

from piccolo.columns import UUID, BigInt, Numeric, Text, Timestamptz
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class StockMovements(Table, tablename="stock_movements", db=DIALECT):
    """What was counted (``kind`` count) or changed, at which moment. The database numbers the lines."""

    company_id = UUID(default=None)
    id = BigInt(primary_key=True, default=None)
    product_id = UUID(default=None)
    kind = Text(default=None)
    quantity = Numeric(digits=(18, 3), default=None)
    at = Timestamptz(default=None)
    import_id = UUID(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
