"""Promotions."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId, ProductNotFound
from inventoryai.domain.promotions import Promotion, PromotionDetails, PromotionId, PromotionNotFound
from inventoryai.forecasting.covariates import Spans
from inventoryai_postgres.constraints import expecting
from inventoryai_postgres.cursors import id_after
from inventoryai_postgres.session import Session

_ADD = """
insert into promotions (company_id, id, name, starts_on, ends_on, of_all, created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_NAME = """
insert into promotion_products (company_id, promotion_id, product_id)
select $1, $2, product_id from unnest($3::uuid[]) as product_id order by product_id
"""
_SELECT = """
select id, name, starts_on, ends_on, created_at, case when not of_all then (
    select count(*) from promotion_products as one
    where one.company_id = promotions.company_id and one.promotion_id = promotions.id
) end as product_count
from promotions where company_id = $1
"""
_GET = f"{_SELECT} and id = $2"
_PRODUCTS = """
select product_id from promotion_products where company_id = $1 and promotion_id = $2 order by product_id
"""
_LIST = f"{_SELECT} and ($2::uuid is null or id < $2) order by id desc limit $3"
_DELETE = "delete from promotions where company_id = $1 and id = $2"

# One row a promotion, with the places of the products that it names: they would be many as rows.
_SPANS = """
select starts_on - date '1970-01-01' as first, ends_on - date '1970-01-01' + 1 as until, of_all, array(
    select asked.place::integer - 1 from promotion_products as named
    join unnest($2::uuid[]) with ordinality as asked (id, place) on asked.id = named.product_id
    where named.company_id = promotions.company_id and named.promotion_id = promotions.id
) as places
from promotions
where company_id = $1 and starts_on < date '1970-01-01' + $4::integer
    and ends_on >= date '1970-01-01' + $3::integer
"""


@dataclass(frozen=True, slots=True)
class PostgresPromotions:
    """Promotions of the scope's company."""

    session: Session

    async def add(self, promotion: Promotion, products: Sequence[ProductId]) -> None:
        """Keeps a new promotion; raises ``ProductNotFound``."""
        await self.session.execute(
            _ADD,
            self.session.company_id,
            promotion.id,
            promotion.name,
            promotion.starts_on,
            promotion.ends_on,
            promotion.product_count is None,
            self.session.user_id,
            promotion.created_at,
        )
        with expecting("promotion_products_product_fkey", ProductNotFound()):
            await self.session.execute(_NAME, self.session.company_id, promotion.id, products)

    async def get(self, promotion_id: PromotionId) -> PromotionDetails:
        """A promotion and what it is of; raises ``PromotionNotFound``."""
        key = (self.session.company_id, promotion_id)
        row = await self.session.fetchrow(_GET, *key)
        if row is None:
            raise PromotionNotFound
        products = [ProductId(one["product_id"]) for one in await self.session.fetch(_PRODUCTS, *key)]
        return PromotionDetails(Promotion(**row), tuple(products))

    async def list(self, page: PageRequest) -> Sequence[Promotion]:
        """Promotions, those entered last first."""
        rows = await self.session.fetch(_LIST, self.session.company_id, id_after(page), page.limit + 1)
        return [Promotion(**row) for row in rows]

    async def delete(self, promotion_id: PromotionId) -> None:
        """Forgets a promotion; raises ``PromotionNotFound``."""
        if not await self.session.execute(_DELETE, self.session.company_id, promotion_id):
            raise PromotionNotFound

    async def spans(self, products: Sequence[ProductId], first: int, until: int) -> Spans:
        """When each of these products is promoted."""
        rows = await self.session.fetch(_SPANS, self.session.company_id, list(products), first, until)
        everything = range(len(products))
        return Spans.of([span for row in rows for span in _spans(row, everything)])


def _spans(row: asyncpg.Record, everything: Sequence[int]) -> list[tuple[int, int, int]]:
    places = everything if row["of_all"] else row["places"]
    return [(place, row["first"], row["until"]) for place in places]
