"""What a forecasting engine is, and how a plugin says that it has one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

CONTRACT_VERSION: Final = 1
"""The version of what a host and an engine promise each other: this module, ``Panel`` and ``Prediction``.

It rises when an engine that kept the contract could break it without having changed: when an argument or
an attribute goes away or means something else, or when more is asked than before. What an older engine
need not notice leaves it as it is: an attribute with a default, another covariate, another way to make a
``Prediction``, a test for what was promised before.

A plugin states the number that it was written for, as a number: whoever writes ``CONTRACT_VERSION`` there
claims to know every version to come. A host runs the engines of its own version and rejects the others,
naming both numbers.
"""


@runtime_checkable
class Engine(Protocol):
    """Forecasts many products in one call; synchronous, and the same answer for the same question.

    Random draws come from ``seed`` alone and are shared by all products, so that neither the order of
    the products nor how they are cut into calls changes an answer.

    An engine is made once a process and asked many times, never twice at once. It may keep what makes the
    next call faster (compiled code, a table), and nothing of the panels that it was asked about. Its
    process may be ended at any time.
    """

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """The distribution of demand in each of the next periods, and of its running totals.

        The first period that is forecast is ``panel.end``, the one after the last of the histories. An
        engine that cannot forecast some products may raise any error: it is asked again about fewer
        products until those are found, and they are forecast by the host.

        Args:
            panel: At least one product and at most some thousand, in any order; each has at least
                ``minimum_history`` known periods, which need not be the last ones. Not to be changed.
            horizon: Periods ahead, at least 1.
            levels: float64[q], rising, within 0.001 and 0.999: the ``levels`` of the answer.
            seed: Where random draws come from, at least 0.

        Returns:
            A distribution for each product, in the order of the panel: finite, at least 0, quantiles that
            do not fall with the level, totals that do not fall with the step.
        """
        ...


class Training(Protocol):
    """What an engine tells the host while it learns, and what it leaves there for another attempt.

    An engine that only calls it keeps the contract: what it might have kept is then learnt again.
    """

    @property
    def checkpoint(self) -> bytes | None:
        """What an earlier, interrupted attempt at the same training kept last; None if there was none.

        The same training has the same data, seed, options, and versions of the engine and its libraries.
        """
        ...

    def __call__(self, done: float) -> None:
        """Say which share is done: from 0 to 1, and never less than before."""
        ...

    def keep(self, checkpoint: bytes) -> None:
        """Keep what the training can be resumed from, in place of what was kept before.

        It may be called as often as the engine likes; the host stores the newest now and then.

        Args:
            checkpoint: JSON or safetensors, never pickle; at most 64 MiB.
        """
        ...


@runtime_checkable
class TrainableEngine(Engine, Protocol):
    """An engine that learns from a whole panel once, and is restored from what it learnt.

    Before it has learnt, it must be able to forecast, too: from what it was shipped with.
    """

    def train(self, panel: Panel, seed: int, progress: Training) -> bytes:
        """Learn, and return what was learnt as safetensors or JSON, never as pickle; at most 64 MiB.

        The same panel and seed give the same bytes, also when the training was interrupted and begins
        from a checkpoint. The engine itself stays as it was: what was learnt is in the state alone.

        The engine may stop early. It should hold out the end of the panel to judge by itself when: what
        the host will judge it by is not in the panel. Whoever does better than without training is trained
        again, from a panel that has that, too.

        Args:
            panel: What to learn from, with the covariates of the past and none of the future. Not to be
                changed.
            seed: Where random draws come from, at least 0.
            progress: Told now and then which share is done, and given what to resume from.
        """
        ...

    def restore(self, state: bytes) -> Engine:
        """The engine that ``train`` made, from what it returned, perhaps in another process and years later.

        Raises:
            ValueError: This is no state, or one that this version cannot read.
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine as a plugin announces it: cheap to make, nothing heavy imported yet.

    Attributes:
        name: What it is called in requests: up to 40 lower-case letters, digits and underscores, a letter
            first. No two installed engines have one name; ``auto`` and ``fallback`` are the host's.
        title: What it is called in a list that people read.
        description: What it is good at, in a sentence or two.
        load: Makes the engine from its options, which were checked against the schema; heavy libraries
            are imported here, not before. Options that are not given are not in the mapping.
        contract_version: The ``CONTRACT_VERSION`` it was written for, as a number.
        minimum_history: Known periods below which it should not be asked; at least 1.
        options: JSON schema of what ``load`` takes: an object whose ``properties`` may have ``type``,
            ``minimum``, ``maximum``, ``enum``, ``default`` and ``description``. What else it says is for
            people, and for the engine to check.
        trainable: Whether what ``load`` makes is a ``TrainableEngine``.
        scale_equivariant: Whether demand times c gives a forecast times c.
        automatic: Whether the automatic plan may try it, with the options it has by default. It then costs
            every run that leaves the choice to the plan several calls of the engine.
        covariates: Names of the covariates that it makes use of, of those that a panel may have; others
            must not change its answer, and it must forecast without its own, too.
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
