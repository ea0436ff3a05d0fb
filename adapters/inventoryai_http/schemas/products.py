"""Products on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from inventoryai.domain import products

_MODEL_ID = "01935c71-4f0e-7b32-b2a4-55e3b0f1c002"
_PRODUCT = {
    "sku": "RIZ-25",
    "name": "Riz parfumé 25 kg",
    "category": "Épicerie",
    "unit": "sac",
    "supplier_id": None,
    "cost": 14500,
    "price": 16500,
    "lead_time_days": 10,
    "lead_time_sd": 2.5,
    "moq": 20,
    "pack_size": 5,
    "service_level": 0.95,
    "similar_to": {"product_id": _MODEL_ID, "share": 0.8},
}


class SimilarTo(Struct, frozen=True, forbid_unknown_fields=True):
    """A product whose sales are known, and what another one sells of what it does: 0.8 is 80 %."""

    product_id: UUID
    share: Decimal

    def understood(self) -> products.SimilarTo:
        """What it says, for the use case."""
        return products.SimilarTo(products.ProductId(self.product_id), self.share)

    @classmethod
    def of(cls, similar: products.SimilarTo) -> "SimilarTo":
        """As it is sent."""
        return cls(similar.product_id, similar.share)


class NewProduct(Struct, frozen=True, forbid_unknown_fields=True):
    """A product to enter. What is left unsaid, the company's planning defaults stand in for."""

    sku: str
    name: str
    category: str | None = None
    unit: str | None = None
    supplier_id: UUID | None = None
    cost: Decimal | None = None
    price: Decimal | None = None
    lead_time_days: Decimal | None = None
    lead_time_sd: Decimal | None = None
    moq: Decimal | None = None
    pack_size: Decimal | None = None
    service_level: Decimal | None = None
    similar_to: SimilarTo | None = None

    example: ClassVar[dict[str, Any]] = _PRODUCT

    def understood(self) -> products.NewProduct:
        """What it says, for the use case."""
        return products.NewProduct(**_said(self))


class ProductChanges(Struct, frozen=True, forbid_unknown_fields=True):
    """What changes of a product: the fields that are sent; null where nothing is known any more."""

    sku: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    category: str | UnsetType | None = UNSET
    unit: str | UnsetType | None = UNSET
    supplier_id: UUID | UnsetType | None = UNSET
    cost: Decimal | UnsetType | None = UNSET
    price: Decimal | UnsetType | None = UNSET
    lead_time_days: Decimal | UnsetType | None = UNSET
    lead_time_sd: Decimal | UnsetType | None = UNSET
    moq: Decimal | UnsetType | None = UNSET
    pack_size: Decimal | UnsetType | None = UNSET
    service_level: Decimal | UnsetType | None = UNSET
    similar_to: SimilarTo | UnsetType | None = UNSET

    example: ClassVar[dict[str, Any]] = {"price": 17000, "similar_to": _PRODUCT["similar_to"]}

    def understood(self) -> products.ProductChanges:
        """What it says, for the use case."""
        return products.ProductChanges(_said(self))


def _said(body: NewProduct | ProductChanges) -> dict[str, Any]:
    """The fields that were sent, as the domain has them."""
    said = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
    if isinstance(body.similar_to, SimilarTo):
        said["similar_to"] = body.similar_to.understood()
    return said


class Product(Struct, frozen=True):
    """A product. Quantities are in its unit, money in the company's currency, times in days."""

    id: UUID
    sku: str
    name: str
    category: str | None
    unit: str | None
    supplier_id: UUID | None
    cost: Decimal | None
    price: Decimal | None
    lead_time_days: Decimal | None
    lead_time_sd: Decimal | None
    moq: Decimal | None
    pack_size: Decimal | None
    service_level: Decimal | None
    similar_to: SimilarTo | None
    archived: bool
    created_at: datetime
    version: int

    example: ClassVar[dict[str, Any]] = {
        "id": "01935c71-4f0e-7b32-b2a4-55e3b0f1c001",
        **_PRODUCT,
        "archived": False,
        "created_at": "2026-03-01T09:00:00Z",
        "version": 1,
    }

    @classmethod
    def of(cls, product: products.Product) -> "Product":
        """As it is sent: the fields of the product that have the same name here."""
        sent = {name: getattr(product, name) for name in cls.__struct_fields__}
        similar = None if product.similar_to is None else SimilarTo.of(product.similar_to)
        return cls(**{**sent, "similar_to": similar})
