"""How engines did on past windows."""

from piccolo.columns import JSONB, UUID, Boolean, DoublePrecision, Integer, Real, SmallInt, Text
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class ForecastScores(Table, tablename="forecast_scores", db=DIALECT):
    """One engine on one product; of the key (company, run, product, engine) Piccolo knows the last."""

    company_id = UUID(default=None)
    forecast_id = UUID(default=None)
    product_id = UUID(default=None)
    engine = Text(primary_key=True, default=None)
    weight = Real(default=None)
    mase = Real(null=True, default=None)
    rmsse = Real(null=True, default=None)
    spl = Real(null=True, default=None)
    spl95 = Real(null=True, default=None)
    spl99 = Real(null=True, default=None)
    tpl = Real(null=True, default=None)
    absolute_error = Real(null=True, default=None)
    error = Real(null=True, default=None)
    demand = Real(null=True, default=None)
    inside_80 = Real(null=True, default=None)
    inside_95 = Real(null=True, default=None)
    below_95 = Real(null=True, default=None)
    below_99 = Real(null=True, default=None)
    total_below_95 = Real(null=True, default=None)


class ForecastTallies(Table, tablename="forecast_tallies", db=DIALECT):
    """One engine on a part of a run; the key is company, run, part and engine."""

    company_id = UUID(default=None)
    forecast_id = UUID(default=None)
    part = UUID(default=None)
    engine = Text(primary_key=True, default=None)
    place = SmallInt(default=None)
    chosen = Boolean(default=None)
    products = Integer(default=None)
    unscaled = Integer(default=None)
    leads = Integer(default=None)
    weight = DoublePrecision(default=None)
    weighed = Integer(default=None)
    marks = JSONB(default=None)
