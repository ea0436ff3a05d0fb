"""The job of an import, from the file's bytes to the company's books, on a real database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from people import Founded, found, some_product

from inventoryai.domain.imports import (
    Import,
    ImportCovered,
    ImportId,
    ImportKind,
    ImportOptions,
    ImportRejected,
    NewImport,
    OnDuplicate,
    OnUnknownSku,
)
from inventoryai.domain.jobs import JobId, JobKind, JobState, NewJob
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.periods import as_day
from inventoryai.domain.products import Product
from inventoryai.domain.stock import StockPosition
from inventoryai.ports.storage import Dispatching
from inventoryai.usecases.reading import RunImport
from inventoryai_files import FolderFileStore
from inventoryai_postgres import PostgresUnitOfWork
from inventoryai_processes import InlineProcesses
from inventoryai_server.system import SystemClock, Uuid7Identifiers
from inventoryai_spreadsheets import CsvReader

EPOCH = date(1970, 1, 1)
IDS = Uuid7Identifiers()


@dataclass(frozen=True, slots=True)
class Office:
    """A company to which files come, and a worker that reads them."""

    begin: PostgresUnitOfWork
    founded: Founded
    files: FolderFileStore

    async def accept(self, *lines: str, kind: ImportKind = ImportKind.SALES, **options: Any) -> ImportId:
        """An import of a file that has come in."""

        async def chunks() -> AsyncIterator[bytes]:
            yield "\n".join(lines).encode()

        file = await self.files.receive(chunks(), "ventes.csv")
        admin, now = self.founded.admin.id, datetime.now(UTC)
        new = NewImport(ImportId(IDS.new()), kind, file, replace(ImportOptions(), **options), admin, now)
        job = NewJob(JobId(IDS.new()), JobKind.IMPORT, admin, {"import_id": str(new.id)}, "rows")
        async with self.begin(self.founded.scope) as work:
            await work.jobs.add(job)
            assert await work.imports.add(new, job.id)
        return new.id

    async def read(self, import_id: ImportId) -> None:
        """Does the job of an import, once."""
        run = RunImport(self.begin, SystemClock(), IDS, self.files, InlineProcesses(), CsvReader())
        job_id = (await self.get(import_id)).job.id
        async with self.begin(Dispatching()) as work:
            lease = await work.dispatch.claim(job_id)
        assert lease is not None
        await run(lease)

    async def imported(self, *lines: str, **said: Any) -> Import:
        import_id = await self.accept(*lines, **said)
        await self.read(import_id)
        done = await self.get(import_id)
        counts = done.counts
        assert done.job.state is JobState.SUCCEEDED
        assert counts.rows == counts.accepted + counts.rejected + counts.ignored == done.job.done
        return done

    async def get(self, import_id: ImportId) -> Import:
        async with self.begin(self.founded.scope) as work:
            return await work.imports.get(import_id)

    async def errors(self, done: Import) -> list[tuple[int, str, str, str]]:
        async with self.begin(self.founded.scope) as work:
            found = await work.imports.errors(done.id, PageRequest(limit=50))
        return [(one.line, one.column, one.value, one.code) for one in found]

    async def products(self) -> dict[str, Product]:
        async with self.begin(self.founded.scope) as work:
            return {product.sku: product for product in await work.products.every()}

    async def add(self, *skus: str) -> None:
        async with self.begin(self.founded.scope) as work:
            await work.products.add_missing([some_product(sku) for sku in skus])

    async def demand(self) -> dict[tuple[str, str], float]:
        """Units by SKU and day."""
        products = await self.products()
        skus = list(products)
        async with self.begin(self.founded.scope) as work:
            history = await work.sales.history([one.id for one in products.values()], 100_000)
        rows = zip(history.product.tolist(), history.day.tolist(), history.quantity.tolist(), strict=True)
        return {(skus[one], str(EPOCH + timedelta(days=day))): quantity for one, day, quantity in rows}

    async def positions(self) -> dict[str, StockPosition]:
        async with self.begin(self.founded.scope) as work:
            return {one.sku: one for one in await work.stock.positions()}


@pytest.fixture
async def office(begin: PostgresUnitOfWork, tmp_path: Path) -> Office:
    return Office(begin, await found(begin), FolderFileStore(tmp_path, 1 << 20))


HEADER = "Date de vente;Code;Qté;Désignation;Catégorie"
MARCH = [HEADER, "01/03/2026;A;2;Savon;Hygiène", "13/03/2026;B;1,5;Riz;", "14/03/2026;A;1;Savon;"]


async def test_a_file_brings_its_products_and_its_sales(office: Office) -> None:
    done = await office.imported(*MARCH)
    assert (done.counts.rows, done.counts.accepted, done.counts.products_created) == (3, 3, 2)
    assert (done.counts.first_day, done.counts.last_day) == (date(2026, 3, 1), date(2026, 3, 14))
    assert done.counts.stages.keys() == {"parse", "land"}
    products = await office.products()
    assert (products["A"].name, products["A"].category) == ("Savon", "Hygiène")
    assert (products["B"].name, products["B"].category) == ("Riz", None)
    assert await office.demand() == {
        ("A", "2026-03-01"): 2.0,
        ("A", "2026-03-14"): 1.0,
        ("B", "2026-03-13"): 1.5,
    }


async def test_products_that_are_there_stay_as_they_are(office: Office) -> None:
    await office.add("A")
    before = await office.products()
    done = await office.imported(*MARCH)
    assert done.counts.products_created == 1
    assert (await office.products())["A"] == before["A"]


async def test_lines_of_unknown_products_are_rejected_where_that_is_asked(office: Office) -> None:
    await office.add("A")
    lines = [*MARCH, "31/02/2026;A;1;;", "15/03/2026;C;1;;", "16/03/2026;A;4;;"]
    done = await office.imported(*lines, on_unknown_sku=OnUnknownSku.REJECT)
    counts = done.counts
    assert (counts.rows, counts.accepted, counts.rejected, counts.products_created) == (6, 3, 3, 0)
    assert await office.errors(done) == [
        (3, "Code", "B", "line.sku_unknown"),
        (5, "Date de vente", "31/02/2026", "line.date_invalid"),
        (6, "Code", "C", "line.sku_unknown"),
    ]
    assert list(await office.products()) == ["A"]
    assert sum((await office.demand()).values()) == 7.0


async def test_a_file_of_unknown_products_alone_brings_nothing(office: Office) -> None:
    done = await office.imported(*MARCH, on_unknown_sku=OnUnknownSku.REJECT)
    assert (done.counts.rows, done.counts.rejected) == (3, 3)
    assert await office.products() == {}


@pytest.mark.parametrize(
    ("more", "options"),
    [("15/03/2026;A;abc;;", {}), ("15/03/2026;Z;1;;", {"on_unknown_sku": OnUnknownSku.REJECT})],
    ids=["a bad line", "an unknown product"],
)
async def test_all_or_nothing_is_nothing_when_one_line_is_bad(
    office: Office, more: str, options: dict[str, Any]
) -> None:
    await office.add("A", "B")
    import_id = await office.accept(*MARCH, more, all_or_nothing=True, **options)
    with pytest.raises(ImportRejected) as rejected:
        await office.read(import_id)
    assert rejected.value.data == {"rejected": 1}
    assert await office.demand() == {}
    assert list(await office.products()) == ["A", "B"]


async def test_all_or_nothing_is_all_when_every_line_is_good(office: Office) -> None:
    assert (await office.imported(*MARCH, all_or_nothing=True)).counts.accepted == 3


async def test_the_first_day_of_the_company_is_that_of_any_file_that_counts(office: Office) -> None:
    await office.imported(*MARCH)
    await office.imported(HEADER, "20/01/2026;A;2;;", dry_run=True)
    older = await office.imported(HEADER, "20/02/2026;A;2;;")
    async with office.begin(office.founded.scope) as work:
        assert await work.sales.first_day() == as_day(date(2026, 2, 20))
        await work.imports.delete(older.id)
        assert await work.sales.first_day() == as_day(date(2026, 3, 1))


async def test_a_dry_run_says_what_would_come_of_a_file_and_brings_nothing(office: Office) -> None:
    await office.add("A")
    tried = await office.imported(*MARCH, "15/03/2026;A;abc;;", dry_run=True)
    assert (tried.counts.accepted, tried.counts.rejected, tried.counts.products_created) == (3, 1, 1)
    assert await office.errors(tried) == [(5, "Qté", "abc", "line.quantity_not_a_number")]
    assert list(await office.products()) == ["A"]
    assert await office.demand() == {}
    real = await office.imported(*MARCH, "15/03/2026;A;abc;;")
    assert real.id != tried.id
    assert replace(real.counts, stages={}) == replace(tried.counts, stages={})


LATER = [HEADER, "14/03/2026;A;10;;", "15/03/2026;A;1;;", "14/03/2026;C;3;;"]


async def test_a_later_file_replaces_the_days_that_it_covers(office: Office) -> None:
    await office.imported(*MARCH)
    await office.imported(*LATER)
    demand = await office.demand()
    assert (demand["A", "2026-03-14"], demand["A", "2026-03-01"]) == (10.0, 2.0)


async def test_a_later_file_is_added_where_that_is_asked(office: Office) -> None:
    await office.imported(*MARCH)
    await office.imported(*LATER, on_duplicate=OnDuplicate.SUM)
    demand = await office.demand()
    assert (demand["A", "2026-03-14"], demand["A", "2026-03-15"]) == (11.0, 1.0)


@pytest.mark.parametrize("dry_run", [False, True])
async def test_a_later_file_is_refused_where_that_is_asked(office: Office, dry_run: bool) -> None:  # noqa: FBT001 - a parameter of the test
    await office.imported(*MARCH)
    before = await office.demand()
    import_id = await office.accept(*LATER, on_duplicate=OnDuplicate.REJECT, dry_run=dry_run)
    with pytest.raises(ImportCovered) as covered:
        await office.read(import_id)
    assert covered.value.data == {"pairs": 1, "first_day": "2026-03-14"}
    assert await office.demand() == before
    assert list(await office.products()) == ["A", "B"]


async def test_a_file_that_covers_other_days_is_not_refused(office: Office) -> None:
    await office.imported(*MARCH)
    lines = [HEADER, "15/03/2026;A;1;;", "14/03/2026;C;3;;"]
    done = await office.imported(*lines, on_duplicate=OnDuplicate.REJECT)
    assert done.counts.accepted == 2


STOCK = ["Code;Stock", "A;12", "B;3,5", "C;-1"]


async def test_a_stock_file_brings_its_products_and_their_counts(office: Office) -> None:
    await office.add("A")
    done = await office.imported(*STOCK, kind=ImportKind.STOCK)
    counts = done.counts
    assert (counts.rows, counts.accepted, counts.rejected, counts.products_created) == (3, 2, 1, 1)
    assert await office.errors(done) == [(4, "Stock", "-1", "line.on_hand_negative")]
    positions = await office.positions()
    assert {sku: one.on_hand for sku, one in positions.items()} == {"A": Decimal(12), "B": Decimal("3.5")}


async def test_the_latest_count_of_a_stock_file_stands_at_the_end_of_its_day(office: Office) -> None:
    lines = ["sku,on hand,date", "A,5,2026-03-02", "A,9,2026-03-03", "A,7,2026-03-01"]
    await office.imported(*lines, kind=ImportKind.STOCK)
    position = (await office.positions())["A"]
    assert position.on_hand == Decimal(9)
    # Douala is an hour ahead of UTC all year.
    assert position.counted_at == datetime(2026, 3, 3, 22, 59, 59, 999_999, tzinfo=UTC)


async def test_every_day_of_a_stock_file_is_kept_to_tell_when_there_was_none(office: Office) -> None:
    counts = ["A,5,2026-03-01", "A,0,2026-03-02", "A,3,2026-03-02", "A,0,2026-03-03", "B,0,"]
    await office.imported("sku,on hand,date", *counts, kind=ImportKind.STOCK)
    products = [one.product_id for one in (await office.positions()).values()]
    async with office.begin(office.founded.scope) as work:
        seen = await work.stock.sightings(products, ZoneInfo("Africa/Douala"))
    first = (date(2026, 3, 1) - EPOCH).days
    assert seen.product.tolist() == [0, 0, 0, 1]
    assert seen.day.tolist()[:3] == [first, first + 1, first + 2]
    assert seen.empty.tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("options", "rejected"),
    [({"on_unknown_sku": OnUnknownSku.REJECT}, 2), ({"dry_run": True}, 1)],
    ids=["unknown products rejected", "dry run"],
)
async def test_a_stock_file_heeds_what_its_sender_asked(
    office: Office, options: dict[str, Any], rejected: int
) -> None:
    await office.add("A")
    done = await office.imported(*STOCK, kind=ImportKind.STOCK, **options)
    assert done.counts.rejected == rejected
    expected = Decimal(0) if "dry_run" in options else Decimal(12)
    assert {sku: one.on_hand for sku, one in (await office.positions()).items()} == {"A": expected}


async def test_a_stock_file_with_a_bad_line_is_nothing_where_all_is_asked(office: Office) -> None:
    import_id = await office.accept(*STOCK, kind=ImportKind.STOCK, all_or_nothing=True)
    with pytest.raises(ImportRejected):
        await office.read(import_id)
    assert await office.positions() == {}
