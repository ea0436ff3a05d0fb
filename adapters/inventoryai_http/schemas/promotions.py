"""Promotions on the wire."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct, structs

from inventoryai.domain import promotions
from inventoryai.domain.products import ProductId

_ID = "01935c74-1c2d-7a10-8f00-6d2a4c9b1e01"
_PRODUCT_ID = "01935c71-4f0e-7b32-b2a4-55e3b0f1c001"
_PROMOTION = {"name": "Tabaski", "starts_on": "2026-05-18", "ends_on": "2026-05-27"}
_FOUND = {
    "id": _ID,
    **_PROMOTION,
    "all": False,
    "product_count": 1,
    "created_at": "2026-03-01T09:00:00Z",
}


class NewPromotion(Struct, frozen=True, forbid_unknown_fields=True):
    """A promotion to enter, past or future; what is promoted is named in one of three ways."""

    name: str
    starts_on: date
    ends_on: date
    products: list[UUID] | None = None
    skus: list[str] | None = None
    all: bool = False

    example: ClassVar[dict[str, Any]] = {**_PROMOTION, "skus": ["RIZ-25"]}

    def understood(self) -> promotions.NewPromotion:
        """What it says, for the use case."""
        products = None if self.products is None else [ProductId(one) for one in self.products]
        return promotions.NewPromotion(self.name, self.starts_on, self.ends_on, products, self.skus, self.all)


class Promotion(Struct, frozen=True):
    """A promotion; ``ends_on`` is its last day, ``product_count`` null when it is of all products."""

    id: UUID
    name: str
    starts_on: date
    ends_on: date
    all: bool
    product_count: int | None
    created_at: datetime

    example: ClassVar[dict[str, Any]] = _FOUND

    @classmethod
    def of(cls, promotion: promotions.Promotion) -> "Promotion":
        """As it is sent."""
        return cls(
            promotion.id,
            promotion.name,
            promotion.starts_on,
            promotion.ends_on,
            promotion.product_count is None,
            promotion.product_count,
            promotion.created_at,
        )


class PromotionDetails(Promotion, frozen=True):
    """A promotion, and the ids of the products that it names."""

    products: list[UUID]

    example: ClassVar[dict[str, Any]] = {**_FOUND, "products": [_PRODUCT_ID]}

    @classmethod
    def of_details(cls, details: promotions.PromotionDetails) -> "PromotionDetails":
        """As it is sent."""
        sent = structs.asdict(Promotion.of(details.promotion))
        return cls(**sent, products=list(details.products))
