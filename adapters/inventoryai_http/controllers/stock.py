"""Stock."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from inventoryai.domain.companies import Membership
from inventoryai.domain.errors import Locale
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.stock import StockCountsTooMany
from inventoryai.usecases.stock import CountStock, ListStock
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.stock import CountResult, CountResults, StockCounts, StockPosition
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Products and stock"]


@get("/stock", tags=TAGS, **described(ListStock, IN_COMPANY, LIST))
async def list_stock(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[StockPosition]]:
    """Answers 200 with a page of positions."""
    return answer_page(request, await use_cases.list_stock(member, page), StockPosition.of)


@post(
    "/stock/counts",
    tags=TAGS,
    status_code=HTTP_200_OK,
    **described(CountStock, IN_COMPANY, BODY, StockCountsTooMany),
)
async def count_stock(
    data: JSONBody[StockCounts],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> CountResults:
    """Answers 200 with a result for each count."""
    results = await use_cases.count_stock(member, [count.understood() for count in data.counts])
    return CountResults([CountResult.of(result, locale) for result in results])


IN_A_COMPANY = (list_stock, count_stock)
