"""The engine API: everything that a forecasting plugin needs, and all that it may import of ours."""

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.assembly import Calendar, as_of_day, assemble_panel, one_date_a_period
from inventoryai.forecasting.covariates import HOLIDAY, PROMOTION
from inventoryai.forecasting.discovery import Discovery, describe_engines, discover
from inventoryai.forecasting.engine import CONTRACT_VERSION, Engine, EngineSpec, TrainableEngine, Training
from inventoryai.forecasting.hookspecs import hookimpl
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

__all__ = [
    "CONTRACT_VERSION",
    "HOLIDAY",
    "PROMOTION",
    "Calendar",
    "Discovery",
    "Engine",
    "EngineSpec",
    "Frequency",
    "Panel",
    "Prediction",
    "TrainableEngine",
    "Training",
    "as_of_day",
    "assemble_panel",
    "describe_engines",
    "discover",
    "hookimpl",
    "one_date_a_period",
]
