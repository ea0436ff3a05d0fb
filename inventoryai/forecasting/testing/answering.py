"""Tests of what an engine answers: a distribution for whatever it is asked."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.engine import Engine
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.testing.asking import EngineUnderTest
from inventoryai.forecasting.testing.comparing import check_totals
from inventoryai.forecasting.testing.histories import SPECIAL, ordinary_panel, special_history
from inventoryai.forecasting.testing.random_panels import how_many, panels, random_panel

_SEEDS: Final = st.integers(0, 2**32 - 1)


class Answering(EngineUnderTest):
    """Every product, step and level gets a number that can be demand."""

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
        check_totals(self.ask(engine, panel, 14))

    @pytest.mark.parametrize("more", range(4))
    @pytest.mark.parametrize("name", ["constant", "all_zero", "huge", "tiny", "trend"])
    def test_short_histories_get_a_forecast(self, engine: Engine, name: str, more: int) -> None:
        """From the shortest history that the engine says it can use."""
        length = self.minimum_history + more
        panel = Panel.of([special_history(name, length)], frequency=Frequency.DAY)
        check_totals(self.ask(engine, panel, 14))

    @pytest.mark.parametrize("frequency", list(Frequency))
    def test_totals_are_sums_of_demand_that_is_never_negative(
        self, engine: Engine, frequency: Frequency
    ) -> None:
        """The first total is the first step; totals never fall, nor lie below any one step."""
        check_totals(self.ask(engine, ordinary_panel(frequency), 14))

    def test_any_panel_gets_a_forecast(self, engine: Engine) -> None:
        """Whatever the histories are; see ``random_panels``."""
        by_hand, from_seeds = how_many(self.random_panels)

        def check(panel: Panel, horizon: int) -> None:
            check_totals(self.ask(engine, panel, horizon))

        def check_seed(seed: int) -> None:
            check(*random_panel(seed, self.minimum_history))

        made = given(panel=panels(self.minimum_history), horizon=st.integers(1, 10))(check)
        settings(derandomize=True, deadline=None, max_examples=by_hand)(made)()
        if from_seeds:
            drawn = given(seed=_SEEDS)(check_seed)
            settings(derandomize=True, deadline=None, max_examples=from_seeds)(drawn)()
