"""Planners' overrides, as they are kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.overrides import Override, OverrideId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId


class Overrides(Protocol):
    """Overrides of the scope's company. The forecasts that they change stay stored as they were made."""

    async def add(self, override: Override) -> None:
        """Keeps a new override; ``sku`` and ``author`` are looked up whenever it is read.

        Raises ``ForecastNotFound`` if the run was deleted in the meantime.
        """
        ...

    async def get(self, override_id: OverrideId) -> Override:
        """An override, withdrawn ones too.

        Raises:
            OverrideNotFound: There is none in this company.
        """
        ...

    async def withdraw(self, override_id: OverrideId, now: datetime) -> None:
        """Notes that an override holds no more; raises ``OverrideNotFound`` also if it was noted before."""
        ...

    async def list(self, forecast_id: ForecastId, page: PageRequest) -> Sequence[Override]:
        """What was ever said about a run, the last first (``page.after`` is an id); up to ``limit + 1``.

        That is every override made on it, and those made on others that change one of its periods.
        """
        ...

    async def holding(
        self, first: date, until: date, now: datetime | None, products: Sequence[ProductId] | None = None
    ) -> Sequence[Override]:
        """Overrides that hold and change a day in this range, the oldest first.

        Args:
            first: The first day of the range.
            until: The first day after it.
            now: Those that have expired by now hold no more; None for all that were not withdrawn.
            products: Those of these products alone; None for all products.
        """
        ...
