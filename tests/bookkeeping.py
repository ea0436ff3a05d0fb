"""Imports, sales and forecasts for tests of what is kept of them."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from people import NOON, Founded, found, some_product

from inventoryai.domain.files import LineProblems
from inventoryai.domain.imports import (
    ImportId,
    ImportKind,
    ImportOptions,
    NewImport,
    OnDuplicate,
    ReceivedFile,
)
from inventoryai.domain.jobs import JobId, JobKind, Lease, NewJob
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai.domain.sales import THOUSANDTHS, DailyTotals
from inventoryai.ports.sales_storage import DemandHistory
from inventoryai.ports.storage import Dispatching, InCompany
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

NO_PROBLEMS = LineProblems(np.empty(0, dtype=np.int64), (), (), ())

Sold = Mapping[tuple[str, int], tuple[float, float]]
"""(SKU, day) to units sold and returned."""


_NUMBERS = itertools.count(1)


def rising_id() -> UUID:
    """An id above those before it, as real ones are."""
    return UUID(int=(next(_NUMBERS) << 96) | (uuid4().int & (2**96 - 1)))


def totals(sold: Sold, price: int = 100) -> DailyTotals:
    """Totals of a file in which each unit sold brings ``price`` minor units."""
    skus = tuple(dict.fromkeys(sku for sku, _ in sold))
    pairs = sorted(sold, key=lambda pair: (skus.index(pair[0]), pair[1]))
    out, back = (np.array([sold[pair][side] for pair in pairs], dtype=float) for side in (0, 1))
    return DailyTotals(
        skus=skus,
        sku=np.array([skus.index(sku) for sku, _ in pairs], dtype=np.int32),
        day=np.array([day for _, day in pairs], dtype=np.int32),
        sold=np.rint(out * THOUSANDTHS).astype(np.int64),
        returned=np.rint(back * THOUSANDTHS).astype(np.int64),
        revenue=np.rint(out * price).astype(np.int64),
    )


@dataclass(frozen=True, slots=True)
class Books:
    """A company with products, and what may be done to its imports and sales."""

    begin: PostgresUnitOfWork
    founded: Founded
    products: dict[str, ProductId]

    @classmethod
    async def open(cls, begin: PostgresUnitOfWork, *skus: str, **said: Any) -> "Books":
        founded = await found(begin, **said)
        products = [some_product(sku) for sku in skus]
        async with begin(founded.scope) as work:
            await work.products.add_missing(products)
        return cls(begin, founded, {product.sku: product.id for product in products})

    @property
    def scope(self) -> InCompany:
        return self.founded.scope

    def new_import(self, sha256: bytes | None = None, **options: Any) -> NewImport:
        return NewImport(
            ImportId(rising_id()),
            ImportKind.SALES,
            ReceivedFile(uuid4().hex, "ventes.csv", 12, sha256 or uuid4().bytes * 2),
            replace(ImportOptions(), **options),
            self.founded.admin.id,
            NOON,
        )

    def new_job(self, kind: JobKind = JobKind.IMPORT) -> NewJob:
        return NewJob(JobId(rising_id()), kind, self.founded.admin.id, {}, "rows")

    async def add(self, new: NewImport) -> JobId | None:
        """The job of a new import; None when the same bytes are there already."""
        job = self.new_job()
        async with self.begin(self.scope) as work:
            await work.jobs.add(job)
            return job.id if await work.imports.add(new, job.id) else None

    async def claim(self, job_id: JobId) -> Lease:
        async with self.begin(Dispatching()) as work:
            lease = await work.dispatch.claim(job_id)
        assert lease is not None
        return lease

    async def import_sales(self, sold: Sold, on_duplicate: OnDuplicate = OnDuplicate.REPLACE) -> ImportId:
        new = self.new_import(on_duplicate=on_duplicate)
        job_id = await self.add(new)
        assert job_id is not None
        lease = await self.claim(job_id)
        columns = totals(sold)
        async with self.begin(self.scope) as work:
            await work.jobs.hold(lease)
            await work.sales.land(new.id, columns, self.ids(columns.skus), on_duplicate)
            await work.jobs.succeed(lease)
        return new.id

    async def delete(self, import_id: ImportId) -> None:
        async with self.begin(self.scope) as work:
            await work.imports.delete(import_id)

    def ids(self, skus: Sequence[str]) -> list[ProductId]:
        return [self.products[sku] for sku in skus]

    async def imports(self) -> list[ImportId]:
        async with self.begin(self.scope) as work:
            return [one.id for one in await work.imports.list(PageRequest())]

    async def demand_columns(self, skus: Sequence[str], until: int = 100_000) -> DemandHistory:
        async with self.begin(self.scope) as work:
            return await work.sales.history(self.ids(skus), until)

    async def demand(self, *skus: str, until: int = 100_000) -> dict[tuple[str, int], float]:
        history = await self.demand_columns(skus, until)
        rows = zip(history.product.tolist(), history.day.tolist(), history.quantity.tolist(), strict=True)
        listed = [((skus[product], day), quantity) for product, day, quantity in rows]
        assert [(skus.index(sku), day) for (sku, day), _ in listed] == sorted(
            (skus.index(sku), day) for (sku, day), _ in listed
        )
        return dict(listed)
