"""Planners' overrides on the wire."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from msgspec import Meta, Struct, field

from inventoryai.domain import overrides
from inventoryai.domain.products import ProductId

Moment = Annotated[datetime, Meta(tz=True)]
"""A moment that says its offset."""

_SAID = {"from": "2026-05-18", "to": "2026-05-27", "reason": "Tabaski"}
_EXAMPLE = {
    "id": "01935c83-7a10-7d20-9b00-5f1e2d3c4b5a",
    "forecast_id": "01935c80-11aa-7f01-8f10-3b2c1d0e9f00",
    "product_id": "01935c71-4f0e-7b32-b2a4-55e3b0f1c001",
    "sku": "RIZ-25",
    **_SAID,
    "mean": None,
    "factor": 1.3,
    "author_id": "01935c70-aa01-7c10-8e55-2b7d9f0c1a02",
    "author": "Ama Mensah",
    "created_at": "2026-03-01T09:12:00Z",
    "expires_at": "2026-05-28T00:00:00Z",
    "withdrawn_at": None,
    "holds": True,
}


class NewOverride(Struct, frozen=True, forbid_unknown_fields=True):
    """What is expected of one product from one day to another: ``mean`` a period, or ``factor`` times."""

    first: date = field(name="from")
    last: date = field(name="to")
    reason: str
    product_id: UUID | None = None
    sku: str | None = None
    mean: float | None = None
    factor: float | None = None
    expires_at: Moment | None = None

    example: ClassVar[dict[str, Any]] = {"sku": "RIZ-25", **_SAID, "factor": 1.3}

    def understood(self) -> overrides.NewOverride:
        """What it says, for the use case."""
        return overrides.NewOverride(
            first=self.first,
            last=self.last,
            reason=self.reason,
            product_id=None if self.product_id is None else ProductId(self.product_id),
            sku=self.sku,
            mean=self.mean,
            factor=self.factor,
            expires_at=self.expires_at,
        )


class Override(Struct, frozen=True):
    """An override; ``from`` and ``to`` are the first and the last day of the periods that it changes.

    It ``holds`` unless it has expired or was withdrawn. ``author`` is null once they have left.
    """

    id: UUID
    forecast_id: UUID | None
    product_id: UUID
    sku: str
    first: date = field(name="from")
    last: date = field(name="to")
    mean: float | None
    factor: float | None
    reason: str
    author_id: UUID
    author: str | None
    created_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    holds: bool

    example: ClassVar[dict[str, Any]] = _EXAMPLE

    @classmethod
    def of(cls, override: overrides.Override) -> "Override":
        """As it is sent."""
        alike = {name: getattr(override, name) for name in cls.__struct_fields__ if hasattr(override, name)}
        alike["holds"] = override.holds(datetime.now(UTC))
        return cls(**alike, first=override.starts_on, last=override.ends_on)
