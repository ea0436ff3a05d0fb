"""The job of an import: parse the file in a process of its own, then land it in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from inventoryai.domain.companies import Company
from inventoryai.domain.files import NO_DAY, ParsedSales, ParsedStock
from inventoryai.domain.imports import (
    ImportCounts,
    ImportCovered,
    ImportId,
    ImportKind,
    ImportRejected,
    NewImport,
    OnDuplicate,
    OnUnknownSku,
)
from inventoryai.domain.jobs import Lease
from inventoryai.domain.money import exponent
from inventoryai.domain.periods import as_date, as_day
from inventoryai.domain.products import Product, ProductId
from inventoryai.domain.sales import THOUSANDTHS, DailyTotals, daily_totals
from inventoryai.domain.stock import CountedStock
from inventoryai.domain.unknown_skus import reject_unknown
from inventoryai.ports.clock import Clock
from inventoryai.ports.files import FileStore
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.processes import Processes
from inventoryai.ports.spreadsheets import ReadOptions, SpreadsheetReader
from inventoryai.ports.storage import InCompany, UnitOfWork, Work

Parsed = ParsedSales | ParsedStock
File = TypeVar("File", ParsedSales, ParsedStock)
_AT_ONCE: Final = 10_000
"""Counts booked by one statement: few enough for it to be over soon."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading one file may cost: seconds, and bytes of memory."""

    deadline: float = 600.0
    memory: int = 2 << 30


@dataclass(slots=True)
class Stopwatch:
    """How long each stage of an import took, in seconds."""

    clock: Clock
    stages: dict[str, float] = field(default_factory=dict)
    started: datetime | None = None

    def lap(self, stage: str | None = None) -> None:
        """Ends a stage, and begins the next."""
        now = self.clock.now()
        if stage is not None and self.started is not None:
            self.stages[stage] = round((now - self.started).total_seconds(), 3)
        self.started = now


