"""Planners' overrides of forecasts."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from inventoryai.domain.companies import Membership
from inventoryai.domain.forecast_runs import ForecastId, ForecastNotFound, ProductNotForecast
from inventoryai.domain.overrides import OverrideId, OverrideNotFound, OverrideOfNothing
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import SkuUnknown
from inventoryai.usecases.overrides import AddOverride, ListOverrides, WithdrawOverride
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.overrides import NewOverride, Override
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Forecasts"]


@post(
    "/forecasts/{forecast_id:uuid}/overrides",
    tags=TAGS,
    **described(
        AddOverride, IN_COMPANY, BODY, ForecastNotFound, ProductNotForecast, SkuUnknown, OverrideOfNothing
    ),
)
async def add_override(
    forecast_id: FromPath[UUID],
    data: JSONBody[NewOverride],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Override:
    """Answers 201 with the override."""
    made = await use_cases.add_override(member, ForecastId(forecast_id), data.understood())
    return Override.of(made)


@get(
    "/forecasts/{forecast_id:uuid}/overrides",
    tags=TAGS,
    **described(ListOverrides, IN_COMPANY, LIST, ForecastNotFound),
)
async def list_overrides(
    request: ExactRequest,
    forecast_id: FromPath[UUID],
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Override]]:
    """Answers 200 with a page of overrides."""
    found = await use_cases.list_overrides(member, ForecastId(forecast_id), page)
    return answer_page(request, found, Override.of)


@delete(
    "/forecasts/{forecast_id:uuid}/overrides/{override_id:uuid}",
    tags=TAGS,
    **described(WithdrawOverride, IN_COMPANY, ForecastNotFound, OverrideNotFound),
)
async def withdraw_override(
    forecast_id: FromPath[UUID],
    override_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> None:
    """Answers 204."""
    await use_cases.withdraw_override(member, ForecastId(forecast_id), OverrideId(override_id))


IN_A_COMPANY = (add_override, list_overrides, withdraw_override)
