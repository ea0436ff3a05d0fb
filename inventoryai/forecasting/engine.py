"""What a forecasting engine is, and how a plugin says that it has one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

CONTRACT_VERSION: Final = 1
"""The version of this contract; a plugin states the one it was written for."""


@runtime_checkable
class Engine(Protocol):
    """Forecasts many products in one call; synchronous, and the same answer for the same question.

    Random draws come from ``seed`` alone and are shared by all products, so that neither the order of
    the products nor how they are cut into calls changes an answer.
    """

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """The distribution of demand in each of the next periods, and of its running totals.

        Args:
            panel: At least one product; each has at least one known period. Not to be changed.
            horizon: Periods ahead, at least 1.
            levels: float64[q], rising, within 0.001 and 0.999.
            seed: Where random draws come from.
        """
        ...


@runtime_checkable
class TrainableEngine(Engine, Protocol):
    """An engine that learns from a whole panel once, and is restored from what it learnt."""

    def train(self, panel: Panel, seed: int, progress: Callable[[float], None]) -> bytes:
        """Learn, and return what was learnt as safetensors or JSON, never as pickle.

        Args:
            panel: What to learn from.
            seed: Where random draws come from.
            progress: Called now and then with the share that is done, 0 to 1.
        """
        ...

    def restore(self, state: bytes) -> Engine:
        """The engine that ``train`` made, from what it returned."""
        ...


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine as a plugin announces it: cheap to make, nothing heavy imported yet.

    Attributes:
        name: What it is called in requests: lower-case letters, digits and underscores.
        title: What it is called in a list that people read.
        description: What it is good at, in a sentence or two.
        load: Makes the engine from its options; heavy libraries are imported here, not before.
        contract_version: The ``CONTRACT_VERSION`` it was written for.
        minimum_history: Known periods below which it should not be asked.
        options: JSON schema of what ``load`` takes.
        trainable: Whether what ``load`` makes is a ``TrainableEngine``.
        scale_equivariant: Whether demand times c gives a forecast times c.
        automatic: Whether the automatic plan may try it, with the options it has by default.
        covariates: Names of the covariates that it makes use of, of those that a panel may have.
    """

    name: str
    title: str
    description: str
    load: Callable[[Mapping[str, object]], Engine]
    contract_version: int
    minimum_history: int = 1
    options: Mapping[str, object] = field(default_factory=lambda: {"type": "object", "properties": {}})
    trainable: bool = False
    scale_equivariant: bool = False
    automatic: bool = False
    covariates: frozenset[str] = frozenset()
