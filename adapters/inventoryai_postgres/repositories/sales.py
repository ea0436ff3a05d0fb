"""Sales by product, day and import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.imports import ImportId, ImportNotFound, OnDuplicate
from inventoryai.domain.money import as_currency, exponent
from inventoryai.domain.products import ProductId
from inventoryai.domain.sales import DailyTotals
from inventoryai.ports.sales_storage import Covered, DemandHistory
from inventoryai_postgres.copying import (
    BIGINT,
    DATE,
    FIRST_DAY,
    UUID,
    Layout,
    Rows,
    copy_in,
    copy_out,
    staging,
    uuids,
)
from inventoryai_postgres.repositories.superseding import SAID, demand_of
from inventoryai_postgres.session import Session

_PAIRS: Final = Layout.of(product_id=UUID, day=DATE)
_PAIR_COLUMNS = "product_id uuid, day date"
_COVERED = """
select count(*) as pairs, min(day) as first_day from staged_pairs as pair where exists (
    select from sales where company_id = $1 and sales.product_id = pair.product_id
        and sales.day = pair.day and import_id <> $2
)
"""

_LANDED: Final = Layout.of(product_id=UUID, day=DATE, sold=BIGINT, returned=BIGINT, revenue=BIGINT)
_LANDED_COLUMNS = "product_id uuid, day date, sold bigint, returned bigint, revenue bigint"
_IMPORT = """
select generation, currency from imports join companies on companies.id = imports.company_id
where imports.company_id = $1 and imports.id = $2 and deleted_at is null
"""
# A large file takes longer than a statement of a person may; the lease of the job is renewed meanwhile.
_PATIENCE = "set local statement_timeout = '10min'; set local work_mem = '64MB'"
# The rows were staged in the order of the primary key, so each page of its index is filled once.
_LAND = """
insert into sales (company_id, product_id, day, generation, import_id, adds, sold, returned, revenue)
select $1, product_id, day, $2, $3, $4, sold * 0.001, returned * 0.001, revenue * $5::numeric
from staged_sales
"""
_SOLD_UNTIL = "update imports set sold_until = $3 where company_id = $1 and id = $2"

# One short walk along the primary key for each product; what comes is in order already.
_HISTORY = """
select asked.place::integer - 1, said.* from unnest($1::uuid[]) with ordinality as asked (id, place)
cross join lateral (
    select day - date '1970-01-01', adds, ((sold - returned) * 1000)::bigint from sales
    where company_id = $2 and product_id = asked.id and day < date '1970-01-01' + $3::integer
    order by day, generation
) as said
"""
# One look at the front of the primary key for each product of these categories.
_OLDEST = """
select category, array_agg(id order by place) as ids from (
    select category, id, row_number() over (partition by category order by began.day, id) as place
    from products as one cross join lateral (
        select day from sales where company_id = $1 and product_id = one.id order by day limit 1
    ) as began
    where one.company_id = $1 and category = any($2::text[]) and not archived
        and began.day < date '1970-01-01' + $3::integer
) as ranked where place <= $4 group by category
"""
_FIRST_DAY = """
select min(first_day) - date '1970-01-01' from imports
where company_id = $1 and deleted_at is null and sold_until is not null
"""
_LAST_DAY = """
select max(sold_until) - date '1970-01-01' from imports where company_id = $1 and deleted_at is null
"""


@dataclass(frozen=True, slots=True)
class PostgresSales:
    """Sales of the scope's company."""

    session: Session

    async def covered(
        self, totals: DailyTotals, products: Sequence[ProductId], import_id: ImportId
    ) -> Covered:
        """Which of these pairs other live imports cover."""
        order, product_ids = _by_product(totals, products)
        rows = _PAIRS.rows(len(totals))
        rows["product_id"] = product_ids
        rows["day"] = totals.day[order] - FIRST_DAY
        async with staging(self.session, "staged_pairs", _PAIR_COLUMNS):
            await copy_in(self.session, "staged_pairs", rows)
            await self.session.execute("analyze staged_pairs")
            row = await self.session.fetchrow(_COVERED, self.session.company_id, import_id)
        return Covered(row["pairs"], row["first_day"]) if row else Covered(0, None)

    async def land(
        self,
        import_id: ImportId,
        totals: DailyTotals,
        products: Sequence[ProductId],
        on_duplicate: OnDuplicate,
    ) -> None:
        """Keeps a file's totals; raises ``ImportNotFound`` when the import was deleted meanwhile."""
        company_id = self.session.company_id
        found = await self.session.fetchrow(_IMPORT, company_id, import_id)
        if found is None:
            raise ImportNotFound
        adds = on_duplicate is OnDuplicate.SUM
        minor_unit = Decimal(1).scaleb(-exponent(as_currency(found["currency"])))
        await self.session.execute(_PATIENCE)
        async with staging(self.session, "staged_sales", _LANDED_COLUMNS):
            await copy_in(self.session, "staged_sales", _landed(totals, products))
            await self.session.execute(_LAND, company_id, found["generation"], import_id, adds, minor_unit)
        if len(totals):
            last_day = np.datetime64(int(totals.day.max()), "D").astype(object)
            await self.session.execute(_SOLD_UNTIL, company_id, import_id, last_day)

    async def history(self, products: Sequence[ProductId], until: int) -> DemandHistory:
        """Demand before the day ``until``."""
        company_id = self.session.company_id
        said = await copy_out(self.session, SAID, _HISTORY, list(products), company_id, until)
        return demand_of(said)

    async def oldest(
        self, categories: Sequence[str], before: int, most: int
    ) -> Mapping[str, Sequence[ProductId]]:
        """The products of each category that have sold for longest."""
        rows = await self.session.fetch(_OLDEST, self.session.company_id, categories, before, most)
        return {row["category"]: row["ids"] for row in rows}

    async def first_day(self) -> int | None:
        """The first day with any line of a live import."""
        day: int | None = await self.session.fetchval(_FIRST_DAY, self.session.company_id)
        return day

    async def last_day(self) -> int | None:
        """The last day with any live sales line: that of an import, of which there are few."""
        day: int | None = await self.session.fetchval(_LAST_DAY, self.session.company_id)
        return day


def _landed(totals: DailyTotals, products: Sequence[ProductId]) -> Rows:
    """Totals as they are staged, in the order of the primary key."""
    order, product_ids = _by_product(totals, products)
    rows = _LANDED.rows(len(totals))
    rows["product_id"] = product_ids
    rows["day"] = totals.day[order] - FIRST_DAY
    rows["sold"] = totals.sold[order]
    rows["returned"] = totals.returned[order]
    rows["revenue"] = totals.revenue[order]
    return rows


def _by_product(
    totals: DailyTotals, products: Sequence[ProductId]
) -> tuple[NDArray[np.intp], NDArray[np.void]]:
    """int[m], the order of totals by (product id, day), and V16[m], the product ids in that order."""
    rank = np.empty(len(products), dtype=np.int64)
    rank[sorted(range(len(products)), key=lambda index: products[index].bytes)] = np.arange(len(products))
    # The totals are in the order of days already, which a stable sort keeps.
    order = np.argsort(rank[totals.sku], kind="stable")
    return order, uuids(products)[totals.sku[order]]
