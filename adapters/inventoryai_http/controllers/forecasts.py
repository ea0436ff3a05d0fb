"""Forecasts."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from inventoryai.domain.companies import Membership
from inventoryai.domain.engines import EngineOptionsInvalid, EngineUnknown
from inventoryai.domain.errors import Locale
from inventoryai.domain.forecast_runs import ForecastId, ForecastInUse, ForecastNotFound
from inventoryai.domain.forecasts import ForecastRequest, HorizonOutOfRange, LevelsInvalid, NoProductsNamed
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductNotFound
from inventoryai.usecases.forecasts import (
    DeleteForecast,
    GetForecast,
    ListForecastProducts,
    ListForecasts,
    MeasuredRun,
    StartForecast,
)
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, LOCATION, accepted, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.forecasts import Forecast, NewForecast, ProductForecast
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Forecasts"]
MOST_NUMBERS: Final = 500_000
"""Quantiles in one page; a page of long forecasts holds fewer products, so that no answer grows too large."""


@post(
    "/forecasts",
    tags=TAGS,
    status_code=HTTP_202_ACCEPTED,
    response_headers=LOCATION,
    **described(
        StartForecast,
        IN_COMPANY,
        BODY,
        (
            HorizonOutOfRange,
            LevelsInvalid,
            NoProductsNamed,
            EngineUnknown,
            EngineOptionsInvalid,
            ProductNotFound,
        ),
    ),
)
async def start_forecast(
    data: JSONBody[NewForecast],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[Forecast]:
    """Answers 202 with the run."""
    run = await use_cases.start_forecast(member, data.request(), data.chosen())
    return accepted(Forecast.of(run, locale), run.job)


@get("/forecasts", tags=TAGS, **described(ListForecasts, IN_COMPANY, LIST))
async def list_forecasts(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Forecast]]:
    """Answers 200 with a page of runs."""
    runs = await use_cases.list_forecasts(member, page)
    return answer_page(
        request, runs, lambda found: Forecast.of(found.run, locale, found.accuracy, found.models)
    )


@get("/forecasts/{forecast_id:uuid}", tags=TAGS, **described(GetForecast, IN_COMPANY, ForecastNotFound))
async def get_forecast(
    forecast_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Forecast:
    """Answers 200 with the run."""
    found = await use_cases.get_forecast(member, ForecastId(forecast_id))
    return _answer(found, locale)


@delete(
    "/forecasts/{forecast_id:uuid}",
    tags=TAGS,
    **described(DeleteForecast, IN_COMPANY, ForecastNotFound, ForecastInUse),
)
async def delete_forecast(
    forecast_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> None:
    """Answers 204."""
    await use_cases.delete_forecast(member, ForecastId(forecast_id))


@get(
    "/forecasts/{forecast_id:uuid}/products",
    tags=TAGS,
    **described(ListForecastProducts, IN_COMPANY, LIST, ForecastNotFound),
)
async def list_forecast_products(
    request: ExactRequest,
    forecast_id: FromPath[UUID],
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[ProductForecast]]:
    """Answers 200 with a page of forecasts."""
    run = (await use_cases.get_forecast(member, ForecastId(forecast_id))).run
    page = replace(page, limit=min(page.limit, most_products(run.request)))
    found = await use_cases.list_forecast_products(member, run.id, page)
    return answer_page(request, found.products, lambda one: ProductForecast.of(one, found.run, locale))


def _answer(found: MeasuredRun, locale: Locale) -> Forecast:
    return Forecast.of(found.run, locale, found.accuracy, found.models)


def most_products(request: ForecastRequest) -> int:
    """How many products' forecasts fit on a page."""
    return max(1, MOST_NUMBERS // (2 * request.horizon * len(request.levels)))


IN_A_COMPANY = (start_forecast, list_forecasts, get_forecast, delete_forecast, list_forecast_products)
