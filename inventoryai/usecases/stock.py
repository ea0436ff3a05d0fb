"""Stock: counting it and seeing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventoryai.domain.companies import Membership
from inventoryai.domain.errors import Invalid, Problem
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.products import ProductId, ProductNotFound, SkuUnknown
from inventoryai.domain.stock import (
    MOST_COUNTS,
    CountedStock,
    CountResult,
    StockCount,
    StockCountsTooMany,
    StockPosition,
)
from inventoryai.ports.clock import Clock
from inventoryai.ports.storage import InCompany, UnitOfWork, Work


@dataclass(frozen=True, slots=True)
class CountStock:
    """Takes what was found on the shelf as the truth of that moment.

    It stands until a newer moment's count, in whichever order they arrive. Each count is judged by
    itself: the good ones take effect, the others are answered with what is wrong with them. Of two
    counts of one product and moment, the later wins.
    """

    begin: UnitOfWork
    clock: Clock

    async def __call__(self, member: Membership, counts: Sequence[StockCount]) -> tuple[CountResult, ...]:
        """One result a count, in their order."""
        if not 1 <= len(counts) <= MOST_COUNTS:
            raise StockCountsTooMany(most=MOST_COUNTS)
        now = self.clock.now()
        checked = [_checked(count, now) for count in counts]
        async with self.begin(InCompany.of(member)) as work:
            known = await self._resolve(work, [one for one in checked if isinstance(one, StockCount)])
            results = tuple(_result(*one, known) for one in zip(counts, checked, strict=True))
            good = [
                CountedStock(result.product_id, result.on_hand, count.counted_at or now)
                for count, result in zip(counts, results, strict=True)
                if result.problem is None and result.product_id is not None and result.on_hand is not None
            ]
            await work.stock.count(good)
        return results

    @staticmethod
    async def _resolve(work: Work, counts: Sequence[StockCount]) -> dict[str | ProductId, ProductId]:
        skus = [count.sku for count in counts if count.sku is not None]
        ids = [count.product_id for count in counts if count.product_id is not None]
        known: dict[str | ProductId, ProductId] = {}
        known.update((await work.products.ids_by_sku(skus)).items())
        known |= {product.id: product.id for product in await work.products.every(ids)}
        return known


def _checked(count: StockCount, now: datetime) -> StockCount | Problem:
    """The count as it is meant, or what is wrong with it: the database is asked of sound ones alone."""
    try:
        return count.checked(now)
    except Invalid as invalid:
        return invalid


def _result(
    count: StockCount, checked: StockCount | Problem, known: dict[str | ProductId, ProductId]
) -> CountResult:
    if isinstance(checked, Problem):
        return CountResult(count.sku, count.product_id, problem=checked)
    name = checked.sku if checked.sku is not None else checked.product_id
    if name is not None and name in known:
        return CountResult(count.sku, known[name], count.on_hand)
    problem = SkuUnknown(sku=count.sku) if count.sku is not None else ProductNotFound()
    return CountResult(count.sku, count.product_id, problem=problem)


@dataclass(frozen=True, slots=True)
class ListStock:
    """What the company has of each product: on hand, on order, backordered."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest) -> Page[StockPosition]:
        """One page, by SKU."""
        async with self.begin(InCompany.of(member)) as work:
            return Page.cut(await work.stock.positions(page), page, lambda position: position.sku)
