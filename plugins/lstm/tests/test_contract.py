"""The engine keeps the contract."""

import pytest

from inventoryai.forecasting.testing import EngineContract

pytest.importorskip("torch", reason="torch is not installed: see the README of the plugin")

from inventoryai_lstm import inventoryai_engines

(SPEC,) = inventoryai_engines()


class TestLstm(EngineContract):
    spec = SPEC
