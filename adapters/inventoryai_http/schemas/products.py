"""Products on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import Struct

from inventoryai.domain import products

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
}


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

    example: ClassVar[dict[str, Any]] = _PRODUCT

    def understood(self) -> products.NewProduct:
        """What it says, for the use case."""
        return products.NewProduct(**msgspec.structs.asdict(self))


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
        return cls(**{name: getattr(product, name) for name in cls.__struct_fields__})
