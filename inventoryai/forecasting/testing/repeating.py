"""Tests of what must not change an answer: repetition, order, cuts, scale, what was asked before."""

from dataclasses import replace

import numpy as np
import pytest

from inventoryai.forecasting.engine import Engine
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction
from inventoryai.forecasting.testing.asking import EngineUnderTest
from inventoryai.forecasting.testing.comparing import assert_identical, assert_same
from inventoryai.forecasting.testing.histories import ordinary_panel


class Repeating(EngineUnderTest):
    """The same question gets the same answer, however it is put."""

    def test_the_same_question_gets_the_same_bytes(self, engine: Engine) -> None:
        """Nothing but the arguments decides the answer: not what was asked before, nor the clock."""
        first = self.ask(engine, ordinary_panel(), 14)
        self.ask(engine, ordinary_panel(), 5, seed=99)
        assert_identical(self.ask(engine, ordinary_panel(), 14), first)

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
        """Its arrays cannot be written to, and hold what they held."""
        panel, untouched = ordinary_panel(), ordinary_panel()
        self.ask(engine, panel, 14)
        for name in ("values", "offsets", "starts"):
            np.testing.assert_array_equal(getattr(panel, name), getattr(untouched, name), err_msg=name)

    def test_nothing_is_remembered_of_the_days_to_come(self, engine: Engine) -> None:
        """Who has seen the whole history forecasts its first part as if it had not: no look-ahead."""
        whole = ordinary_panel()
        part = _without_the_last(whole, 20)
        before = self.ask(engine, part, 14)
        self.ask(engine, whole, 14)
        assert_identical(self.ask(engine, _without_the_last(whole, 20), 14), before)

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


def _without_the_last(panel: Panel, periods: int) -> Panel:
    """The same products, as they were so many periods ago."""
    histories = [panel.history(product)[:-periods].copy() for product in range(len(panel))]
    return Panel.of(list(histories), frequency=panel.frequency, end=panel.end - periods)
