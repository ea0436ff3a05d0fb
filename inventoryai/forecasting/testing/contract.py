# ruff: noqa: S101 - asserting is what a conformance kit is for
"""The tests themselves."""

from dataclasses import replace
from typing import ClassVar, Final

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.checking import check_prediction
from inventoryai.forecasting.engine import Engine, EngineSpec, TrainableEngine
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction
from inventoryai.forecasting.testing.comparing import assert_same, check_totals, frozen
from inventoryai.forecasting.testing.histories import SPECIAL, ordinary_panel, panels, special_history

LEVELS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)


class EngineContract:
    """What an engine promises. Subclass it, give a ``spec`` or an ``engine`` fixture, and run pytest.

    Attributes:
        spec: What the plugin announces; it fills in the others.
        minimum_history: Known periods below which the engine is not asked.
        scale_equivariant: Whether demand times c must give a forecast times c.
    """

    spec: ClassVar[EngineSpec | None] = None
    minimum_history: ClassVar[int] = 1
    scale_equivariant: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.spec is not None:
            cls.minimum_history = cls.spec.minimum_history
            cls.scale_equivariant = cls.spec.scale_equivariant

    @pytest.fixture
    def engine(self) -> Engine:
        """The engine under test: the spec's, without options, unless a subclass makes its own."""
        if self.spec is None:
            pytest.fail("give the class a spec, or an engine fixture")
        return self.spec.load({})

    def test_the_spec_is_complete(self, engine: Engine) -> None:
        """It can be shown to people, and is trainable exactly when it says so."""
        assert isinstance(engine, Engine)
        if self.spec is None:
            pytest.skip("no spec was given")
        assert self.spec.title
        assert self.spec.description
        assert self.spec.minimum_history >= 1
        assert self.spec.options.get("type") == "object"
        assert isinstance(engine, TrainableEngine) == self.spec.trainable

    @pytest.mark.parametrize("frequency", list(Frequency))
    @pytest.mark.parametrize("horizon", [1, 2, 28])
    def test_every_product_step_and_level_gets_a_number(
        self, engine: Engine, frequency: Frequency, horizon: int
    ) -> None:
        """Shapes are as asked; numbers are finite, not negative, and quantiles do not cross."""
        self.ask(engine, ordinary_panel(frequency), horizon)

    @pytest.mark.parametrize("levels", [(0.5,), (0.001, 0.999), (0.3, 0.31, 0.9)])
    def test_any_levels_may_be_asked_for(self, engine: Engine, levels: tuple[float, ...]) -> None:
        """Levels are the caller's choice."""
        self.ask(engine, ordinary_panel(), 7, levels=levels)

    @pytest.mark.parametrize("name", SPECIAL)
    def test_special_histories_get_a_forecast(self, engine: Engine, name: str) -> None:
        """Constant, empty of sales, full of gaps, very large, very small: all get a forecast."""
        panel = Panel.of([special_history(name, 90)], frequency=Frequency.DAY)
        if panel.known()[0] < self.minimum_history:
            pytest.skip(f"the host does not ask below {self.minimum_history} known periods")
        self.ask(engine, panel, 14)

    @pytest.mark.parametrize("more", range(4))
    @pytest.mark.parametrize("name", ["constant", "all_zero", "huge", "tiny", "trend"])
    def test_short_histories_get_a_forecast(self, engine: Engine, name: str, more: int) -> None:
        """From the shortest history that the engine says it can use."""
        length = self.minimum_history + more
        self.ask(engine, Panel.of([special_history(name, length)], frequency=Frequency.DAY), 14)

    def test_totals_are_sums_of_demand_that_is_never_negative(self, engine: Engine) -> None:
        """The first total is the first step; totals never fall, nor lie below any one step."""
        for frequency in Frequency:
            check_totals(self.ask(engine, ordinary_panel(frequency), 14))

    def test_the_same_question_gets_the_same_bytes(self, engine: Engine) -> None:
        """Nothing but the arguments decides the answer: not what was asked before, nor the clock."""
        first = self.ask(engine, ordinary_panel(), 14)
        self.ask(engine, ordinary_panel(), 5, seed=99)
        again = self.ask(engine, ordinary_panel(), 14)
        for name in ("mean", "quantiles", "totals"):
            assert getattr(first, name).tobytes() == getattr(again, name).tobytes()

    def test_the_order_of_products_changes_nothing(self, engine: Engine) -> None:
        """Within 1e-6."""
        panel = ordinary_panel()
        order = np.random.default_rng(1).permutation(len(panel))
        assert_same(self.ask(engine, panel.subset(order), 14), self.ask(engine, panel, 14).subset(order))

    def test_cutting_a_panel_changes_nothing(self, engine: Engine) -> None:
        """One call for all, or one for each, within 1e-6."""
        panel = ordinary_panel()
        apart = [self.ask(engine, panel.chunk(place, place + 1), 14) for place in range(len(panel))]
        assert_same(Prediction.join(apart), self.ask(engine, panel, 14))

    def test_the_panel_is_left_as_it_was(self, engine: Engine) -> None:
        """A panel whose arrays refuse to be written to is good enough."""
        panel = ordinary_panel()
        with frozen(panel):
            self.ask(engine, panel, 14)

    @pytest.mark.parametrize("factor", [1e-3, 1e3])
    def test_scale(self, engine: Engine, factor: float) -> None:
        """Demand times c is a forecast times c, if the engine says that it is."""
        if not self.scale_equivariant:
            pytest.skip("the engine does not say that it is scale equivariant")
        panel = ordinary_panel()
        scaled = self.ask(engine, replace(panel, values=panel.values * factor), 14)
        plain = self.ask(engine, panel, 14)
        expected = Prediction(
            plain.mean * factor, plain.quantiles * factor, plain.totals * factor, plain.levels
        )
        assert_same(scaled, expected)

    def test_what_was_learnt_can_be_kept(self, engine: Engine) -> None:
        """A restored engine answers like the one that was trained; its state is not a pickle."""
        if not isinstance(engine, TrainableEngine):
            pytest.skip("the engine is not trainable")
        state = engine.train(ordinary_panel(), 0, lambda _share: None)
        assert isinstance(state, bytes)
        assert not state.startswith(b"\x80"), "state must not be a pickle"
        first, second = (self.ask(engine.restore(state), ordinary_panel(), 14) for _ in range(2))
        assert_same(second, first)

    @given(data=st.data())
    @settings(
        derandomize=True,
        deadline=None,
        max_examples=40,
        suppress_health_check=[HealthCheck.differing_executors, HealthCheck.function_scoped_fixture],
    )
    def test_any_panel_gets_a_forecast(self, engine: Engine, data: st.DataObject) -> None:
        """Whatever the histories are."""
        panel = data.draw(panels(self.minimum_history))
        check_totals(self.ask(engine, panel, data.draw(st.integers(1, 10))))

    def ask(
        self,
        engine: Engine,
        panel: Panel,
        horizon: int,
        *,
        levels: tuple[float, ...] = LEVELS,
        seed: int = 0,
    ) -> Prediction:
        """What the engine answers, checked as the host checks it."""
        wanted = np.array(levels)
        answer = engine.predict(panel, horizon, wanted, seed)
        assert check_prediction(type(engine).__name__, answer, len(panel), horizon, wanted) == {}
        return answer
