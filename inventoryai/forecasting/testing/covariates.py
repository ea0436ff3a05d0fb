"""Tests of what is known beside demand: used where the engine says so, and borne in any case."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.covariates import HOLIDAY, PROMOTION
from inventoryai.forecasting.engine import Engine
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction
from inventoryai.forecasting.testing.asking import EngineUnderTest
from inventoryai.forecasting.testing.comparing import assert_identical, assert_same, check_totals
from inventoryai.forecasting.testing.histories import ordinary_panel

_HORIZON: Final = 14
_STRANGE: Final = "moon"
"""A covariate that no engine knows: hosts of later versions have more than those of today."""


class Covariates(EngineUnderTest):
    """Holidays, promotions and what else a panel may know beside demand."""

    @pytest.mark.parametrize("known", ["past and future", "past", "future beyond the horizon"])
    @pytest.mark.parametrize("frequency", list(Frequency))
    def test_covariates_are_borne(self, engine: Engine, frequency: Frequency, known: str) -> None:
        """Panels have all of an engine's covariates, none, or those of the past without those to come."""
        panel = self._rich(frequency, _HORIZON * 2 if "beyond" in known else _HORIZON)
        check_totals(self.ask(engine, replace(panel, future={}) if known == "past" else panel, _HORIZON))

    def test_covariates_that_the_engine_does_not_name_are_ignored(self, engine: Engine) -> None:
        """To the last bit."""
        panel = self._rich()
        bare = replace(
            panel,
            covariates={name: panel.covariates[name] for name in self.covariates},
            future={name: panel.future[name] for name in self.covariates},
        )
        assert_identical(self.ask(engine, panel, _HORIZON), self.ask(engine, bare, _HORIZON))

    def test_each_product_has_covariates_of_its_own(self, engine: Engine) -> None:
        """Order and cuts change nothing with them either, within 1e-6."""
        panel = self._rich()
        order = np.random.default_rng(1).permutation(len(panel))
        shuffled = panel.subset(order)
        apart = [self.ask(engine, shuffled.chunk(place, place + 1), _HORIZON) for place in range(len(panel))]
        assert_same(Prediction.join(apart), self.ask(engine, panel, _HORIZON).subset(order))

    def _rich(self, frequency: Frequency = Frequency.DAY, horizon: int = _HORIZON) -> Panel:
        """An ordinary panel with the engine's covariates, those of the host, and a strange one."""
        panel = ordinary_panel(frequency)
        rng = np.random.default_rng(3)
        names = sorted({HOLIDAY, PROMOTION, _STRANGE, *self.covariates})
        return replace(
            panel,
            covariates={name: _marks(rng, panel.values.shape) for name in names},
            future={name: _marks(rng, (len(panel), horizon)) for name in names},
        )


def _marks(
    rng: np.random.Generator, shape: tuple[int, ...]
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """0 for most periods, 1 for a few."""
    return (rng.random(shape) < 0.1).astype(np.float64)  # noqa: PLR2004 - a few
