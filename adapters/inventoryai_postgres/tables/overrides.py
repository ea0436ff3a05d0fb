"""Planners' overrides."""

from piccolo.columns import UUID, Date, DoublePrecision, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class ForecastOverrides(Table, tablename="forecast_overrides", db=DIALECT):
    """What planners expect instead of what was forecast; the key has ``company_id`` in front."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    forecast_id = UUID(null=True, default=None)
    product_id = UUID(default=None)
    starts_on = Date(default=None)
    ends_on = Date(default=None)
    frequency = Text(default=None)
    mean = DoublePrecision(null=True, default=None)
    factor = DoublePrecision(null=True, default=None)
    reason = Text(default=None)
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = UUID(null=True, default=None)
