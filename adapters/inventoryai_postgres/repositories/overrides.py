"""Planners' overrides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from inventoryai.domain.forecast_runs import ForecastId, ForecastNotFound
from inventoryai.domain.overrides import Override, OverrideId, OverrideNotFound
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.periods import Frequency
from inventoryai.domain.products import ProductId
from inventoryai_postgres.constraints import expecting
from inventoryai_postgres.cursors import id_after
from inventoryai_postgres.session import Session

_ADD = """
insert into forecast_overrides (company_id, id, forecast_id, product_id, starts_on, ends_on, frequency, mean,
                                factor, reason, created_by, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
# Whoever has left the company is not seen any more; what they said still holds.
_SELECT = """
select override.id, forecast_id, product_id, sku, starts_on, ends_on, frequency, mean, factor, reason,
    created_by as author_id, users.full_name as author, override.created_at, expires_at, withdrawn_at
from forecast_overrides as override
join products on products.company_id = $1 and products.id = product_id
left join users on users.id = created_by
where override.company_id = $1
"""
_GET = f"{_SELECT} and override.id = $2"
_WITHDRAW = """
update forecast_overrides set withdrawn_at = $3, withdrawn_by = $4
where company_id = $1 and id = $2 and withdrawn_at is null
"""
_LIST = f"""
{_SELECT} and ($3::uuid is null or override.id < $3) and (
    forecast_id = $2 or exists (
        select from forecast_runs as run
        join forecasts on forecasts.company_id = $1 and forecasts.forecast_id = run.id
            and forecasts.product_id = override.product_id
        where run.company_id = $1 and run.id = $2 and override.ends_on >= run.starts_on
            and override.starts_on < case run.frequency
            when 'day' then run.starts_on + run.horizon
            when 'week' then run.starts_on + 7 * run.horizon
            else (run.starts_on + make_interval(months => run.horizon))::date
        end
    )
)
order by override.id desc limit $4
"""
_HOLDING = f"""
{_SELECT} and withdrawn_at is null and (expires_at is null or $4::timestamptz is null or expires_at > $4)
    and ends_on >= $2 and starts_on < $3 and ($5::uuid[] is null or product_id = any($5))
order by override.created_at, override.id
"""


@dataclass(frozen=True, slots=True)
class PostgresOverrides:
    """Overrides of the scope's company."""

    session: Session

    async def add(self, override: Override) -> None:
        """Keeps a new override; raises ``ForecastNotFound`` if its run was deleted in the meantime."""
        with expecting("forecast_overrides_run_fkey", ForecastNotFound()):
            await self.session.execute(
                _ADD,
                self.session.company_id,
                override.id,
                override.forecast_id,
                override.product_id,
                override.starts_on,
                override.ends_on,
                override.frequency.value,
                override.mean,
                override.factor,
                override.reason,
                override.author_id,
                override.created_at,
                override.expires_at,
            )

    async def get(self, override_id: OverrideId) -> Override:
        """An override; raises ``OverrideNotFound``."""
        row = await self.session.fetchrow(_GET, self.session.company_id, override_id)
        if row is None:
            raise OverrideNotFound
        return _override(row)

    async def withdraw(self, override_id: OverrideId, now: datetime) -> None:
        """Notes that an override holds no more; raises ``OverrideNotFound``."""
        key = (self.session.company_id, override_id)
        if not await self.session.execute(_WITHDRAW, *key, now, self.session.user_id):
            raise OverrideNotFound

    async def list(self, forecast_id: ForecastId, page: PageRequest) -> Sequence[Override]:
        """What was ever said about a run, the last first."""
        rows = await self.session.fetch(
            _LIST, self.session.company_id, forecast_id, id_after(page), page.limit + 1
        )
        return [_override(row) for row in rows]

    async def holding(
        self, first: date, until: date, now: datetime | None, products: Sequence[ProductId] | None = None
    ) -> Sequence[Override]:
        """Overrides that hold and change a day in this range."""
        asked = None if products is None else list(products)
        rows = await self.session.fetch(_HOLDING, self.session.company_id, first, until, now, asked)
        return [_override(row) for row in rows]


def _override(row: asyncpg.Record) -> Override:
    return Override(**{**row, "frequency": Frequency(row["frequency"])})
