"""From the quantity that is wanting to one that can be ordered: never below the MOQ, in whole packs.

Rounding up buys goods that demand does not ask for. Where it adds more than the whole protection
interval is expected to sell, the order is compared with the next smaller one that the supplier would
take, which mostly is to order nothing. What lies between the two is the *last batch*, and it is left
out if its units would on average lie idle, to the end of the interval, with a greater probability than
the service level: that level is the price at which one more unit stops being worth having, and it is
where the order-up-to level comes from. The rule is that of the best (R, nQ) policy, which waits while
the batch above the position costs more than it saves (Zheng & Chen, *Naval Research Logistics* 39,
1992); on average over many orders the promised level is kept, which rounding up would overshoot.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.mixtures import Mixtures
from inventoryai.domain.quantities import json_quantity
from inventoryai.domain.sales import THOUSANDTHS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What g products have, and how they are ordered; quantities in thousandths of a unit.

    Attributes:
        on_hand: int64[g].
        position: int64[g].
        moq: int64[g].
        pack_size: int64[g], above 0.
        service_level: float64[g], α.
        review_days: R, the same for all.
    """

    on_hand: Ints
    position: Ints
    moq: Ints
    pack_size: Ints
    service_level: Floats
    review_days: int


@dataclass(frozen=True, slots=True, eq=False)
class OrderQuantities:
    """What to order of g products, step by step, in thousandths of a unit (int64[g] but for two).

    Attributes:
        situation: Of the products.
        raw: What is wanting to the order-up-to level, at least 0.
        at_least: The same, raised to the MOQ.
        packed: The same, rounded up to whole packs; 0 where nothing is wanting.
        smaller: The largest order that does not exceed ``raw``; 0 where the MOQ forbids every such one.
        expected: Mean demand of the protection interval.
        idle: float64[g], probability that a unit of the last batch, on average, is not needed within the
            protection interval; NaN where rounding added too little for the question to be asked.
        final: What to order: ``packed``, or ``smaller`` where the last batch is left out.
    """

    situation: Situation
    raw: Ints
    at_least: Ints
    packed: Ints
    smaller: Ints
    expected: Ints
    idle: Floats
    final: Ints

    @classmethod
    def of(cls, situation: Situation, order_up_to: Ints, expected: Ints, demand: Mixtures) -> Self:
        """The orders that fill up to a level.

        Args:
            situation: Of the products.
            order_up_to: int64[g], thousandths.
            expected: int64[g], thousandths, mean of ``demand``.
            demand: Of the protection interval, in units.
        """
        raw = np.maximum(order_up_to - situation.position, 0)
        at_least = np.where(raw > 0, np.maximum(raw, situation.moq), 0)
        packed = -(-at_least // situation.pack_size) * situation.pack_size
        below = raw // situation.pack_size * situation.pack_size
        smaller = np.where(below >= situation.moq, below, 0)
        idle = np.full(len(raw), np.nan)
        asked = packed - raw > expected
        low, high = situation.position + smaller, situation.position + packed
        left = demand.idle(high / THOUSANDTHS) - demand.idle(low / THOUSANDTHS)
        np.divide(left, (high - low) / THOUSANDTHS, out=idle, where=asked)
        final = np.where(idle > situation.service_level, smaller, packed)
        return cls(situation, raw, at_least, packed, smaller, expected, idle, final)

    def steps(self, row: int) -> list[dict[str, object]]:
        """How one product's raw quantity became its order: each step with before, after and reason."""
        if not self.raw[row]:
            return []
        steps = [
            self._step(
                row,
                ("moq", "raw", "at_least"),
                self._moq_reason(row),
                moq=json_quantity(self.situation.moq[row]),
            ),
            self._step(
                row,
                ("pack", "at_least", "packed"),
                "pack.rounded_up" if self.packed[row] > self.at_least[row] else "pack.whole",
                pack_size=json_quantity(self.situation.pack_size[row]),
            ),
        ]
        return steps if np.isnan(self.idle[row]) else [*steps, self._last_batch(row)]

    def _moq_reason(self, row: int) -> str:
        if not self.situation.moq[row]:
            return "moq.none"
        return "moq.raised" if self.at_least[row] > self.raw[row] else "moq.reached"

    def _last_batch(self, row: int) -> dict[str, object]:
        kept = self.final[row] == self.packed[row]
        return self._step(
            row,
            ("last_batch", "packed", "final"),
            "last_batch.kept" if kept else "last_batch.left_out",
            surplus=json_quantity(self.packed[row] - self.raw[row]),
            expected_demand=json_quantity(self.expected[row]),
            smaller_order=json_quantity(self.smaller[row]),
            idle_probability=float(self.idle[row]),
            service_level=float(self.situation.service_level[row]),
        )

    def _step(
        self, row: int, names: tuple[str, str, str], reason: str, **numbers: object
    ) -> dict[str, object]:
        step, before, after = names
        return {
            "step": step,
            "before": json_quantity(getattr(self, before)[row]),
            "after": json_quantity(getattr(self, after)[row]),
            "reason": reason,
            **numbers,
        }
