"""The engines of this plugin keep the contract."""

from inventoryai.forecasting.testing import EngineContract
from inventoryai_intermittent import inventoryai_engines

SPECS = {spec.name: spec for spec in inventoryai_engines()}


class TestCroston(EngineContract):
    spec = SPECS["croston"]


class TestSba(EngineContract):
    spec = SPECS["sba"]


class TestTsb(EngineContract):
    spec = SPECS["tsb"]


class TestAdida(EngineContract):
    spec = SPECS["adida"]


class TestImapa(EngineContract):
    spec = SPECS["imapa"]


class TestNegbin(EngineContract):
    spec = SPECS["negbin"]