@dataclass(frozen=True, slots=True)
class RunImport:
    """Reads the file of an import and lands what it says, or fails with what is wrong with it.

    The file is parsed outside the event loop, within a deadline and a memory limit. Then everything
    lands at once: products, sales or counts, line errors, counts of lines, and the end of the job.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    files: FileStore
    processes: Processes
    reader: SpreadsheetReader
    limits: ReadingLimits = ReadingLimits()

    async def __call__(self, lease: Lease) -> None:
        """Raises the ``Problem`` of a file that cannot be taken."""
        import_id = ImportId(UUID(lease.payload["import_id"]))
        async with self.begin(InCompany.of(lease)) as work:
            new = await work.imports.details(import_id)
            company = await work.companies.get()
        watch = Stopwatch(self.clock)
        watch.lap()
        parsed = await self._parse(new, company)
        watch.lap("parse")
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.advance(lease, 0, parsed.rows)
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            landing = Landing(work, self.identifiers, self.clock.now(), company, new)
            if isinstance(parsed, ParsedSales):
                parsed, created = await landing.sales(parsed)
            else:
                parsed, created = await landing.stock(parsed)
            watch.lap("land")
            await work.imports.record(import_id, counted(parsed, created, watch.stages), parsed.problems)
            await work.jobs.advance(lease, parsed.rows, parsed.rows)
            await work.jobs.succeed(lease)

    async def _parse(self, new: NewImport, company: Company) -> Parsed:
        today = self.clock.now().astimezone(ZoneInfo(company.time_zone)).date()
        options = ReadOptions(
            mapping=new.options.mapping,
            date_order=new.options.date_order,
            currency_exponent=exponent(company.currency),
            time_zone=company.time_zone,
            latest_day=as_day(today),
        )
        read = self.reader.read_sales if new.kind is ImportKind.SALES else self.reader.read_stock
        path = self.files.path(new.file.stored_as)
        return await self.processes.run(
            read, path, options, deadline=self.limits.deadline, memory=self.limits.memory
        )


@dataclass(frozen=True, slots=True)
class Landing:
    """What a file says, on its way into the company's books."""

    work: Work
    identifiers: Identifiers
    now: datetime
    company: Company
    new: NewImport

    async def sales(self, parsed: ParsedSales) -> tuple[ParsedSales, int]:
        """Lands sales; what was taken in the end, and how many products were made for it."""
        parsed, known = await self._wanted(parsed)
        skus = parsed.columns.skus
        totals = daily_totals(parsed.columns)
        missing = [
            self._product(sku, parsed.names[index], parsed.categories[index])
            for index, sku in enumerate(skus)
            if sku not in known
        ]
        if self.new.options.dry_run:
            # Ids that nobody has, so that nothing of these products is covered.
            made_up = {product.sku: product.id for product in missing}
            await self._refuse_covered(totals, await self._ids(skus, {**known, **made_up}))
            return parsed, len(missing)
        created = await self.work.products.add_missing(missing)
        products = await self._ids(skus, known)
        await self._refuse_covered(totals, products)
        await self.work.sales.land(self.new.id, totals, products, self.new.options.on_duplicate)
        return parsed, created

    async def stock(self, parsed: ParsedStock) -> tuple[ParsedStock, int]:
        """Lands counts, one a product and day; what was taken in the end, and how many products were made."""
        parsed, known = await self._wanted(parsed)
        skus = parsed.columns.skus
        missing = [self._product(sku, None, None) for sku in skus if sku not in known]
        if self.new.options.dry_run:
            return parsed, len(missing)
        created = await self.work.products.add_missing(missing)
        products = await self._ids(skus, known)
        daily = parsed.columns.daily()
        rows = zip(daily.sku.tolist(), daily.on_hand.tolist(), daily.day.tolist(), strict=True)
        counts = [
            CountedStock(products[sku], Decimal(on_hand) / THOUSANDTHS, self._counted_at(day))
            for sku, on_hand, day in rows
        ]
        for start in range(0, len(counts), _AT_ONCE):
            await self.work.stock.count(counts[start : start + _AT_ONCE], self.new.id)
        return parsed, created

    async def _wanted(self, parsed: File) -> tuple[File, Mapping[str, ProductId]]:
        """The lines that the sender wants landed, and those of their products that exist.

        Raises:
            ImportRejected: All or nothing was asked for, and it is not all.
        """
        skus = parsed.columns.skus
        known = await self.work.products.ids_by_sku(skus)
        if self.new.options.on_unknown_sku is OnUnknownSku.REJECT:
            parsed = reject_unknown(parsed, np.array([sku not in known for sku in skus], dtype=bool))
        if self.new.options.all_or_nothing and parsed.rejected:
            raise ImportRejected(rejected=parsed.rejected)
        return parsed, known

    def _counted_at(self, day: int) -> datetime:
        """The end of the day that a file names, in the company's time zone, or now."""
        if day == NO_DAY:
            return self.now
        end = datetime.combine(as_date(day), time.max, ZoneInfo(self.company.time_zone))
        return min(end.astimezone(UTC), self.now)

    def _product(self, sku: str, name: str | None, category: str | None) -> Product:
        return Product(ProductId(self.identifiers.new()), sku, name or sku, self.now, category)

    async def _ids(self, skus: Sequence[str], known: Mapping[str, ProductId]) -> list[ProductId]:
        if any(sku not in known for sku in skus):
            known = await self.work.products.ids_by_sku(skus)
        return [known[sku] for sku in skus]

    async def _refuse_covered(self, totals: DailyTotals, products: Sequence[ProductId]) -> None:
        if self.new.options.on_duplicate is not OnDuplicate.REJECT:
            return
        covered = await self.work.sales.covered(totals, products, self.new.id)
        if covered.pairs:
            raise ImportCovered(pairs=covered.pairs, first_day=str(covered.first_day))


def counted(parsed: Parsed, created: int, stages: Mapping[str, float]) -> ImportCounts:
    """What became of a file's lines, in numbers that add up."""
    ignored = parsed.ignored if isinstance(parsed, ParsedSales) else {}
    days = (parsed.first_day, parsed.last_day) if isinstance(parsed, ParsedSales) else (None, None)
    return ImportCounts(
        rows=parsed.rows,
        accepted=parsed.accepted,
        rejected=parsed.rejected,
        ignored=sum(ignored.values()),
        ignored_by_code=dict(ignored),
        products_created=created,
        first_day=days[0],
        last_day=days[1],
        dialect=dialect_of(parsed),
        stages=dict(stages),
    )


def dialect_of(parsed: Parsed) -> dict[str, Any]:
    """How the file turned out to be written, as plain values."""
    dialect = parsed.dialect
    return {
        "encoding": dialect.encoding,
        "compressed": dialect.compressed,
        "delimiter": dialect.delimiter,
        "decimal": dialect.decimal,
        "thousands": dialect.thousands,
        "date_order": dialect.date_order,
        "columns": dict(dialect.columns),
    }
