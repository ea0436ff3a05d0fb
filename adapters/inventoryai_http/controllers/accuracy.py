"""How good forecasts were."""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from inventoryai.domain.companies import Membership
from inventoryai.domain.errors import Locale
from inventoryai.domain.forecast_runs import ForecastId, ForecastNotFound, ProductNotForecast
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai.usecases.accuracy import GetForecastAccuracy, GetProductForecast
from inventoryai_http.operations import IN_COMPANY, LIST, described
from inventoryai_http.paging import encoded, links
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.accuracy import AccuracyPage, ProductForecastDetails
from inventoryai_http.use_cases import HttpUseCases
from inventoryai_http.writing import ExactResponse

TAGS = ["Forecasts"]


@get(
    "/forecasts/{forecast_id:uuid}/accuracy",
    tags=TAGS,
    **described(GetForecastAccuracy, IN_COMPANY, LIST, ForecastNotFound),
)
async def get_forecast_accuracy(
    request: ExactRequest,
    forecast_id: FromPath[UUID],
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[AccuracyPage]:
    """Answers 200 with a page of products, and all engines beside it."""
    found = await use_cases.get_forecast_accuracy(member, ForecastId(forecast_id), page)
    after = found.products.next_after
    cursor = None if after is None else encoded(after)
    return ExactResponse(AccuracyPage.of(found, cursor, locale), headers=links(request, cursor))


@get(
    "/forecasts/{forecast_id:uuid}/products/{product_id:uuid}",
    tags=TAGS,
    **described(GetProductForecast, IN_COMPANY, ForecastNotFound, ProductNotForecast),
)
async def get_product_forecast(
    forecast_id: FromPath[UUID],
    product_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> ProductForecastDetails:
    """Answers 200 with the product's forecast."""
    found = await use_cases.get_product_forecast(member, ForecastId(forecast_id), ProductId(product_id))
    return ProductForecastDetails.of(found, locale)


IN_A_COMPANY = (get_forecast_accuracy, get_product_forecast)
