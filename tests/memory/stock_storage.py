"""Products and stock, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from memory.rows import Transaction

from inventoryai.domain.imports import ImportId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import (
    Product,
    ProductId,
    ProductNotFound,
    SimilarProductUnknown,
    SkuAlreadyExists,
)
from inventoryai.domain.sightings import StockSightings
from inventoryai.domain.stock import CountedStock, StockPosition


@dataclass(frozen=True, slots=True)
class MemoryProducts:
    """Products of the scope's company."""

    transaction: Transaction

    async def add(self, product: Product) -> None:
        self._check_model(product)
        if not await self.add_missing([product]):
            raise SkuAlreadyExists(sku=product.sku)

    async def update(self, product: Product) -> None:
        if any(one.sku == product.sku and one.id != product.id for one in in_company(self.transaction)):
            raise SkuAlreadyExists(sku=product.sku)
        self._check_model(product)
        self.transaction.rows.products[self.transaction.company_id, product.id] = product

    def _check_model(self, product: Product) -> None:
        model = product.similar_to and product.similar_to.product_id
        if model and (self.transaction.company_id, model) not in self.transaction.rows.products:
            raise SimilarProductUnknown

    async def lock(self, product_id: ProductId) -> Product:
        return await self.get(product_id)

    async def add_missing(self, products: Sequence[Product]) -> int:
        known = {one.sku for one in in_company(self.transaction)}
        missing: dict[str, Product] = {}
        for product in products:
            if product.sku not in known:
                missing.setdefault(product.sku, product)
        company = self.transaction.company_id
        self.transaction.rows.products.update({(company, one.id): one for one in missing.values()})
        return len(missing)

    async def get(self, product_id: ProductId) -> Product:
        product = self.transaction.rows.products.get((self.transaction.company_id, product_id))
        if product is None:
            raise ProductNotFound
        return product

    async def list(self, page: PageRequest) -> Sequence[Product]:
        every = await self.every()
        return [one for one in every if page.after is None or one.sku > page.after][: page.limit + 1]

    async def ids_by_sku(self, skus: Sequence[str]) -> Mapping[str, ProductId]:
        return {one.sku: one.id for one in in_company(self.transaction) if one.sku in skus}

    async def every(self, ids: Sequence[ProductId] | None = None) -> Sequence[Product]:
        if ids is None:
            return [one for one in in_company(self.transaction) if not one.archived]
        return [one for one in in_company(self.transaction) if one.id in ids]


@dataclass(frozen=True, slots=True)
class MemoryStock:
    """The stock of the scope's company, of which only counts are kept so far."""

    transaction: Transaction

    async def count(self, counts: Sequence[CountedStock], import_id: ImportId | None = None) -> None:
        company = self.transaction.company_id
        self.transaction.rows.counts.extend((company, count, import_id) for count in counts)

    async def positions(
        self, page: PageRequest | None = None, ids: Sequence[ProductId] | None = None
    ) -> Sequence[StockPosition]:
        products = await MemoryProducts(self.transaction).every(ids)
        if page is not None:
            after = [one for one in products if page.after is None or one.sku > page.after]
            products = after[: page.limit + 1]
        return [self._position(product) for product in products]

    async def sightings(self, products: Sequence[ProductId], zone: tzinfo) -> StockSightings:
        place = {product: index for index, product in enumerate(products)}
        company = self.transaction.company_id
        counts = [
            (place[count.product_id], count.counted_at, not count.on_hand)
            for counted_by, count, _ in self.transaction.rows.counts
            if counted_by == company and count.product_id in place
        ]
        # Of one moment, in the order in which they came.
        counts.sort(key=lambda count: count[:2])
        return StockSightings.of(
            [(index, _number(counted_at.astimezone(zone)), empty) for index, counted_at, empty in counts]
        )

    def _position(self, product: Product) -> StockPosition:
        company, nothing = self.transaction.company_id, Decimal(0)
        counts = [
            count
            for counted_by, count, _ in self.transaction.rows.counts
            if counted_by == company and count.product_id == product.id
        ]
        # The newest; of two of the same moment, the one that came later: max returns the first it meets.
        newest = max(reversed(counts), key=lambda count: count.counted_at, default=None)
        on_hand, counted_at = (newest.on_hand, newest.counted_at) if newest else (nothing, None)
        return StockPosition(product.id, product.sku, product.name, on_hand, nothing, nothing, counted_at)


def _number(moment: datetime) -> int:
    return (moment.date() - datetime.fromtimestamp(0, UTC).date()).days


def in_company(transaction: Transaction) -> list[Product]:
    """The company's products, by SKU."""
    rows = transaction.rows.products.items()
    mine = [product for (company, _), product in rows if company == transaction.company_id]
    return sorted(mine, key=lambda product: product.sku)
