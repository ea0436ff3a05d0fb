"""The conformance kit: what every engine promises, as tests that a plugin's author inherits.

Needs ``inventoryai[testing]``. In a test file of the plugin::

    class TestMine(EngineContract):
        spec = next(spec for spec in inventoryai_engines() if spec.name == "mine")

and run pytest. An engine with options of its own, or none announced yet, is given as a fixture::

    class TestMine(EngineContract):
        @pytest.fixture
        def engine(self):
            return Mine(smoothing=0.3)
"""

import pytest

# Before they are imported, so that a failing assert shows the author what was compared.
pytest.register_assert_rewrite(f"{__name__}.contract", f"{__name__}.comparing")

from inventoryai.forecasting.testing.comparing import (  # noqa: E402 - see above
    assert_same,
    check_totals,
    frozen,
)
from inventoryai.forecasting.testing.contract import LEVELS, EngineContract  # noqa: E402 - see above
from inventoryai.forecasting.testing.histories import (  # noqa: E402 - see above
    SPECIAL,
    ordinary_panel,
    panels,
    special_history,
)

__all__ = [
    "LEVELS",
    "SPECIAL",
    "EngineContract",
    "assert_same",
    "check_totals",
    "frozen",
    "ordinary_panel",
    "panels",
    "special_history",
]
