"""Products, single and in masses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

import asyncpg

from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import (
    Product,
    ProductId,
    ProductNotFound,
    SimilarProductUnknown,
    SimilarTo,
    SkuAlreadyExists,
)
from inventoryai_postgres.constraints import expecting
from inventoryai_postgres.session import Session

_TYPES: Final = {
    "id": "uuid",
    "sku": "text",
    "name": "text",
    "created_at": "timestamptz",
    "category": "text",
    "unit": "text",
    "supplier_id": "uuid",
    "cost": "numeric",
    "price": "numeric",
    "lead_time_days": "numeric",
    "lead_time_sd": "numeric",
    "moq": "numeric",
    "pack_size": "numeric",
    "service_level": "numeric",
    "archived": "boolean",
    "version": "integer",
    "similar_product_id": "uuid",
    "similar_share": "numeric",
}
"""Column and type of all that is kept of a product, so that a mass of them travels as one array a column."""
_VALUES: Final[Mapping[str, Callable[[Product], object]]] = {name: attrgetter(name) for name in _TYPES} | {
    "similar_product_id": lambda product: product.similar_to and product.similar_to.product_id,
    "similar_share": lambda product: product.similar_to and product.similar_to.share,
}
_FIELDS: Final = ", ".join(_TYPES)
_ARRAYS: Final = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(_TYPES.values(), start=2))

# Put together from the names above alone. Sorted, so that two at once wait for each other in one order.
_ADD: Final = f"""
insert into products (company_id, {_FIELDS})
select $1, new.* from unnest({_ARRAYS}) as new ({_FIELDS}) order by new.sku collate "C"
"""
_ADD_MISSING: Final = f"{_ADD} on conflict on constraint products_sku_key do nothing"
_SELECT: Final = f"select {_FIELDS} from products where company_id = $1"
_GET: Final = f"{_SELECT} and id = $2"
_LOCK: Final = f"{_GET} for update"
_CHANGED: Final = [name for name in _TYPES if name not in {"id", "created_at"}]
_SET: Final = ", ".join(f"{name} = ${place}" for place, name in enumerate(_CHANGED, start=3))
_UPDATE: Final = f"update products set {_SET} where company_id = $1 and id = $2"
_PAGE: Final = f"{_SELECT} and not archived and ($2::text is null or sku > $2) order by sku limit $3"
_EVERY: Final = f"{_SELECT} and not archived order by sku"
_NAMED: Final = f"{_SELECT} and id = any($2::uuid[]) order by sku"
_IDS: Final = "select sku, id from products where company_id = $1 and sku = any($2::text[])"


@dataclass(frozen=True, slots=True)
class PostgresProducts:
    """Products of the scope's company."""

    session: Session

    async def add(self, product: Product) -> None:
        """Keeps a new product; raises ``SkuAlreadyExists`` or ``SimilarProductUnknown``."""
        await self._write(product, _ADD, *_columns([product]))

    async def update(self, product: Product) -> None:
        """Keeps a product as it is now; raises ``SkuAlreadyExists`` or ``SimilarProductUnknown``."""
        await self._write(product, _UPDATE, product.id, *(_VALUES[name](product) for name in _CHANGED))

    async def _write(self, product: Product, statement: str, *values: object) -> None:
        taken = expecting("products_sku_key", SkuAlreadyExists(sku=product.sku))
        unknown = expecting("products_similar_fkey", SimilarProductUnknown())
        with taken, unknown:
            await self.session.execute(statement, self.session.company_id, *values)

    async def add_missing(self, products: Sequence[Product]) -> int:
        """Keeps those whose SKU is not there yet, and counts them."""
        return await self.session.execute(_ADD_MISSING, self.session.company_id, *_columns(products))

    async def get(self, product_id: ProductId) -> Product:
        """A product; raises ``ProductNotFound``."""
        return await self._one(_GET, product_id)

    async def lock(self, product_id: ProductId) -> Product:
        """As ``get``, for one who changes it."""
        return await self._one(_LOCK, product_id)

    async def _one(self, statement: str, product_id: ProductId) -> Product:
        row = await self.session.fetchrow(statement, self.session.company_id, product_id)
        if row is None:
            raise ProductNotFound
        return _product(row)

    async def list(self, page: PageRequest) -> Sequence[Product]:
        """Products that are not archived, by SKU; up to one more than the page holds."""
        rows = await self.session.fetch(_PAGE, self.session.company_id, page.after, page.limit + 1)
        return [_product(row) for row in rows]

    async def ids_by_sku(self, skus: Sequence[str]) -> Mapping[str, ProductId]:
        """The products of those SKUs that exist, archived ones too."""
        rows = await self.session.fetch(_IDS, self.session.company_id, skus)
        return {row["sku"]: ProductId(row["id"]) for row in rows}

    async def every(self, ids: Sequence[ProductId] | None = None) -> Sequence[Product]:
        """All products that are not archived, or those named, by SKU."""
        if ids is None:
            rows = await self.session.fetch(_EVERY, self.session.company_id)
        else:
            rows = await self.session.fetch(_NAMED, self.session.company_id, ids)
        return [_product(row) for row in rows]


def _columns(products: Sequence[Product]) -> Sequence[Sequence[object]]:
    """One column a field, of all products."""
    return [list(map(_VALUES[name], products)) for name in _TYPES]


def _product(row: asyncpg.Record) -> Product:
    said = dict(row)
    model, share = said.pop("similar_product_id"), said.pop("similar_share")
    return Product(**said, similar_to=None if model is None else SimilarTo(model, share))
