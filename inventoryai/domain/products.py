"""Products: what a company sells, and how it is bought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, NewType
from uuid import UUID

from inventoryai.domain.errors import Conflict, FieldCheck, Invalid, NotFound, Stale
from inventoryai.domain.money import Currency, exponent
from inventoryai.domain.text import clean, clean_or_none

ProductId = NewType("ProductId", UUID)
SKU_LENGTH: Final = 100
QUANTITY_EXPONENT: Final = 3
MOST_QUANTITY: Final = Decimal(10) ** 12
LONGEST_LEAD_TIME: Final = Decimal(365)
LEAST_SHARE: Final = Decimal("0.01")
MOST_SHARE: Final = Decimal(10)


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


class ProductChanged(Stale):
    """Somebody else has changed the product since it was read."""

    code = "product.changed"
    en = "The product was changed in the meantime; it is at version {version} now. Read it again."
    fr = "Le produit a été modifié entre-temps ; il en est à la version {version}. Relisez-le."


class SimilarProductUnknown(Invalid):
    """A product that is said to sell like one that the company does not have."""

    code = "product.similar_unknown"
    en = "The product named in similar_to does not exist."
    fr = "Le produit nommé dans similar_to n’existe pas."


class SimilarToItself(Invalid):
    """Every product sells like itself: nothing is learnt from that."""

    code = "product.similar_to_itself"
    en = "A product cannot be similar_to itself."
    fr = "Un produit ne peut pas être similar_to lui-même."


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
class SimilarTo:
    """A product that another one sells like.

    Attributes:
        product_id: The one whose sales are known.
        share: What the other one sells of what it does, 0.01 to 10: 0.8 is 80 %.
    """

    product_id: ProductId
    share: Decimal


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
    similar_to: SimilarTo | None = None
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
    similar_to: SimilarTo | None = None

    def create(self, product_id: ProductId, currency: Currency, now: datetime) -> Product:
        """The product.

        Raises:
            InvalidFields: Every field that breaks a rule is named.
        """
        said = {field: getattr(self, field) for field in self.__slots__}
        return Product(id=product_id, created_at=now, **_checked(product_id, said, currency))


@dataclass(frozen=True, slots=True)
class ProductChanges:
    """What somebody says of a product that is there: the fields that change, and nothing of the others.

    Attributes:
        said: New values by the names of ``NewProduct``'s fields; None where nothing is known any more.
    """

    said: Mapping[str, Any]

    def apply(self, product: Product, currency: Currency) -> Product:
        """The product with its changes, one version on.

        Raises:
            InvalidFields: Every field that breaks a rule is named.
        """
        changes = _checked(product.id, self.said, currency)
        return replace(product, version=product.version + 1, **changes)


def _checked(product_id: ProductId, said: Mapping[str, Any], currency: Currency) -> dict[str, Any]:
    """The fields as products keep them.

    Raises:
        InvalidFields: Every field that breaks a rule is named.
    """
    check, rules = FieldCheck(), _rules(product_id, currency)
    kept = {
        field: check(field, partial(rules[field], value)) if field in rules else value
        for field, value in said.items()
    }
    check.done()
    return kept


def _rules(product_id: ProductId, currency: Currency) -> Mapping[str, Callable[[Any], Any]]:
    """How each field is read, by its name; those that are not here may be anything of their type."""
    nought, smallest = Decimal(0), Decimal("0.001")
    money = partial(bounded, decimals=exponent(currency), least=nought, most=MOST_QUANTITY)
    days = partial(bounded, decimals=3, least=nought, most=LONGEST_LEAD_TIME)
    return {
        "sku": partial(clean, most=SKU_LENGTH),
        "name": clean,
        "category": clean_or_none,
        "unit": partial(clean_or_none, most=20),
        "cost": money,
        "price": money,
        "lead_time_days": days,
        "lead_time_sd": days,
        "moq": partial(bounded, decimals=QUANTITY_EXPONENT, least=nought, most=MOST_QUANTITY),
        "pack_size": partial(bounded, decimals=QUANTITY_EXPONENT, least=smallest, most=MOST_QUANTITY),
        "service_level": partial(bounded, decimals=4, least=Decimal("0.5"), most=Decimal("0.999")),
        "similar_to": partial(_another, product_id),
    }


def _another(product_id: ProductId, similar: SimilarTo | None) -> SimilarTo | None:
    """The model of a product, if it is another one and the share can be meant.

    Raises:
        SimilarToItself, NumberOutOfRange, NumberTooPrecise: It is not.
    """
    if similar is not None and similar.product_id == product_id:
        raise SimilarToItself
    bounded(None if similar is None else similar.share, 4, LEAST_SHARE, MOST_SHARE)
    return similar
