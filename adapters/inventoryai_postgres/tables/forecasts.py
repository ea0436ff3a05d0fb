"""Forecast runs and forecasts."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Date,
    DoublePrecision,
    Integer,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class ForecastRuns(Table, tablename="forecast_runs", db=DIALECT):
    """Forecasts that were asked for; the key has ``company_id`` in front."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    job_id = UUID(default=None)
    engine = Text(default=None)
    horizon = Integer(default=None)
    frequency = Text(default=None)
    levels = Array(DoublePrecision(), default=None)
    options = JSONB(default=None)
    product_ids = Array(UUID(), null=True, default=None)
    seed = BigInt(default=None)
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    as_of = Date(null=True, default=None)
    starts_on = Date(null=True, default=None)
    ok = Integer()
    fallback = Integer()
    failed = Integer()


class Forecasts(Table, tablename="forecasts", db=DIALECT):
    """One product's forecast; the key is company, run and product, of which Piccolo knows the last."""

    company_id = UUID(default=None)
    forecast_id = UUID(default=None)
    product_id = UUID(primary_key=True, default=None)
    status = Text(default=None)
    engine = Text(default=None)
    reason_code = Text(null=True, default=None)
    reason_data = JSONB(null=True, default=None)
    mean = Array(DoublePrecision(), null=True, default=None)
    quantiles = Array(DoublePrecision(), null=True, default=None)
    totals = Array(DoublePrecision(), null=True, default=None)
