"""Engines on the wire."""

from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import Struct

from inventoryai.domain import engines


class Engine(Struct, frozen=True):
    """An engine that a running worker has. ``options`` is the JSON schema of what it takes."""

    name: str
    title: str
    description: str
    minimum_history: int
    options: Mapping[str, Any]
    trainable: bool
    automatic: bool
    covariates: tuple[str, ...]
    plugin: str
    distribution: str
    version: str

    @classmethod
    def of(cls, engine: engines.EngineInfo) -> "Engine":
        """As it is sent."""
        return cls(**{name: getattr(engine, name) for name in cls.__struct_fields__})


class RejectedPlugin(Struct, frozen=True):
    """A plugin that is installed and not used, and why."""

    plugin: str
    distribution: str
    reason: str

    @classmethod
    def of(cls, rejected: engines.RejectedPlugin) -> "RejectedPlugin":
        """As it is sent."""
        return cls(rejected.plugin, rejected.distribution, rejected.reason)


class Engines(Struct, frozen=True):
    """What the running workers can forecast with; empty while none runs."""

    items: list[Engine]
    rejected: list[RejectedPlugin]
    next_cursor: str | None = None

    example: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "name": "seasonal_naive",
                "title": "Seasonal naive",
                "description": "The same day of the last season.",
                "minimum_history": 7,
                "options": {"type": "object", "properties": {}},
                "trainable": False,
                "automatic": True,
                "covariates": [],
                "plugin": "naive",
                "distribution": "inventoryai-naive",
                "version": "0.1.0",
            }
        ],
        "rejected": [
            {"plugin": "crystal_ball", "distribution": "crystal-ball", "reason": "ImportError: no module"}
        ],
        "next_cursor": None,
    }

    @classmethod
    def of(cls, catalogue: engines.EngineCatalogue) -> "Engines":
        """As they are sent."""
        return cls(
            [Engine.of(one) for one in catalogue.engines],
            [RejectedPlugin.of(one) for one in catalogue.rejected],
        )
