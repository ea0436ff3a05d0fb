"""Promotions: when what is sold otherwise than usual, so that a forecast can tell the two apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NewType
from uuid import UUID

from inventoryai.domain.errors import FieldCheck, Invalid, NotFound
from inventoryai.domain.products import SKU_LENGTH, ProductId
from inventoryai.domain.text import clean

PromotionId = NewType("PromotionId", UUID)
LONGEST_PROMOTION: Final = 366
MOST_PROMOTED: Final = 10_000
EARLIEST_PROMOTION: Final = date(1970, 1, 1)
LATEST_PROMOTION: Final = date(2199, 12, 31)


class PromotionNotFound(NotFound):
    """No such promotion in this company."""

    code = "promotion.not_found"
    en = "There is no such promotion."
    fr = "Cette promotion n’existe pas."


class PromotionEndsTooSoon(Invalid):
    """The last day lies before the first."""

    code = "promotion.ends_before_start"
    en = "ends_on must not lie before starts_on; it is the last day of the promotion."
    fr = "ends_on ne doit pas précéder starts_on ; c’est le dernier jour de la promotion."


class PromotionTooLong(Invalid):
    """What lasts for years is the usual price."""

    code = "promotion.too_long"
    en = "A promotion lasts {longest} days at most; this one would last {days}."
    fr = "Une promotion dure au plus {longest} jours ; celle-ci en durerait {days}."


class PromotionDayOutOfRange(Invalid):
    """A day that no sale will ever be of."""

    code = "promotion.day_out_of_range"
    en = "This must be a day between {earliest} and {latest}."
    fr = "Cette valeur doit être un jour entre {earliest} et {latest}."


class PromotionProductsUnclear(Invalid):
    """Nothing is promoted, or it is said in several ways at once."""

    code = "promotion.products_unclear"
    en = "Say what is promoted in one way: products (ids), skus, or all (true). Up to {most} can be named."
    fr = (
        "Dites d’une seule façon ce qui est en promotion : products (identifiants), skus, ou all (true). "
        "On peut en nommer jusqu’à {most}."
    )


@dataclass(frozen=True, slots=True)
class Promotion:
    """Some days on which some products were, or will be, promoted.

    Attributes:
        starts_on: The first day.
        ends_on: The last day, which belongs to it.
        product_count: How many products are named; None when it is of all of them, later ones too.
    """

    id: PromotionId
    name: str
    starts_on: date
    ends_on: date
    product_count: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PromotionDetails:
    """A promotion and the ids of the products that it names."""

    promotion: Promotion
    products: tuple[ProductId, ...]


@dataclass(frozen=True, slots=True)
class NewPromotion:
    """What somebody says of a promotion when entering it."""

    name: str
    starts_on: date
    ends_on: date
    products: Sequence[ProductId] | None = None
    skus: Sequence[str] | None = None
    of_all: bool = False

    def checked_skus(self) -> tuple[str, ...]:
        """Its SKUs, each once and written as products keep theirs.

        Raises:
            InvalidFields: Every field that breaks a rule is named.
        """
        check = FieldCheck()
        check("name", lambda: clean(self.name))
        check("starts_on", lambda: _within(self.starts_on))
        check("ends_on", self._last_day)
        check("products", self._one_way)
        skus = [
            check(f"skus.{place}", lambda sku=sku: clean(sku, most=SKU_LENGTH))  # type: ignore[misc]  # bound now
            for place, sku in enumerate((self.skus or ())[:MOST_PROMOTED])
        ]
        check.done()
        return tuple(dict.fromkeys(sku for sku in skus if sku))

    def of(self, promotion_id: PromotionId, product_count: int | None, now: datetime) -> Promotion:
        """The promotion; to be asked only when it was found sound."""
        return Promotion(promotion_id, clean(self.name), self.starts_on, self.ends_on, product_count, now)

    def _last_day(self) -> date:
        days = (_within(self.ends_on) - self.starts_on).days + 1
        if days < 1:
            raise PromotionEndsTooSoon
        if days > LONGEST_PROMOTION:
            raise PromotionTooLong(longest=LONGEST_PROMOTION, days=days)
        return self.ends_on

    def _one_way(self) -> bool:
        named = [one for one in (self.products, self.skus) if one is not None]
        if len(named) + self.of_all != 1 or not all(1 <= len(one) <= MOST_PROMOTED for one in named):
            raise PromotionProductsUnclear(most=MOST_PROMOTED)
        return True


def _within(day: date) -> date:
    if not EARLIEST_PROMOTION <= day <= LATEST_PROMOTION:
        raise PromotionDayOutOfRange(earliest=str(EARLIEST_PROMOTION), latest=str(LATEST_PROMOTION))
    return day
