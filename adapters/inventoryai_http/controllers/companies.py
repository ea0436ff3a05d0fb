"""Companies."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from inventoryai.domain.companies import CompanyId, CompanyNotFound
from inventoryai.domain.identity import Actor
from inventoryai.domain.paging import PageRequest
from inventoryai.usecases.companies import CreateCompany, GetCompany, ListCompanies
from inventoryai_http.operations import BODY, LIST, LOGGED_IN, described
from inventoryai_http.paging import PageOf, answer_page, cut
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.companies import Company, CompanyWithMembers, NewCompany
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Companies"]


@post("/company", tags=TAGS, **described(CreateCompany, LOGGED_IN, BODY))
async def create_company(
    data: JSONBody[NewCompany], actor: NamedDependency[Actor], use_cases: NamedDependency[HttpUseCases]
) -> Company:
    """Answers 201 with the company."""
    return Company.of(await use_cases.create_company(actor, data.understood()))


@get("/company", tags=TAGS, **described(ListCompanies, LOGGED_IN, LIST))
async def list_companies(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    actor: NamedDependency[Actor],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Company]]:
    """Answers 200 with a page of companies."""
    mine = await use_cases.list_companies(actor)
    return answer_page(request, cut(mine, page, lambda one: str(one.company.id)), Company.of)


@get("/company/{company_id:uuid}", tags=TAGS, **described(GetCompany, LOGGED_IN, CompanyNotFound))
async def get_company(
    company_id: FromPath[UUID], actor: NamedDependency[Actor], use_cases: NamedDependency[HttpUseCases]
) -> CompanyWithMembers:
    """Answers 200 with the company and its members."""
    return CompanyWithMembers.detailed(await use_cases.get_company(actor, CompanyId(company_id)))


PERSONAL = (create_company, list_companies, get_company)
