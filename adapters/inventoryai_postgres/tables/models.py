"""Trained models."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Models(Table, tablename="models", db=DIALECT):
    """What engines have learnt; the key has ``company_id`` in front."""

    company_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    job_id = UUID(default=None)
    engine = Text(default=None)
    frequency = Text(default=None)
    options = JSONB(default=None)
    seed = BigInt(default=None)
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    data_hash = Text(null=True, default=None)
    versions = JSONB(null=True, default=None)
    products = Integer(null=True, default=None)
    trained_until = Date(null=True, default=None)
    checkpoint = Bytea(null=True, default=None)
    state = Bytea(null=True, default=None)
    digest = Text(null=True, default=None)
    size = Integer(null=True, default=None)
    scores = JSONB(null=True, default=None)
    current = Boolean(default=False)
    renewed_checkpoint = Bytea(null=True, default=None)
    renewed = Bytea(null=True, default=None)
    renewed_digest = Text(null=True, default=None)
    renewed_until = Date(null=True, default=None)


class ForecastModels(Table, tablename="forecast_models", db=DIALECT):
    """Which model a run uses in place of an engine; the key is company, run and engine."""

    company_id = UUID(default=None)
    forecast_id = UUID(default=None)
    engine = Text(primary_key=True, default=None)
    model_id = UUID(default=None)
    unused_code = Text(null=True, default=None)
    unused_data = JSONB(null=True, default=None)
