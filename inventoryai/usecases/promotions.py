"""Promotions: entering them, seeing them, taking them back."""

from dataclasses import dataclass

from inventoryai.domain.companies import Membership
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.products import ProductId, ProductNotFound, SkuUnknown
from inventoryai.domain.promotions import NewPromotion, Promotion, PromotionDetails, PromotionId
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.storage import InCompany, UnitOfWork, Work


@dataclass(frozen=True, slots=True)
class CreatePromotion:
    """Enters a promotion: its first and its last day, and what is promoted.

    Products are named by ``products`` (ids) or ``skus``, or ``all`` is true. Past promotions are worth
    entering, too: an engine that makes use of promotions learns from them what the next one will do.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers

    async def __call__(self, member: Membership, new: NewPromotion) -> PromotionDetails:
        """The promotion; raises ``InvalidFields``, ``ProductNotFound`` or ``SkuUnknown``."""
        skus = new.checked_skus()
        async with self.begin(InCompany.of(member)) as work:
            products = await self._products(work, new, skus)
            count = None if new.of_all else len(products)
            promotion = new.of(PromotionId(self.identifiers.new()), count, self.clock.now())
            await work.promotions.add(promotion, products)
        return PromotionDetails(promotion, products)

    @staticmethod
    async def _products(work: Work, new: NewPromotion, skus: tuple[str, ...]) -> tuple[ProductId, ...]:
        if skus:
            known = await work.products.ids_by_sku(skus)
            for sku in skus:
                if sku not in known:
                    raise SkuUnknown(sku=sku)
            return tuple(known[sku] for sku in skus)
        ids = tuple(dict.fromkeys(new.products or ()))
        if ids and len(await work.products.every(ids)) < len(ids):
            raise ProductNotFound
        return ids


@dataclass(frozen=True, slots=True)
class ListPromotions:
    """The company's promotions, past and future, those entered last first."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest) -> Page[Promotion]:
        """One page."""
        async with self.begin(InCompany.of(member)) as work:
            return Page.cut(await work.promotions.list(page), page, lambda promotion: str(promotion.id))


@dataclass(frozen=True, slots=True)
class GetPromotion:
    """One promotion, with the products that it names."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, promotion_id: PromotionId) -> PromotionDetails:
        """Raises ``PromotionNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            return await work.promotions.get(promotion_id)


@dataclass(frozen=True, slots=True)
class DeletePromotion:
    """Takes a promotion back; forecasts made from now on know nothing of it."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, promotion_id: PromotionId) -> None:
        """Raises ``PromotionNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            await work.promotions.delete(promotion_id)
