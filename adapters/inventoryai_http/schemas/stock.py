"""Stock on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from msgspec import Meta, Struct

from inventoryai.domain import stock
from inventoryai.domain.errors import Locale
from inventoryai.domain.products import ProductId
from inventoryai_http.schemas.reasons import Reason

_PRODUCT_ID = "01935c71-4f0e-7b32-b2a4-55e3b0f1c001"

Moment = Annotated[datetime, Meta(tz=True)]
"""A moment that says its offset."""


class StockCount(Struct, frozen=True, forbid_unknown_fields=True):
    """What was found on the shelf of one product, named by its SKU or its id; now, unless it says when."""

    on_hand: Decimal
    sku: str | None = None
    product_id: UUID | None = None
    counted_at: Moment | None = None

    def understood(self) -> stock.StockCount:
        """What it says, for the use case."""
        product_id = None if self.product_id is None else ProductId(self.product_id)
        return stock.StockCount(self.on_hand, self.sku, product_id, self.counted_at)


class StockCounts(Struct, frozen=True, forbid_unknown_fields=True):
    """Up to a thousand counts."""

    counts: list[StockCount]

    example: ClassVar[dict[str, Any]] = {"counts": [{"sku": "RIZ-25", "on_hand": 42}]}


class CountResult(Struct, frozen=True):
    """What became of one count: what is on hand by it, or what is wrong with it."""

    sku: str | None
    product_id: UUID | None
    on_hand: Decimal | None
    error: Reason | None

    @classmethod
    def of(cls, result: stock.CountResult, locale: Locale) -> "CountResult":
        """As it is sent."""
        error = None if result.problem is None else Reason.of_problem(result.problem, locale)
        return cls(result.sku, result.product_id, result.on_hand, error)


class CountResults(Struct, frozen=True):
    """One result a count, in their order."""

    items: list[CountResult]

    example: ClassVar[dict[str, Any]] = {
        "items": [{"sku": "RIZ-25", "product_id": _PRODUCT_ID, "on_hand": 42, "error": None}]
    }


class StockPosition(Struct, frozen=True):
    """What the company has of one product, in its unit."""

    product_id: UUID
    sku: str
    name: str
    on_hand: Decimal
    on_order: Decimal
    backordered: Decimal
    counted_at: datetime | None

    example: ClassVar[dict[str, Any]] = {
        "product_id": _PRODUCT_ID,
        "sku": "RIZ-25",
        "name": "Riz parfumé 25 kg",
        "on_hand": 42,
        "on_order": 0,
        "backordered": 0,
        "counted_at": "2026-03-01T18:00:00Z",
    }

    @classmethod
    def of(cls, position: stock.StockPosition) -> "StockPosition":
        """As it is sent."""
        return cls(**{name: getattr(position, name) for name in cls.__struct_fields__})
