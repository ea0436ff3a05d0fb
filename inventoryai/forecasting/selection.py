"""The automatic plan: which engine forecasts which products."""

from typing import Final

from inventoryai.domain.engines import EngineCatalogue, EngineInfo

PREFERENCE: Final = ("empirical", "seasonal_naive", "mean")
"""Which engines the plan would ask, best first, as long as nothing compares them on the data."""


def first_choice(catalogue: EngineCatalogue) -> EngineInfo | None:
    """The engine that the plan prefers among those there are; None where it knows none of them."""
    engines = {engine.name: engine for engine in catalogue.engines}
    return next((engines[name] for name in PREFERENCE if name in engines), None)
