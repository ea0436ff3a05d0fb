"""Promotions, as they are kept."""

from collections.abc import Sequence
from typing import Protocol

from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai.domain.promotions import Promotion, PromotionDetails, PromotionId
from inventoryai.forecasting.covariates import Spans


class Promotions(Protocol):
    """Promotions of the scope's company, those past and those to come alike."""

    async def add(self, promotion: Promotion, products: Sequence[ProductId]) -> None:
        """Keeps a new promotion, of these products or (``product_count`` is None) of all.

        Raises:
            ProductNotFound: One of the products is not of this company.
        """
        ...

    async def get(self, promotion_id: PromotionId) -> PromotionDetails:
        """A promotion and what it is of.

        Raises:
            PromotionNotFound: There is none in this company.
        """
        ...

    async def list(self, page: PageRequest) -> Sequence[Promotion]:
        """Promotions, those entered last first (``page.after`` is an id as text); up to ``limit + 1``."""
        ...

    async def delete(self, promotion_id: PromotionId) -> None:
        """Forgets a promotion; raises ``PromotionNotFound``."""
        ...

    async def spans(self, products: Sequence[ProductId], first: int, until: int) -> Spans:
        """When each of these products is promoted, in one question for all of them.

        Args:
            products: ``Spans.product`` are places in it.
            first: The first day looked at.
            until: The first day that is not looked at any more. Both in days since 1970-01-01.
        """
        ...
