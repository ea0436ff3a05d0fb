"""Promotions."""

from piccolo.columns import UUID, Boolean, Date, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Promotions(Table, tablename="promotions", db=DIALECT):
    """Days on which products are promoted; the key has ``company_id`` in front."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    starts_on = Date(default=None)
    ends_on = Date(default=None)
    of_all = Boolean()
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)


class PromotionProducts(Table, tablename="promotion_products", db=DIALECT):
    """What a promotion names; the key is company, promotion and product, of which Piccolo knows the last."""

    company_id = UUID(default=None)
    promotion_id = UUID(default=None)
    product_id = UUID(primary_key=True, default=None)
