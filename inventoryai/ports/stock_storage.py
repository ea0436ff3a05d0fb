"""Products and stock, as they are kept."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Protocol

from inventoryai.domain.imports import ImportId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import Product, ProductId
from inventoryai.domain.sightings import StockSightings
from inventoryai.domain.stock import CountedStock, StockPosition


class Products(Protocol):
    """Products of the scope's company."""

    async def add(self, product: Product) -> None:
        """Keeps a new product.

        Raises:
            SkuAlreadyExists: Another one has its SKU.
            SimilarProductUnknown: The one that it sells like is not of this company.
        """
        ...

    async def lock(self, product_id: ProductId) -> Product:
        """As ``get``, and nobody else changes the product before this unit of work has ended."""
        ...

    async def update(self, product: Product) -> None:
        """Keeps a product that was locked as it is now; raises as ``add`` does."""
        ...

    async def add_missing(self, products: Sequence[Product]) -> int:
        """Keeps, in one statement, those whose SKU is not there yet; how many those were."""
        ...

    async def get(self, product_id: ProductId) -> Product:
        """A product.

        Raises:
            ProductNotFound: There is none in this company.
        """
        ...

    async def list(self, page: PageRequest) -> Sequence[Product]:
        """Products that are not archived, by SKU (``page.after`` is one); up to ``limit + 1``."""
        ...

    async def ids_by_sku(self, skus: Sequence[str]) -> Mapping[str, ProductId]:
        """The products of those SKUs that exist, archived ones too."""
        ...

    async def every(self, ids: Sequence[ProductId] | None = None) -> Sequence[Product]:
        """All products that are not archived, or those named, by SKU."""
        ...


class Stock(Protocol):
    """The stock ledger of the scope's company."""

    async def count(self, counts: Sequence[CountedStock], import_id: ImportId | None = None) -> None:
        """Books, in one statement, what was found at each moment.

        The newest count and the movements after it are what is on hand: one that comes late, or is
        deleted with its import, leaves newer ones true. Of two of one moment, the later given stands.
        """
        ...

    async def positions(
        self, page: PageRequest | None = None, ids: Sequence[ProductId] | None = None
    ) -> Sequence[StockPosition]:
        """Positions by SKU (``page.after`` is one; up to ``limit + 1``), of all products or those named."""
        ...

    async def sightings(self, products: Sequence[ProductId], zone: tzinfo) -> StockSightings:
        """When counts and deliveries of these products saw goods or none, by their days in a time zone.

        A product is known by its place among those asked for.
        """
        ...
