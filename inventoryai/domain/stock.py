"""Stock: an append-only ledger; on hand is the newest count and the changes since."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from inventoryai.domain.errors import Invalid, Problem
from inventoryai.domain.products import MOST_QUANTITY, QUANTITY_EXPONENT, SKU_LENGTH, ProductId, bounded
from inventoryai.domain.text import clean

MOST_COUNTS: Final = 1_000
EARLIEST_COUNT: Final = datetime(1970, 1, 1, tzinfo=UTC)


class StockCountsTooMany(Invalid):
    """More counts than one call takes."""

    code = "stock.too_many_counts"
    en = "One call takes 1 to {most} counts. Send more of them as a file of kind stock."
    fr = "Un appel accepte de 1 à {most} comptages. Au-delà, envoyez un fichier de type stock."


class StockProductUnnamed(Invalid):
    """A count of nothing in particular."""

    code = "stock.product_unnamed"
    en = "Name the product by its sku or by its product_id, one of the two."
    fr = "Désignez le produit par sku ou par product_id, l’un des deux."


class StockCountedInFuture(Invalid):
    """Nobody has counted tomorrow's stock."""

    code = "stock.counted_in_future"
    en = "counted_at lies in the future."
    fr = "counted_at est dans le futur."


class StockCountedTooLongAgo(Invalid):
    """A moment before there were computers to count with is a slip of the pen."""

    code = "stock.counted_too_long_ago"
    en = "counted_at lies before {earliest}."
    fr = "counted_at est antérieur à {earliest}."


class MovementKind(StrEnum):
    """Why stock changed."""

    COUNT = "count"
    RECEIPT = "receipt"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class StockCount:
    """What somebody found on the shelf at a moment, in the product's unit."""

    on_hand: Decimal
    sku: str | None = None
    product_id: ProductId | None = None
    counted_at: datetime | None = None

    def checked(self, now: datetime) -> Self:
        """The count, its SKU written as products keep theirs: it names one product, and what was there.

        Raises:
            StockProductUnnamed, NumberOutOfRange, NumberTooPrecise, StockCountedInFuture,
                StockCountedTooLongAgo: It does not.
            TextEmpty, TextTooLong, TextHasControlCharacters: No product can have that SKU.
        """
        if (self.sku is None) == (self.product_id is None):
            raise StockProductUnnamed
        bounded(self.on_hand, QUANTITY_EXPONENT, Decimal(0), MOST_QUANTITY)
        if self.counted_at is not None and self.counted_at > now:
            raise StockCountedInFuture
        if self.counted_at is not None and self.counted_at < EARLIEST_COUNT:
            raise StockCountedTooLongAgo(earliest=str(EARLIEST_COUNT.date()))
        return self if self.sku is None else replace(self, sku=clean(self.sku, most=SKU_LENGTH))


@dataclass(frozen=True, slots=True)
class CountedStock:
    """A count of a known product at a known moment: what goes into the ledger."""

    product_id: ProductId
    on_hand: Decimal
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class CountResult:
    """What became of one count: the position it led to, or the problem it has."""

    sku: str | None
    product_id: ProductId | None
    on_hand: Decimal | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class StockPosition:
    """What a company has of a product, in its unit."""

    product_id: ProductId
    sku: str
    name: str
    on_hand: Decimal
    on_order: Decimal
    backordered: Decimal
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenOrderLine:
    """A quantity on its way, and the days until it should arrive."""

    product_id: UUID
    quantity: Decimal
    due_in_days: int
