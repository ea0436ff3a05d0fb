"""Plans and recommendations."""

from piccolo.columns import (
    JSONB,
    UUID,
    Boolean,
    Date,
    DoublePrecision,
    Integer,
    Numeric,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Plans(Table, tablename="plans", db=DIALECT):
    """Plans that were asked for; the key has ``company_id`` in front."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    job_id = UUID(default=None)
    forecast_id = UUID(default=None)
    asked_forecast_id = UUID(null=True, default=None)
    asked_service_level = Numeric(null=True, default=None)
    asked_review_days = Integer(null=True, default=None)
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    as_of = Date(null=True, default=None)
    products = Integer(null=True, default=None)
    to_order = Integer(null=True, default=None)
    urgent = Integer(null=True, default=None)
    cost = Numeric(null=True, default=None)
    days_behind = Integer(null=True, default=None)


class Recommendations(Table, tablename="recommendations", db=DIALECT):
    """What to order of one product; the key is company, plan and rank, of which Piccolo knows the last."""

    company_id = UUID(default=None)
    plan_id = UUID(default=None)
    rank = Integer(primary_key=True, default=None)
    product_id = UUID(default=None)
    place = Integer(default=None)
    status = Text(default=None)
    order_quantity = Numeric(digits=(18, 3), null=True, default=None)
    order_by = Date(null=True, default=None)
    urgent = Boolean(default=None)
    reorder_point = Numeric(digits=(18, 3), null=True, default=None)
    safety_stock = Numeric(digits=(18, 3), null=True, default=None)
    order_up_to = Numeric(digits=(18, 3), null=True, default=None)
    on_hand = Numeric(digits=(18, 3), default=None)
    on_order = Numeric(digits=(18, 3), default=None)
    days_of_cover = Integer(null=True, default=None)
    stockout_risk = DoublePrecision(null=True, default=None)
    cost = Numeric(null=True, default=None)
    explanation = JSONB(default=None)
