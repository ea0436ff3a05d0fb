"""Promotions."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from inventoryai.domain.companies import Membership
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductNotFound, SkuUnknown
from inventoryai.domain.promotions import PromotionId, PromotionNotFound
from inventoryai.usecases.promotions import CreatePromotion, DeletePromotion, GetPromotion, ListPromotions
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.promotions import NewPromotion, Promotion, PromotionDetails
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Promotions"]


@post("/promotions", tags=TAGS, **described(CreatePromotion, IN_COMPANY, BODY, ProductNotFound, SkuUnknown))
async def create_promotion(
    data: JSONBody[NewPromotion],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> PromotionDetails:
    """Answers 201 with the promotion."""
    return PromotionDetails.of_details(await use_cases.create_promotion(member, data.understood()))


@get("/promotions", tags=TAGS, **described(ListPromotions, IN_COMPANY, LIST))
async def list_promotions(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Promotion]]:
    """Answers 200 with a page of promotions."""
    return answer_page(request, await use_cases.list_promotions(member, page), Promotion.of)


@get("/promotions/{promotion_id:uuid}", tags=TAGS, **described(GetPromotion, IN_COMPANY, PromotionNotFound))
async def get_promotion(
    promotion_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> PromotionDetails:
    """Answers 200 with the promotion."""
    return PromotionDetails.of_details(await use_cases.get_promotion(member, PromotionId(promotion_id)))


@delete(
    "/promotions/{promotion_id:uuid}",
    tags=TAGS,
    **described(DeletePromotion, IN_COMPANY, PromotionNotFound),
)
async def delete_promotion(
    promotion_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> None:
    """Answers 204."""
    await use_cases.delete_promotion(member, PromotionId(promotion_id))


IN_A_COMPANY = (create_promotion, list_promotions, get_promotion, delete_promotion)
