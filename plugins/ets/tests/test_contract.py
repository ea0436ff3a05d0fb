"""The engine keeps the contract."""

from inventoryai.forecasting.testing import EngineContract
from inventoryai_ets import inventoryai_engines

SPECS = {spec.name: spec for spec in inventoryai_engines()}


class TestEts(EngineContract):
    spec = SPECS["ets"]
