# ruff: noqa: S101 - asserting is what a conformance kit is for
"""An engine under test, and how it is asked."""

from typing import ClassVar, Final

import numpy as np
import pytest

from inventoryai.forecasting.checking import check_prediction
from inventoryai.forecasting.engine import Engine, EngineSpec
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction
from inventoryai.forecasting.testing.comparing import frozen

LEVELS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)


class EngineUnderTest:
    """What the tests of the kit know of the engine.

    Attributes:
        spec: What the plugin announces; it fills in the next three.
        minimum_history: Known periods below which the engine is not asked.
        scale_equivariant: Whether demand times c must give a forecast times c.
        covariates: The covariates that it makes use of.
        random_panels: How many random panels it is asked about. The environment variable
            ``INVENTORYAI_RANDOM_PANELS`` wins over it: few while you write, thousands before you release.
    """

    spec: ClassVar[EngineSpec | None] = None
    minimum_history: ClassVar[int] = 1
    scale_equivariant: ClassVar[bool] = False
    covariates: ClassVar[frozenset[str]] = frozenset()
    random_panels: ClassVar[int] = 40

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.spec is not None:
            cls.minimum_history = cls.spec.minimum_history
            cls.scale_equivariant = cls.spec.scale_equivariant
            cls.covariates = frozenset(cls.spec.covariates)

    @pytest.fixture
    def engine(self) -> Engine:
        """The engine under test: the spec's, without options, unless a subclass makes its own."""
        if self.spec is None:
            pytest.fail("give the class a spec, or an engine fixture")
        return self.spec.load({})

    def ask(
        self,
        engine: Engine,
        panel: Panel,
        horizon: int,
        *,
        levels: tuple[float, ...] = LEVELS,
        seed: int = 0,
    ) -> Prediction:
        """What the engine answers, checked as the host checks it. It cannot write to what it is given."""
        wanted = np.array(levels)
        with frozen(panel, wanted):
            answer = engine.predict(panel, horizon, wanted, seed)
        flaws = check_prediction(type(engine).__name__, answer, len(panel), horizon, wanted)
        assert not flaws, {product: flaw.message() for product, flaw in flaws.items()}
        return answer
