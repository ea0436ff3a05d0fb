"""Products: entering them, finding them, changing them."""

from dataclasses import dataclass

from inventoryai.domain.companies import Membership
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.products import NewProduct, Product, ProductChanged, ProductChanges, ProductId
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.storage import InCompany, UnitOfWork


@dataclass(frozen=True, slots=True)
class CreateProduct:
    """Enters a product. Its SKU is unique in the company, and told apart by case.

    With ``similar_to`` a new product is forecast after another one whose sales are known, until it has
    enough of its own: a ``share`` of 0.8 says that it sells 80 % of what that one does.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers

    async def __call__(self, member: Membership, new: NewProduct) -> Product:
        """The product; raises ``InvalidFields``, ``SkuAlreadyExists`` or ``SimilarProductUnknown``."""
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


@dataclass(frozen=True, slots=True)
class ChangeProduct:
    """Changes the fields of a product that are sent, and leaves the others as they are.

    A field of null is not known any more. Who sends ``If-Match`` with the ``ETag`` of what was read
    changes nothing that somebody else has changed since.
    """

    begin: UnitOfWork

    async def __call__(
        self,
        member: Membership,
        product_id: ProductId,
        changes: ProductChanges,
        versions: frozenset[int] | None = None,
    ) -> Product:
        """The product as it is now.

        Args:
            member: Who asks.
            product_id: Which product.
            changes: What is changed.
            versions: The product is changed only when it is at one of these; None for any.

        Raises:
            ProductNotFound, InvalidFields, SkuAlreadyExists, SimilarProductUnknown: It cannot be so.
            ProductChanged: It is at another version.
        """
        async with self.begin(InCompany.of(member)) as work:
            company = await work.companies.get()
            product = await work.products.lock(product_id)
            if versions is not None and product.version not in versions:
                raise ProductChanged(version=product.version)
            changed = changes.apply(product, company.currency)
            await work.products.update(changed)
        return changed
