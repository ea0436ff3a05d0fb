"""The engine keeps the contract, with and without options."""

import pytest

from inventoryai.forecasting import Engine
from inventoryai.forecasting.testing import EngineContract
from inventoryai_ets import inventoryai_engines

SPECS = {spec.name: spec for spec in inventoryai_engines()}


class TestEts(EngineContract):
    spec = SPECS["ets"]


class TestOneForm(EngineContract):
    """A form that many of the kit's products cannot have."""

    scale_equivariant = True

    @pytest.fixture
    def engine(self) -> Engine:
        return SPECS["ets"].load({"model": "MAdM"})


class TestTheBestFormAlone(EngineContract):
    scale_equivariant = True

    @pytest.fixture
    def engine(self) -> Engine:
        return SPECS["ets"].load({"combine": 1})
