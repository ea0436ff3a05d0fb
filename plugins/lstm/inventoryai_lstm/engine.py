"""TEMPORARY: stands where the network will be, so that everything around it can be built and tested.

It forecasts the mean of the last four weeks, by way of torch and of a state in safetensors.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load, save

from inventoryai.forecasting import Engine, Panel, Prediction

_WEIGHTS: Final = Path(__file__).with_name("weights.safetensors")
_WINDOW: Final = 28


@dataclass(frozen=True, slots=True, eq=False)
class Lstm:
    """A stand-in that multiplies a mean by one number.

    Attributes:
        factor: float64[1].
    """

    factor: torch.Tensor

    @classmethod
    def pretrained(cls) -> Self:
        """The engine with the weights that are shipped."""
        return cls._of(_WEIGHTS.read_bytes())

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``; all covariates are ignored."""
        tail = panel.tail(_WINDOW)
        last = torch.from_numpy(np.where(np.isnan(tail).all(axis=1), _means(panel), 0.0))
        mean = torch.where(last > 0, last, torch.nanmean(torch.from_numpy(tail), dim=1).nan_to_num())
        point = (mean * self.factor).numpy()
        errors = tail - point[:, None]
        return Prediction.from_errors(
            np.repeat(point[:, None], horizon, axis=1), errors, levels, seed, season=panel.frequency.season
        )

    def train(self, panel: Panel, seed: int, progress: Callable[[float], None]) -> bytes:
        """See ``TrainableEngine``; nothing is learnt."""
        _ = panel, seed
        progress(1.0)
        return save({"factor": self.factor})

    def restore(self, state: bytes) -> Engine:
        """See ``TrainableEngine``."""
        return self._of(state)

    @classmethod
    def _of(cls, state: bytes) -> Self:
        """Raises ValueError when the bytes are no state."""
        try:
            return cls(load(state)["factor"])
        except (SafetensorError, KeyError) as error:
            raise ValueError(f"no state of this engine: {error}") from error


def _means(panel: Panel) -> NDArray[np.float64]:
    """float64[n], mean known demand."""
    sums = np.bincount(panel.owners(), weights=np.nan_to_num(panel.values), minlength=len(panel))
    means: NDArray[np.float64] = sums / np.maximum(panel.known(), 1)
    return means
