"""On what terms each product is bought and kept: its own, or where it has none, the company's defaults."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.errors import Invalid
from inventoryai.domain.planning import PlanningDefaults, checked_service_level
from inventoryai.domain.quantities import thousandths_of


class ServiceLevelUnsupported(Invalid):
    """The forecast says nothing about so high or so low a level."""

    code = "plan.service_level_unsupported"
    en = (
        "The service level {service_level} is outside the quantile levels of the forecast,"
        " which go from {lowest} to {highest}."
    )
    fr = (
        "Le niveau de service {service_level} est en dehors des niveaux de quantiles de la prévision,"
        " qui vont de {lowest} à {highest}."
    )


class BoughtOnTerms(Protocol):
    """Whatever has terms of its own, None where it has none: a product of the catalogue, a line of a file."""

    @property
    def lead_time_days(self) -> Decimal | None:
        """Mean days from an order to its goods."""

    @property
    def lead_time_sd(self) -> Decimal | None:
        """Standard deviation of those days."""

    @property
    def moq(self) -> Decimal | None:
        """Smallest quantity that can be ordered."""

    @property
    def pack_size(self) -> Decimal | None:
        """What is ordered is a whole number of these."""

    @property
    def service_level(self) -> Decimal | None:
        """Chance, per order cycle, of not running out."""

    @property
    def cost(self) -> Decimal | None:
        """What one unit costs to buy."""


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """The terms of a product that is in no catalogue: all default, unless given."""

    lead_time_days: Decimal | None = None
    lead_time_sd: Decimal | None = None
    moq: Decimal | None = None
    pack_size: Decimal | None = None
    service_level: Decimal | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SupplyTerms:
    """The terms of n products, column by column.

    Attributes:
        lead_time_days: float64[n], mean days from an order to its goods, at least 0.
        lead_time_sd: float64[n], their standard deviation; 0 where the lead time is certain.
        moq: int64[n], thousandths of a unit.
        pack_size: int64[n], thousandths of a unit, above 0.
        service_level: float64[n], within 0 and 1.
        unit_cost: n prices paid, None where not known.
        defaulted: For each product, the names of the terms that the company's defaults stand in for.
    """

    lead_time_days: NDArray[np.float64]
    lead_time_sd: NDArray[np.float64]
    moq: NDArray[np.int64]
    pack_size: NDArray[np.int64]
    service_level: NDArray[np.float64]
    unit_cost: tuple[Decimal | None, ...]
    defaulted: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.unit_cost)

    @classmethod
    def of(cls, products: Sequence[BoughtOnTerms], defaults: PlanningDefaults) -> Self:
        """The terms of each product, the company's where it has none.

        Raises:
            ServiceLevelInvalid: A product's own level is not between 0 and 1.
        """
        levels = [_own(product.service_level, defaults.service_level) for product in products]
        return cls(
            lead_time_days=_floats([_own(one.lead_time_days, defaults.lead_time_days) for one in products]),
            lead_time_sd=_floats([_own(one.lead_time_sd, Decimal(0)) for one in products]),
            moq=thousandths_of(_own(one.moq, defaults.moq) for one in products),
            pack_size=thousandths_of(_own(one.pack_size, defaults.pack_size) for one in products),
            service_level=_floats([checked_service_level(level) for level in levels]),
            unit_cost=tuple(one.cost for one in products),
            defaulted=tuple(_defaulted(one) for one in products),
        )

    def check_levels(self, levels: NDArray[np.float64]) -> None:
        """Every service level lies within the levels that the forecast stored.

        Raises:
            ServiceLevelUnsupported: One does not.
        """
        outside = (self.service_level < levels[0]) | (self.service_level > levels[-1])
        if outside.any():
            raise ServiceLevelUnsupported(
                service_level=float(self.service_level[outside][0]),
                lowest=float(levels[0]),
                highest=float(levels[-1]),
            )

    def lead_days(self) -> NDArray[np.int64]:
        """int64[n]: the whole days that an order is reckoned to take: the mean, rounded up."""
        return np.ceil(self.lead_time_days).astype(np.int64)


def _own(value: Decimal | None, default: Decimal) -> Decimal:
    return default if value is None else value


def _floats(values: Sequence[Decimal]) -> NDArray[np.float64]:
    return np.array([float(value) for value in values], dtype=np.float64)


def _defaulted(product: BoughtOnTerms) -> tuple[str, ...]:
    names = ("lead_time_days", "moq", "pack_size", "service_level")
    return tuple(name for name in names if getattr(product, name) is None)
