"""Products."""

from uuid import UUID

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from inventoryai.domain.companies import Membership
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import (
    ProductChanged,
    ProductId,
    ProductNotFound,
    SimilarProductUnknown,
    SkuAlreadyExists,
)
from inventoryai.usecases.products import ChangeProduct, CreateProduct, GetProduct, ListProducts
from inventoryai_http.etags import ETAG, IfMatch, tagged, versions_of
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.products import NewProduct, Product, ProductChanges
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Products and stock"]


@post(
    "/products",
    tags=TAGS,
    response_headers=ETAG,
    **described(CreateProduct, IN_COMPANY, BODY, SkuAlreadyExists, SimilarProductUnknown),
)
async def create_product(
    data: JSONBody[NewProduct], member: NamedDependency[Membership], use_cases: NamedDependency[HttpUseCases]
) -> Response[Product]:
    """Answers 201 with the product."""
    product = await use_cases.create_product(member, data.understood())
    return tagged(Product.of(product), product.version, HTTP_201_CREATED)


@get("/products", tags=TAGS, **described(ListProducts, IN_COMPANY, LIST))
async def list_products(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Product]]:
    """Answers 200 with a page of products."""
    return answer_page(request, await use_cases.list_products(member, page), Product.of)


@get(
    "/products/{product_id:uuid}",
    tags=TAGS,
    response_headers=ETAG,
    **described(GetProduct, IN_COMPANY, ProductNotFound),
)
async def get_product(
    product_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[Product]:
    """Answers 200 with the product."""
    product = await use_cases.get_product(member, ProductId(product_id))
    return tagged(Product.of(product), product.version, HTTP_200_OK)


@patch(
    "/products/{product_id:uuid}",
    tags=TAGS,
    response_headers=ETAG,
    **described(
        ChangeProduct,
        IN_COMPANY,
        BODY,
        ProductNotFound,
        SkuAlreadyExists,
        SimilarProductUnknown,
        ProductChanged,
    ),
)
async def change_product(
    product_id: FromPath[UUID],
    data: JSONBody[ProductChanges],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
    if_match: IfMatch = None,
) -> Response[Product]:
    """Answers 200 with the product as it is now."""
    product = await use_cases.change_product(
        member, ProductId(product_id), data.understood(), versions_of(if_match)
    )
    return tagged(Product.of(product), product.version, HTTP_200_OK)


IN_A_COMPANY = (create_product, list_products, get_product, change_product)
