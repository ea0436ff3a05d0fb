"""Plans and recommendations."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from inventoryai.domain.companies import Membership
from inventoryai.domain.demand import DailyForecastNeeded
from inventoryai.domain.errors import Locale
from inventoryai.domain.forecast_runs import ForecastNotFound, NothingToForecast
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.planning import ReviewDaysInvalid, ServiceLevelInvalid
from inventoryai.domain.plans import PlanId, PlanNotFound
from inventoryai.ports.forecast_storage import RecommendationFilter
from inventoryai.usecases.replenishment import GetPlan, ListPlans, ListRecommendations, StartPlan
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, LOCATION, accepted, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.replenishment import NewPlan, Plan, Recommendation
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Recommendations"]


@post(
    "/plans",
    tags=TAGS,
    status_code=HTTP_202_ACCEPTED,
    response_headers=LOCATION,
    **described(
        StartPlan,
        IN_COMPANY,
        BODY,
        (ServiceLevelInvalid, ReviewDaysInvalid, ForecastNotFound, DailyForecastNeeded, NothingToForecast),
    ),
)
async def start_plan(
    data: JSONBody[NewPlan],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[Plan]:
    """Answers 202 with the plan."""
    plan = await use_cases.start_plan(member, data.understood())
    return accepted(Plan.of(plan, locale), plan.job)


@get("/plans", tags=TAGS, **described(ListPlans, IN_COMPANY, LIST))
async def list_plans(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Plan]]:
    """Answers 200 with a page of plans."""
    plans = await use_cases.list_plans(member, page)
    return answer_page(request, plans, lambda plan: Plan.of(plan, locale))


@get("/plans/{plan_id:uuid}", tags=TAGS, **described(GetPlan, IN_COMPANY, PlanNotFound))
async def get_plan(
    plan_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Plan:
    """Answers 200 with the plan."""
    return Plan.of(await use_cases.get_plan(member, PlanId(plan_id)), locale)


@get("/recommendations", tags=TAGS, **described(ListRecommendations, IN_COMPANY, LIST, PlanNotFound))
async def list_recommendations(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
    plan_id: FromQuery[UUID | None] = None,
    urgent: FromQuery[bool | None] = None,
) -> Response[PageOf[Recommendation]]:
    """Answers 200 with a page of recommendations."""
    named = None if plan_id is None else PlanId(plan_id)
    rows = await use_cases.list_recommendations(member, named, page, RecommendationFilter(urgent))
    return answer_page(request, rows, lambda row: Recommendation.of(row, locale))


IN_A_COMPANY = (start_plan, list_plans, get_plan, list_recommendations)
