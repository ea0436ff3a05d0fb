"""Products."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from inventoryai.domain.companies import Membership
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId, ProductNotFound, SkuAlreadyExists
from inventoryai.usecases.products import CreateProduct, GetProduct, ListProducts
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.products import NewProduct, Product
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Products and stock"]


@post("/products", tags=TAGS, **described(CreateProduct, IN_COMPANY, BODY, SkuAlreadyExists))
async def create_product(
    data: JSONBody[NewProduct], member: NamedDependency[Membership], use_cases: NamedDependency[HttpUseCases]
) -> Product:
    """Answers 201 with the product."""
    return Product.of(await use_cases.create_product(member, data.understood()))


@get("/products", tags=TAGS, **described(ListProducts, IN_COMPANY, LIST))
async def list_products(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Product]]:
    """Answers 200 with a page of products."""
    return answer_page(request, await use_cases.list_products(member, page), Product.of)


@get("/products/{product_id:uuid}", tags=TAGS, **described(GetProduct, IN_COMPANY, ProductNotFound))
async def get_product(
    product_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Product:
    """Answers 200 with the product."""
    return Product.of(await use_cases.get_product(member, ProductId(product_id)))


IN_A_COMPANY = (create_product, list_products, get_product)
