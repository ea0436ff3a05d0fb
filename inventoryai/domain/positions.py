"""The inventory position: what there is to meet demand with until the next order could arrive.

Position = on hand + on order arriving within the protection interval − backordered − reserved. The
interval's days are numbered from 0, which is today, to L + R − 1: goods due on day L + R come together
with what the next review orders, too late for the interval, and do not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.quantities import thousandths_of
from inventoryai.domain.stock import OpenOrderLine, StockPosition

Ints = NDArray[np.int64]

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, eq=False)
class OpenOrders:
    """m order lines that have not arrived, drafts among them, sorted by product and day.

    Attributes:
        product: int64[m], index of the product.
        due: int64[m], days from today; negative when the goods are overdue.
        quantity: int64[m], thousandths of a unit still to come.
    """

    product: Ints
    due: Ints
    quantity: Ints

    @classmethod
    def of(cls, lines: Sequence[tuple[int, OpenOrderLine]]) -> Self:
        """The lines, each with the index of its product."""
        product = np.array([index for index, _ in lines], dtype=np.int64)
        due = np.array([line.due_in_days for _, line in lines], dtype=np.int64)
        quantity = thousandths_of(line.quantity for _, line in lines)
        order = np.lexsort((due, product))
        return cls(product[order], due[order], quantity[order])

    def __post_init__(self) -> None:
        if (np.diff(self.product) < 0).any():
            raise ValueError("order lines must be sorted by product")

    def arriving(self, days: Ints) -> Ints:
        """int64[n]: thousandths due before each product's day (int64[n]), overdue ones included."""
        in_time = self.due < days[self.product]
        total = np.zeros(len(days), dtype=np.int64)
        np.add.at(total, self.product[in_time], self.quantity[in_time])
        return total

    def of_product(self, product: int) -> tuple[Ints, Ints]:
        """Days and quantities of one product's lines."""
        lines = slice(*np.searchsorted(self.product, [product, product + 1]))
        return self.due[lines], self.quantity[lines]


@dataclass(frozen=True, slots=True, eq=False)
class StockColumns:
    """What there is of n products, in thousandths of a unit.

    Attributes:
        on_hand: int64[n], on the shelf.
        backordered: int64[n], sold and not yet delivered.
        reserved: int64[n], on the shelf and promised.
        orders: What is on its way.
    """

    on_hand: Ints
    backordered: Ints
    reserved: Ints
    orders: OpenOrders

    def __len__(self) -> int:
        return len(self.on_hand)

    @classmethod
    def of(cls, positions: Sequence[StockPosition | None], orders: OpenOrders) -> Self:
        """The stock of products, in their order; None where nothing was ever counted."""
        return cls(
            on_hand=thousandths_of(one.on_hand if one else _NOTHING for one in positions),
            backordered=thousandths_of(one.backordered if one else _NOTHING for one in positions),
            reserved=np.zeros(len(positions), dtype=np.int64),
            orders=orders,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """The inventory positions of n products, in thousandths of a unit.

    Attributes:
        stock: What they are made of.
        protection_days: int64[n], lead time and days between reviews, in whole days.
        on_order: int64[n], what arrives within those days.
        position: int64[n].
    """

    stock: StockColumns
    protection_days: Ints
    on_order: Ints
    position: Ints

    @classmethod
    def of(cls, stock: StockColumns, protection_days: Ints) -> Self:
        """The positions of products whose stock must last for so many days."""
        on_order = stock.orders.arriving(protection_days)
        position = stock.on_hand + on_order - stock.backordered - stock.reserved
        return cls(stock, protection_days, on_order, position)
