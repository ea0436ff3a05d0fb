"""By what learning is judged: the last periods of a panel, which teach nothing meanwhile."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import torch

from inventoryai.forecasting import Panel
from inventoryai_lstm import devices
from inventoryai_lstm.histories import HORIZON
from inventoryai_lstm.lessons import Lesson, loss_of
from inventoryai_lstm.network import Network
from inventoryai_lstm.series import FOLLOWING, SHORTEST, Series

_PRODUCTS: Final = 2_000
"""So many tell enough."""
_AT_ONCE: Final = 128
_SHARE: Final = 4
"""One period in so many, of those that are not needed as a past, is judged by at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Exam:
    """The last periods of some products, and what is known before them.

    Attributes:
        horizon: How many periods those are.
        parts: Some products at a time.
    """

    horizon: int
    parts: tuple[Lesson, ...]

    @classmethod
    def of(cls, panel: Panel, seed: int) -> Self:
        """Raises ValueError when no product is long enough to learn from and to be judged by."""
        series = Series.of(panel)
        known, periods = series.known(), series.demand.shape[1]
        horizon = min(HORIZON[panel.frequency], (int(known.max(initial=0)) - SHORTEST) // _SHARE)
        if horizon < 1:
            raise ValueError(f"at least {SHORTEST + _SHARE} periods of a product are needed to learn from it")
        rows = np.flatnonzero(known - horizon >= SHORTEST + FOLLOWING)
        if len(rows) > _PRODUCTS:
            rows = np.sort(np.random.default_rng(seed).choice(rows, _PRODUCTS, replace=False))
        parts = np.array_split(rows, -(-len(rows) // _AT_ONCE))
        size = (series.reach(), horizon)
        cuts = [series.cut(part, np.full(len(part), periods - horizon), size) for part in parts]
        return cls(horizon, tuple(Lesson.of(cut) for cut in cuts))

    def cost(self, network: Network) -> float:
        """What a network's answers cost, a product."""
        network.to(devices.fast()).eval()
        with torch.inference_mode():
            costs = [
                float(loss_of(network, part.on(devices.fast()))) * len(part.actual) for part in self.parts
            ]
        return sum(costs) / sum(len(part.actual) for part in self.parts)
