"""Sales as columns, and what a line of a sales file may get wrong.

Sales cross every boundary as numpy columns, never as one Python object a line: a year of a
shop's till is half a million of them.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.errors import Invalid

THOUSANDTHS: Final = 1000
"""Quantities are whole thousandths of a unit: exact for kilograms and litres."""


@dataclass(frozen=True, slots=True)
class SalesColumns:
    """Sales lines, column by column; every array has one entry a line.

    Attributes:
        skus: The distinct SKUs, in order of first appearance.
        sku: int32[n], index into ``skus``.
        day: int32[n], days since 1970-01-01, in the company's time zone.
        quantity: int64[n], thousandths of a unit; negative for a return.
        revenue: int64[n], minor units of the company's currency; negative for a return, 0 if unknown.
        line: int64[n], physical line where the record starts in the file, the header being 1.
    """

    skus: tuple[str, ...]
    sku: NDArray[np.int32]
    day: NDArray[np.int32]
    quantity: NDArray[np.int64]
    revenue: NDArray[np.int64]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sku)


@dataclass(frozen=True, slots=True)
class DailyTotals:
    """What was sold and returned of each product on each day, sorted by (sku, day), each pair once.

    Attributes:
        skus: The distinct SKUs.
        sku: int32[m], index into ``skus``.
        day: int32[m], days since 1970-01-01.
        sold: int64[m], thousandths, at least 0.
        returned: int64[m], thousandths, at least 0.
        revenue: int64[m], minor units.
    """

    skus: tuple[str, ...]
    sku: NDArray[np.int32]
    day: NDArray[np.int32]
    sold: NDArray[np.int64]
    returned: NDArray[np.int64]
    revenue: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sku)

    def demand(self) -> NDArray[np.float64]:
        """float64[m], units: what was wanted that day, max(0, sold - returned)."""
        demand: NDArray[np.float64] = np.maximum(self.sold - self.returned, 0) / THOUSANDTHS
        return demand


def daily_totals(lines: SalesColumns) -> DailyTotals:
    """Lines of one file summed by product and day.

    A day's returns are kept apart from its sales, so that an order cancelled on the same day
    leaves no demand behind, and a return of last week's goods does not turn demand negative.
    """
    order = np.lexsort((lines.day, lines.sku))
    sku, day, quantity = lines.sku[order], lines.day[order], lines.quantity[order]
    first = np.empty(len(order), dtype=bool)
    first[:1] = True
    first[1:] = (sku[1:] != sku[:-1]) | (day[1:] != day[:-1])
    starts = np.flatnonzero(first)
    if not len(starts):
        none = np.empty(0, dtype=np.int64)
        return DailyTotals(lines.skus, lines.sku[:0], lines.day[:0], none, none, none)
    return DailyTotals(
        skus=lines.skus,
        sku=sku[starts],
        day=day[starts],
        sold=np.add.reduceat(np.maximum(quantity, 0), starts),
        returned=np.add.reduceat(np.maximum(-quantity, 0), starts),
        revenue=np.add.reduceat(lines.revenue[order], starts),
    )


class LineProblem(Invalid):
    """Something wrong with one line of a file; recorded with the import, never raised."""

    column: ClassVar[str] = ""
    """The field that is wrong, where the code alone says it."""


class TooFewFields(LineProblem):
    """The line ends before the last column of the header."""

    code = "line.too_few_fields"
    en = "The line has fewer fields than the header."
    fr = "La ligne a moins de champs que l’en-tête."


class TooManyFields(LineProblem):
    """The line goes on after the last column of the header."""

    code = "line.too_many_fields"
    en = "The line has more fields than the header. A field that holds the delimiter must be quoted."
    fr = "La ligne a plus de champs que l’en-tête. Un champ avec le séparateur doit être entre guillemets."


class BrokenQuotes(LineProblem):
    """A quoted field that does not end where a field ends."""

    code = "line.broken_quotes"
    en = "The quotation marks of this line do not match."
    fr = "Les guillemets de cette ligne ne se correspondent pas."


class HasNul(LineProblem):
    """A NUL character: the line was damaged on its way."""

    code = "line.nul"
    en = "The line contains NUL characters."
    fr = "La ligne contient des caractères NUL."


class FieldTooLong(LineProblem):
    """A field of more characters than any of its kind has."""

    code = "line.field_too_long"
    en = "A field of this line is too long."
    fr = "Un champ de cette ligne est trop long."


class DateMissing(LineProblem):
    """No date, so no day to sum the line into."""

    code = "line.date_missing"
    column = "date"
    en = "The date is missing."
    fr = "La date manque."


class DateInvalid(LineProblem):
    """Not a date, a day that does not exist, or one outside 1970 to 2100."""

    code = "line.date_invalid"
    column = "date"
    en = "This is not a date that exists, in the order of day and month that the file has."
    fr = "Cette date n’existe pas, dans l’ordre jour et mois du fichier."


class DateInFuture(LineProblem):
    """A day that has not come yet."""

    code = "line.date_in_future"
    column = "date"
    en = "The date is in the future."
    fr = "La date est dans le futur."


class SkuMissing(LineProblem):
    """No SKU, so no product."""

    code = "line.sku_missing"
    column = "sku"
    en = "The SKU is missing."
    fr = "La référence manque."


class SkuInvalid(LineProblem):
    """A SKU that no product can have: over 100 characters, or with control characters."""

    code = "line.sku_invalid"
    column = "sku"
    en = "The SKU is longer than 100 characters or contains control characters."
    fr = "La référence dépasse 100 caractères ou contient des caractères de contrôle."


class QuantityMissing(LineProblem):
    """No quantity: it is not guessed to be 1."""

    code = "line.quantity_missing"
    column = "quantity"
    en = "The quantity is missing."
    fr = "La quantité manque."


class QuantityNotANumber(LineProblem):
    """A quantity that is not a number in the format of the column."""

    code = "line.quantity_not_a_number"
    column = "quantity"
    en = "The quantity is not a number."
    fr = "La quantité n’est pas un nombre."


class QuantityTooLarge(LineProblem):
    """Beyond 100 million units on a line: a barcode in the wrong column."""

    code = "line.quantity_too_large"
    column = "quantity"
    en = "The quantity is larger than 100 million units."
    fr = "La quantité dépasse 100 millions d’unités."


class OnHandNegative(LineProblem):
    """Less than nothing on the shelf."""

    code = "line.on_hand_negative"
    column = "on_hand"
    en = "The stock on hand is negative."
    fr = "Le stock est négatif."


class PriceNotANumber(LineProblem):
    """A unit price that is not a number in the format of the column."""

    code = "line.price_not_a_number"
    column = "unit_price"
    en = "The unit price is not a number."
    fr = "Le prix unitaire n’est pas un nombre."


class AmountNotANumber(LineProblem):
    """An amount that is not a number in the format of the column."""

    code = "line.amount_not_a_number"
    column = "amount"
    en = "The amount is not a number."
    fr = "Le montant n’est pas un nombre."


class AmountTooLarge(LineProblem):
    """Beyond 100 billion minor units on a line."""

    code = "line.amount_too_large"
    column = "amount"
    en = "The price or amount is larger than any sale."
    fr = "Le prix ou le montant dépasse celui de toute vente."
