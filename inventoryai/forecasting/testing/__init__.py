"""The conformance kit: what every engine promises, as tests that a plugin's author inherits.

Needs ``inventoryai[testing]``. In a test file of the plugin::

    class TestMine(EngineContract):
        spec = next(spec for spec in inventoryai_engines() if spec.name == "mine")

and run pytest. An engine with options of its own, or none announced yet, is given as a fixture::

    class TestMine(EngineContract):
        @pytest.fixture
        def engine(self):
            return Mine(smoothing=0.3)

Forty random panels are tried unless ``INVENTORYAI_RANDOM_PANELS``, or ``random_panels`` of the class, says
otherwise.
"""

import pytest

_ASSERTING = ("answering", "asking", "comparing", "contract", "covariates", "learning", "repeating")
# Before they are imported, so that a failing assert shows the author what was compared.
pytest.register_assert_rewrite(*(f"{__name__}.{module}" for module in _ASSERTING))

from inventoryai.forecasting.testing.asking import LEVELS  # noqa: E402 - see above
from inventoryai.forecasting.testing.comparing import (  # noqa: E402 - see above
    assert_identical,
    assert_same,
    check_totals,
    frozen,
)
from inventoryai.forecasting.testing.contract import EngineContract  # noqa: E402 - see above
from inventoryai.forecasting.testing.histories import (  # noqa: E402 - see above
    SPECIAL,
    ordinary_panel,
    special_history,
)
from inventoryai.forecasting.testing.learning import RecordedTraining  # noqa: E402 - see above
from inventoryai.forecasting.testing.random_panels import panels, random_panel  # noqa: E402 - see above

__all__ = [
    "LEVELS",
    "SPECIAL",
    "EngineContract",
    "RecordedTraining",
    "assert_identical",
    "assert_same",
    "check_totals",
    "frozen",
    "ordinary_panel",
    "panels",
    "random_panel",
    "special_history",
]
