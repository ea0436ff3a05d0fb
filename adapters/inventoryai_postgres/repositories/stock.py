"""The ledger of stock: what was found or changed at which moment, and what is there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final

import numpy as np

from inventoryai.domain.imports import ImportId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai.domain.sightings import StockSightings, local_days
from inventoryai.domain.stock import CountedStock, StockPosition
from inventoryai_postgres.copying import BIGINT, BOOLEAN, INTEGER, Layout, copy_out
from inventoryai_postgres.session import Session

_COUNT: Final = """
insert into stock_movements (company_id, product_id, kind, quantity, at, import_id)
select $1, product_id, 'count', quantity, at, $2
from unnest($3::uuid[], $4::numeric[], $5::timestamptz[])
    with ordinality as counted (product_id, quantity, at, place)
order by place
"""
# The CASE, where COALESCE would do: under row-level security only what PostgreSQL knows to be leakproof
# may be looked up in an index, and that it does not know of COALESCE.
_POSITIONS: Final = """
select products.id as product_id, sku, name, counted.at as counted_at,
    coalesce(counted.quantity, 0) + coalesce(since.change, 0) as on_hand
from products
left join lateral (
    select quantity, at, id from stock_movements
    where company_id = $1 and product_id = products.id and kind = 'count'
    order by at desc, id desc limit 1
) as counted on true
left join lateral (
    select sum(quantity) as change from stock_movements
    where company_id = $1 and product_id = products.id and kind <> 'count'
        and at >= case when counted.id is null then '-infinity' else counted.at end
        and (counted.id is null or (at, id) > (counted.at, counted.id))
) as since on true
where products.company_id = $1
"""
_OF_PAGE: Final = f"{_POSITIONS} and not archived and ($2::text is null or sku > $2) order by sku limit $3"
_OF_NAMED: Final = (
    f"{_POSITIONS} and products.id = any($4::uuid[]) and ($2::text is null or sku > $2) order by sku limit $3"
)
_SEEN: Final = Layout.of(product=INTEGER, second=BIGINT, empty=BOOLEAN)
# The moment is rounded down: the last second of a day is of that day. The day itself is looked up by us,
# as everywhere else, lest two editions of the world's time zones disagree.
_SIGHTINGS: Final = """
select asked.place::integer - 1, seen.* from unnest($1::uuid[]) with ordinality as asked (id, place)
cross join lateral (
    select floor(extract(epoch from at))::bigint, quantity = 0 from stock_movements
    where company_id = $2 and product_id = asked.id and (kind = 'count' or quantity > 0)
    order by at, id
) as seen
"""
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class PostgresStock:
    """The ledger of the scope's company."""

    session: Session

    async def count(self, counts: Sequence[CountedStock], import_id: ImportId | None = None) -> None:
        """Books what was found. Of two counts of one moment, the one that comes later stands."""
        await self.session.execute(
            _COUNT,
            self.session.company_id,
            import_id,
            [count.product_id for count in counts],
            [count.on_hand for count in counts],
            [count.counted_at for count in counts],
        )

    async def positions(
        self, page: PageRequest | None = None, ids: Sequence[ProductId] | None = None
    ) -> Sequence[StockPosition]:
        """Positions by SKU, of all products that are not archived, or of those named."""
        after, most = (page.after, page.limit + 1) if page else (None, None)
        if ids is None:
            rows = await self.session.fetch(_OF_PAGE, self.session.company_id, after, most)
        else:
            rows = await self.session.fetch(_OF_NAMED, self.session.company_id, after, most, ids)
        return [_position(**row) for row in rows]

    async def sightings(self, products: Sequence[ProductId], zone: tzinfo) -> StockSightings:
        """What counts and deliveries saw."""
        seen = await copy_out(self.session, _SEEN, _SIGHTINGS, list(products), self.session.company_id)
        days = local_days(seen["second"].astype(np.int64), zone)
        return StockSightings(seen["product"].astype(np.int32), days, seen["empty"] == 1)


def _position(**row: Any) -> StockPosition:
    # Orders to suppliers are not kept yet, so nothing is on order or owed to customers.
    return StockPosition(on_order=_NOTHING, backordered=_NOTHING, **row)
