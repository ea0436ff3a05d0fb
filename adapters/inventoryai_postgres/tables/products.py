"""Products."""

from piccolo.columns import UUID, Boolean, Integer, Numeric, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Products(Table, tablename="products", db=DIALECT):
    """What a company sells; its key has ``company_id`` in front. SKUs sort and compare byte by byte."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    sku = Text(default=None)
    name = Text(default=None)
    category = Text(null=True, default=None)
    unit = Text(null=True, default=None)
    supplier_id = UUID(null=True, default=None)
    cost = Numeric(null=True, default=None)
    price = Numeric(null=True, default=None)
    lead_time_days = Numeric(null=True, default=None)
    lead_time_sd = Numeric(null=True, default=None)
    moq = Numeric(digits=(18, 3), null=True, default=None)
    pack_size = Numeric(digits=(18, 3), null=True, default=None)
    service_level = Numeric(null=True, default=None)
    archived = Boolean()
    version = Integer(default=1)
    created_at = Timestamptz(default=None)
    similar_product_id = UUID(null=True, default=None)
    similar_share = Numeric(null=True, default=None)
