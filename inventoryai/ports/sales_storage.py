"""Imports and sales, as they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.files import LineProblems
from inventoryai.domain.imports import (
    Import,
    ImportCounts,
    ImportId,
    ImportKind,
    ImportLineError,
    NewImport,
    OnDuplicate,
)
from inventoryai.domain.jobs import JobId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai.domain.sales import DailyTotals


@dataclass(frozen=True, slots=True)
class DemandHistory:
    """Demand of products by day, each (product, day) once, sorted by product then day.

    Attributes:
        product: int32[m], index into the ids that were asked for.
        day: int32[m], days since 1970-01-01.
        quantity: float64[m], units: max(0, sold - returned).
    """

    product: NDArray[np.int32]
    day: NDArray[np.int32]
    quantity: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Covered:
    """(product, day) pairs that earlier live imports cover, and the first such day."""

    pairs: int
    first_day: date | None


class Imports(Protocol):
    """Imports of the scope's company."""

    async def add(self, new: NewImport, job_id: JobId) -> bool:
        """Keeps a new import; False when the same bytes of the same kind are live here already."""
        ...

    async def find_live(self, kind: ImportKind, sha256: bytes) -> Import | None:
        """The live import of these bytes: one that is not deleted, did not fail, and was no dry run."""
        ...

    async def get(self, import_id: ImportId) -> Import:
        """An import that is not deleted.

        Raises:
            ImportNotFound: There is none.
        """
        ...

    async def details(self, import_id: ImportId) -> NewImport:
        """What the sender said of it; raises as ``get`` does."""
        ...

    async def list(self, page: PageRequest) -> Sequence[Import]:
        """Imports, newest first (``page.after`` is an id as text); up to ``limit + 1``."""
        ...

    async def record(self, import_id: ImportId, counts: ImportCounts, problems: LineProblems) -> None:
        """Keeps what became of the lines, replacing what an earlier attempt kept; errors by COPY."""
        ...

    async def errors(self, import_id: ImportId, page: PageRequest) -> Sequence[ImportLineError]:
        """Lines not taken, in the file's order (``page.after`` is a number); up to ``limit + 1``."""
        ...

    async def delete(self, import_id: ImportId) -> str:
        """Undoes an import: its sales and stock counts go, and what it superseded is back.

        Returns:
            The name under which its file is stored.
        """
        ...


class Sales(Protocol):
    """Sales by product, day and import of the scope's company; the latest import of a pair is what counts."""

    async def covered(
        self, totals: DailyTotals, products: Sequence[ProductId], import_id: ImportId
    ) -> Covered:
        """Which of these pairs other live imports cover."""
        ...

    async def land(
        self,
        import_id: ImportId,
        totals: DailyTotals,
        products: Sequence[ProductId],
        on_duplicate: OnDuplicate,
    ) -> None:
        """Keeps a file's totals: COPY to staging, one sorted insert.

        ``products[i]`` is the product of ``totals.skus[i]``.
        """
        ...

    async def history(self, products: Sequence[ProductId], until: int) -> DemandHistory:
        """Demand before the day ``until`` (days since 1970-01-01), of live imports."""
        ...

    async def oldest(
        self, categories: Sequence[str], before: int, most: int
    ) -> Mapping[str, Sequence[ProductId]]:
        """The products of each category that have sold for longest, up to ``most``, the oldest first.

        Args:
            categories: Their names. One that has no such product is not in the answer.
            before: Only products whose first line lies before this day, in days since 1970-01-01.
            most: Of each category. Archived products do not count.
        """
        ...

    async def first_day(self) -> int | None:
        """The first day with any line of a live import of the company, in days since 1970-01-01."""
        ...

    async def last_day(self) -> int | None:
        """The last day with any live sales line of the company, in days since 1970-01-01."""
        ...
