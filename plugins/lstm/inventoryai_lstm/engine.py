"""The engine: a network, asked, taught further, and restored."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from inventoryai.forecasting import Engine, Panel, Prediction, Training
from inventoryai_lstm import devices, weights
from inventoryai_lstm.answering import answer
from inventoryai_lstm.finetuning import taught_further
from inventoryai_lstm.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Lstm:
    """One network for all products, which has learnt beforehand what demand looks like.

    Attributes:
        network: As it was taught, in single precision.
        exact: The same in double precision, in which a product's answer owes nothing to the products
            beside it.
    """

    network: Network
    exact: Network

    @classmethod
    def pretrained(cls) -> Self:
        """The engine with the weights that are shipped."""
        return cls._of(weights.shipped())

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``; nothing is drawn, so ``seed`` means nothing."""
        _ = seed
        return answer(self.exact, panel, horizon, levels)

    def train(self, panel: Panel, seed: int, progress: Training) -> bytes:
        """See ``TrainableEngine``; learns on from its own weights."""
        return taught_further(self.network, panel, seed, progress)

    def restore(self, state: bytes) -> Engine:
        """See ``TrainableEngine``."""
        tensors, _ = weights.unpacked(state)
        return self._of(weights.restored(tensors))

    @classmethod
    def _of(cls, network: Network) -> Self:
        exact = Network()
        exact.load_state_dict(network.state_dict())
        return cls(network.eval(), exact.to(devices.exact(), torch.float64).eval())
