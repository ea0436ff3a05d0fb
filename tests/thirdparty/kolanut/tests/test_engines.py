"""The engine keeps the contract, and uses what scikit-learn finds."""

from dataclasses import replace

import numpy as np
from kolanut import inventoryai_engines

from inventoryai.forecasting import PROMOTION, Frequency, Panel
from inventoryai.forecasting.testing import EngineContract

(SPEC,) = inventoryai_engines()


class TestRidge(EngineContract):
    spec = SPEC


def test_a_promotion_raises_what_is_forecast() -> None:
    promoted = (np.arange(140) % 9 == 0).astype(float)
    panel = Panel.of([10 + 20 * promoted], frequency=Frequency.DAY)
    to_come = np.array([[0.0, 1.0, 0.0]])
    panel = replace(panel, covariates={PROMOTION: promoted}, future={PROMOTION: to_come})
    mean = SPEC.load({}).predict(panel, 3, np.array([0.5]), 0).mean[0]
    np.testing.assert_allclose(mean, [10, 30, 10], atol=1.5)
