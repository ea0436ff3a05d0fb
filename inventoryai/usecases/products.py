"""Products: entering them and finding them."""

from dataclasses import dataclass

from inventoryai.domain.companies import Membership
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.products import NewProduct, Product, ProductId
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.storage import InCompany, UnitOfWork


@dataclass(frozen=True, slots=True)
class CreateProduct:
    """Enters a product. Its SKU is unique in the company, and told apart by case."""

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers

    async def __call__(self, member: Membership, new: NewProduct) -> Product:
        """The product; raises ``InvalidFields`` or ``SkuAlreadyExists``."""
        async with self.begin(InCompany.of(member)) as work:
            company = await work.companies.get()
            product = new.create(ProductId(self.identifiers.new()), company.currency, self.clock.now())
            await work.products.add(product)
        return product


@dataclass(frozen=True, slots=True)
class ListProducts:
    """The company's products by SKU; archived ones are left out."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest) -> Page[Product]:
        """One page."""
        async with self.begin(InCompany.of(member)) as work:
            return Page.cut(await work.products.list(page), page, lambda product: product.sku)


@dataclass(frozen=True, slots=True)
class GetProduct:
    """One product."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, product_id: ProductId) -> Product:
        """Raises ``ProductNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            return await work.products.get(product_id)
