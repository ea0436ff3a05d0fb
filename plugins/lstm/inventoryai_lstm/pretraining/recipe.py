"""What the weights are made of: which products are shown, in which order, and how fast it learns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from inventoryai.forecasting import Frequency
from inventoryai_lstm.histories import CONTEXT, HORIZON
from inventoryai_lstm.pretraining.real import Source
from inventoryai_lstm.pretraining.synthetic import synthetic
from inventoryai_lstm.series import Sample

_USUAL: Final = 0.8
"""The share of batches that look as far ahead as usual; others look from 2 periods to twice as far."""
_REACH: Final = {Frequency.DAY: (180, 420, 728), Frequency.WEEK: (60, 110), Frequency.MONTH: (48, 84)}
"""How long the past of a batch is."""
_DRAWN: Final = {Frequency.DAY: 0.5, Frequency.WEEK: 0.2, Frequency.MONTH: 0.3}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is taught.

    Attributes:
        steps: Batches.
        batch: Products in a batch.
        made_up: The share of synthetic demand in a batch, where there is real demand of the frequency.
        rate: The highest rate of learning; it rises over the first steps and falls as a cosine.
        seed: Where all draws come from.
    """

    steps: int = 4_500
    batch: int = 256
    made_up: float = 0.45
    rate: float = 2e-3
    seed: int = 2026

    def rate_at(self, step: int) -> float:
        """The rate of learning of a step."""
        falling = 0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * step / self.steps))
        return float(self.rate * min(1.0, (step + 1) / 100) * falling)

    def sample(self, step: int, sources: Mapping[Frequency, Sequence[Source]]) -> Sample:
        """The products of a step; they depend on seed and step alone, so that a stop costs nothing."""
        random = np.random.default_rng([self.seed, step])
        frequency = list(_DRAWN)[random.choice(len(_DRAWN), p=list(_DRAWN.values()))]
        usual = HORIZON[frequency]
        horizon = usual if random.random() < _USUAL else int(random.integers(2, 2 * usual))
        reach = max(int(random.choice(_REACH[frequency])), CONTEXT[frequency])
        real = sources[frequency]
        share = np.array([self.made_up if real else 1.0, *(one.share for one in real)])
        share[1:] *= (1 - share[0]) / max(share[1:].sum(), 1e-9)
        counts = random.multinomial(self.batch, share)
        parts = [synthetic(random, counts[0], frequency, horizon, reach)] if counts[0] else []
        for one, count in zip(real, counts[1:], strict=True):
            if count:
                parts.append(one.series.sample(random, count, horizon, reach))
        return Sample.join(parts)
