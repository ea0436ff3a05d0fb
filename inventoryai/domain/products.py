"""Products: what a company sells, and how it is bought."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, NewType
from uuid import UUID

from inventoryai.domain.errors import Conflict, FieldCheck, Invalid, NotFound
from inventoryai.domain.money import Currency, exponent
from inventoryai.domain.text import clean, clean_or_none

ProductId = NewType("ProductId", UUID)
SKU_LENGTH: Final = 100
QUANTITY_EXPONENT: Final = 3
MOST_QUANTITY: Final = Decimal(10) ** 12
LONGEST_LEAD_TIME: Final = Decimal(365)


class ProductNotFound(NotFound):
    """No such product in this company."""

    code = "product.not_found"
    en = "There is no such product."
    fr = "Ce produit n’existe pas."


class SkuAlreadyExists(Conflict):
    """Another product of the company has this SKU."""

    code = "sku.already_exists"
    en = "A product with the SKU {sku} exists already."
    fr = "Un produit avec la référence {sku} existe déjà."


class SkuUnknown(NotFound):
    """No product of the company has this SKU."""

    code = "sku.unknown"
    en = "No product has the SKU {sku}."
    fr = "Aucun produit ne porte la référence {sku}."


class NumberOutOfRange(Invalid):
    """A number below or above what makes sense here."""

    code = "number.out_of_range"
    en = "This must be between {least} and {most}."
    fr = "Cette valeur doit être comprise entre {least} et {most}."


class NumberTooPrecise(Invalid):
    """More decimals than can be kept exactly."""

    code = "number.too_precise"
    en = "This has more than {decimals} decimals."
    fr = "Cette valeur a plus de {decimals} décimales."


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a company. Quantities are in its unit, money in the company's currency, times in days.

    What is None is not known, and the company's planning defaults stand in for it.
    """

    id: ProductId
    sku: str
    name: str
    created_at: datetime
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
    archived: bool = False
    version: int = 1


def bounded(value: Decimal | None, decimals: int, least: Decimal, most: Decimal) -> Decimal | None:
    """The number, if it lies in its range and can be kept exactly.

    Raises:
        NumberOutOfRange: It is below ``least``, above ``most`` or not a number.
        NumberTooPrecise: It has more than ``decimals`` decimals.
    """
    if value is None:
        return None
    if not value.is_finite() or not least <= value <= most:
        raise NumberOutOfRange(least=str(least), most=str(most))
    if value != round(value, decimals):
        raise NumberTooPrecise(decimals=decimals)
    return value


@dataclass(frozen=True, slots=True)
class NewProduct:
    """What somebody says of a product when creating it."""

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

    def create(self, product_id: ProductId, currency: Currency, now: datetime) -> Product:
        """The product.

        Raises:
            InvalidFields: Every field that breaks a rule is named.
        """
        nought, smallest, money = Decimal(0), Decimal("0.001"), exponent(currency)
        check = FieldCheck()
        product = Product(
            id=product_id,
            created_at=now,
            sku=check("sku", lambda: clean(self.sku, most=SKU_LENGTH)) or "",
            name=check("name", lambda: clean(self.name)) or "",
            category=check("category", lambda: clean_or_none(self.category)),
            unit=check("unit", lambda: clean_or_none(self.unit, most=20)),
            supplier_id=self.supplier_id,
            cost=check("cost", lambda: bounded(self.cost, money, nought, MOST_QUANTITY)),
            price=check("price", lambda: bounded(self.price, money, nought, MOST_QUANTITY)),
            lead_time_days=check(
                "lead_time_days", lambda: bounded(self.lead_time_days, 3, nought, LONGEST_LEAD_TIME)
            ),
            lead_time_sd=check(
                "lead_time_sd", lambda: bounded(self.lead_time_sd, 3, nought, LONGEST_LEAD_TIME)
            ),
            moq=check("moq", lambda: bounded(self.moq, QUANTITY_EXPONENT, nought, MOST_QUANTITY)),
            pack_size=check(
                "pack_size", lambda: bounded(self.pack_size, QUANTITY_EXPONENT, smallest, MOST_QUANTITY)
            ),
            service_level=check(
                "service_level", lambda: bounded(self.service_level, 4, Decimal("0.5"), Decimal("0.999"))
            ),
        )
        check.done()
        return product
