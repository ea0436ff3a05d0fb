"""Promotions, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from memory.rows import Transaction

from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId, ProductNotFound
from inventoryai.domain.promotions import Promotion, PromotionDetails, PromotionId, PromotionNotFound
from inventoryai.forecasting.covariates import Spans
from inventoryai_postgres.cursors import id_after

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class MemoryPromotions:
    """Promotions of the scope's company."""

    transaction: Transaction

    async def add(self, promotion: Promotion, products: Sequence[ProductId]) -> None:
        company = self.transaction.company_id
        if any((company, one) not in self.transaction.rows.products for one in products):
            raise ProductNotFound
        details = PromotionDetails(promotion, tuple(sorted(products)))
        self.transaction.rows.promotions[company, promotion.id] = details

    async def get(self, promotion_id: PromotionId) -> PromotionDetails:
        details = self.transaction.rows.promotions.get((self.transaction.company_id, promotion_id))
        if details is None:
            raise PromotionNotFound
        return details

    async def list(self, page: PageRequest) -> Sequence[Promotion]:
        after = id_after(page)
        newest = sorted((one.promotion for one in self._mine()), key=lambda one: one.id, reverse=True)
        return [one for one in newest if after is None or one.id < after][: page.limit + 1]

    async def delete(self, promotion_id: PromotionId) -> None:
        await self.get(promotion_id)
        del self.transaction.rows.promotions[self.transaction.company_id, promotion_id]

    async def spans(self, products: Sequence[ProductId], first: int, until: int) -> Spans:
        start, end = EPOCH + timedelta(days=first), EPOCH + timedelta(days=until)
        return Spans.of(
            [
                (
                    place,
                    (details.promotion.starts_on - EPOCH).days,
                    (details.promotion.ends_on - EPOCH).days + 1,
                )
                for details in self._mine()
                if details.promotion.starts_on < end and details.promotion.ends_on >= start
                for place, product in enumerate(products)
                if details.promotion.product_count is None or product in details.products
            ]
        )

    def _mine(self) -> tuple[PromotionDetails, ...]:
        rows = self.transaction.rows.promotions.items()
        return tuple(details for (company, _), details in rows if company == self.transaction.company_id)
