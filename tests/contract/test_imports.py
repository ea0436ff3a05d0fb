import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import asyncpg
import numpy as np
import pytest
from bookkeeping import NO_PROBLEMS, Books, totals
from people import NOON

from inventoryai.domain.files import LineProblems
from inventoryai.domain.imports import (
    Import,
    ImportCounts,
    ImportId,
    ImportKind,
    ImportLineError,
    ImportNotFound,
    OnDuplicate,
    OnUnknownSku,
)
from inventoryai.domain.jobs import JobError, JobId, JobState
from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai.domain.stock import CountedStock
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

COUNTS = ImportCounts(
    rows=10,
    accepted=6,
    rejected=3,
    ignored=1,
    ignored_by_code={"line.free_item": 1},
    products_created=2,
    first_day=date(2024, 1, 1),
    last_day=date(2024, 2, 3),
    dialect={"encoding": "utf-8", "columns": {"sku": "Réf\x00érence"}},
    stages={"parse": 0.25, "land": 1.5},
)


@pytest.fixture
async def books(begin: PostgresUnitOfWork) -> Books:
    return await Books.open(begin, "A", "B")


async def get(books: Books, import_id: ImportId) -> Import:
    async with books.begin(books.scope) as work:
        return await work.imports.get(import_id)


async def find_live(books: Books, sha256: bytes, kind: ImportKind = ImportKind.SALES) -> ImportId | None:
    async with books.begin(books.scope) as work:
        live = await work.imports.find_live(kind, sha256)
    return None if live is None else live.id


async def fail(books: Books, job_id: JobId) -> None:
    lease = await books.claim(job_id)
    async with books.begin(books.scope) as work:
        await work.jobs.fail(lease, JobError("file.empty"))


async def record(books: Books, import_id: ImportId, problems: LineProblems = NO_PROBLEMS) -> None:
    async with books.begin(books.scope) as work:
        await work.imports.record(import_id, COUNTS, problems)


def problems(lines: list[int]) -> LineProblems:
    count = len(lines)
    return LineProblems(
        np.array(lines, dtype=np.int64),
        ("line.date_invalid",) * count,
        ("Date\ud800",) * count,
        ("31/02/2024\x00",) * count,
        {"line.date_invalid": count},
    )


async def test_an_import_begins_with_its_job_and_no_counts(books: Books) -> None:
    new = books.new_import()
    job_id = await books.add(new)
    imported = await get(books, new.id)
    assert imported.counts == ImportCounts()
    assert imported.job.id == job_id
    assert imported.job.state is JobState.QUEUED
    assert (imported.kind, imported.filename, imported.size) == (ImportKind.SALES, "ventes.csv", 12)


async def test_what_the_sender_said_is_kept(books: Books) -> None:
    new = books.new_import(
        mapping={"date": "Vendu le"},
        date_order="day_first",
        on_duplicate=OnDuplicate.SUM,
        on_unknown_sku=OnUnknownSku.REJECT,
        all_or_nothing=True,
    )
    await books.add(new)
    async with books.begin(books.scope) as work:
        assert await work.imports.details(new.id) == new


async def test_S29_an_odd_file_name_is_data(books: Books) -> None:
    new = books.new_import()
    odd = replace(new, file=replace(new.file, filename="../é\x00\ud800'; drop table imports"))
    await books.add(odd)
    assert (await get(books, new.id)).filename == "../é\N{REPLACEMENT CHARACTER}?'; drop table imports"


async def test_the_same_bytes_of_one_kind_are_one_import(books: Books) -> None:
    first = books.new_import()
    await books.add(first)
    assert await books.add(books.new_import(first.file.sha256)) is None
    assert await find_live(books, first.file.sha256) == first.id
    assert await find_live(books, first.file.sha256, ImportKind.STOCK) is None
    assert await books.add(replace(books.new_import(first.file.sha256), kind=ImportKind.STOCK))


async def test_the_same_bytes_may_come_to_two_companies(books: Books) -> None:
    first, other = books.new_import(), await Books.open(books.begin)
    await books.add(first)
    assert await other.add(other.new_import(first.file.sha256))


async def test_R10_of_many_uploads_at_once_one_is_kept(books: Books) -> None:
    sha256 = uuid4().bytes * 2
    added = await asyncio.gather(*(books.add(books.new_import(sha256)) for _ in range(6)))
    assert sum(job is not None for job in added) == 1


async def test_a_failed_import_makes_room_for_the_same_bytes(books: Books) -> None:
    first, again = books.new_import(), None
    job_id = await books.add(first)
    assert job_id is not None
    await fail(books, job_id)
    assert await find_live(books, first.file.sha256) is None
    again = books.new_import(first.file.sha256)
    assert await books.add(again)
    assert await find_live(books, first.file.sha256) == again.id
    assert (await get(books, first.id)).job.state is JobState.FAILED


async def test_R10_of_many_uploads_after_a_failed_one_one_is_kept(books: Books) -> None:
    first = books.new_import()
    job_id = await books.add(first)
    assert job_id is not None
    await fail(books, job_id)
    sha256 = first.file.sha256
    added = await asyncio.gather(*(books.add(books.new_import(sha256)) for _ in range(6)))
    assert sum(job is not None for job in added) == 1


async def test_a_cancelled_import_makes_room_for_the_same_bytes(books: Books) -> None:
    first = books.new_import()
    job_id = await books.add(first)
    assert job_id is not None
    async with books.begin(books.scope) as work:
        await work.jobs.request_cancel(job_id)
    assert await books.add(books.new_import(first.file.sha256))


async def test_a_dry_run_is_in_nobodys_way(books: Books) -> None:
    dry = books.new_import(dry_run=True)
    await books.add(dry)
    assert await find_live(books, dry.file.sha256) is None
    assert await books.add(books.new_import(dry.file.sha256, dry_run=True))
    assert await books.add(books.new_import(dry.file.sha256))


async def test_imports_are_listed_newest_first(books: Books) -> None:
    news = [books.new_import() for _ in range(4)]
    for new in news:
        await books.add(new)
    await books.delete(news[1].id)
    async with books.begin(books.scope) as work:
        first = await work.imports.list(PageRequest(limit=1))
        rest = await work.imports.list(PageRequest(limit=1, after=str(first[0].id)))
    assert [one.id for one in first] == [news[3].id, news[2].id]
    assert [one.id for one in rest] == [news[2].id, news[0].id]


@pytest.mark.parametrize("after", ["", "1", "{00000000-0000-0000-0000-000000000000}", "\x00"])
async def test_a_cursor_of_no_list_is_refused(books: Books, after: str) -> None:
    async with books.begin(books.scope) as work:
        with pytest.raises(CursorInvalid):
            await work.imports.list(PageRequest(after=after))
        with pytest.raises(CursorInvalid):
            await work.imports.errors(ImportId(uuid4()), PageRequest(after=f"x{after}"))


async def test_what_became_of_the_lines_is_kept(books: Books) -> None:
    new = books.new_import()
    await books.add(new)
    await record(books, new.id)
    dialect = {"encoding": "utf-8", "columns": {"sku": "Réf\N{REPLACEMENT CHARACTER}érence"}}
    assert (await get(books, new.id)).counts == replace(COUNTS, dialect=dialect)


async def test_counts_that_do_not_add_up_are_a_bug(books: Books) -> None:
    new = books.new_import()
    await books.add(new)
    with pytest.raises(asyncpg.CheckViolationError):
        async with books.begin(books.scope) as work:
            await work.imports.record(new.id, replace(COUNTS, rows=11), NO_PROBLEMS)


async def test_faulty_lines_come_in_the_order_of_the_file(books: Books) -> None:
    new = books.new_import()
    await books.add(new)
    await record(books, new.id, problems([2, 2, 2**40]))
    async with books.begin(books.scope) as work:
        first = await work.imports.errors(new.id, PageRequest(limit=1))
        rest = await work.imports.errors(new.id, PageRequest(limit=5, after=str(first[0].number)))
        beyond = await work.imports.errors(new.id, PageRequest(after=str(10**17)))
    value = "31/02/2024\N{REPLACEMENT CHARACTER}"
    lines = [
        ImportLineError(number, line, "Date?", value, "line.date_invalid")
        for number, line in enumerate([2, 2, 2**40], start=1)
    ]
    assert list(first) == lines[:2]
    assert list(rest) == lines[1:]
    assert list(beyond) == []


async def test_a_second_attempt_replaces_what_the_first_recorded(books: Books) -> None:
    new = books.new_import()
    await books.add(new)
    await record(books, new.id, problems([2, 3, 4]))
    await record(books, new.id, problems([9]))
    async with books.begin(books.scope) as work:
        errors = await work.imports.errors(new.id, PageRequest())
    assert [(error.number, error.line) for error in errors] == [(1, 9)]


async def test_a_deleted_import_is_gone_with_everything_it_brought(books: Books) -> None:
    import_id = await books.import_sales({("A", 19_800): (1, 0)})
    count = CountedStock(books.products["A"], Decimal(3), NOON)
    async with books.begin(books.scope) as work:
        await work.imports.record(import_id, COUNTS, problems([2]))
        await work.stock.count([replace(count, on_hand=Decimal(9))])
        await work.stock.count([count], import_id)
        details = await work.imports.details(import_id)
    async with books.begin(books.scope) as work:
        assert await work.imports.delete(import_id) == details.file.stored_as
        assert [one.on_hand for one in await work.stock.positions(ids=[count.product_id])] == [9]
        assert list(await work.imports.errors(import_id, PageRequest())) == []
        assert await work.imports.find_live(ImportKind.SALES, details.file.sha256) is None
        with pytest.raises(ImportNotFound):
            await work.imports.get(import_id)
        with pytest.raises(ImportNotFound):
            await work.imports.details(import_id)
        with pytest.raises(ImportNotFound):
            await work.imports.delete(import_id)
        with pytest.raises(ImportNotFound):
            await work.imports.record(import_id, COUNTS, NO_PROBLEMS)
    assert await books.demand("A") == {}
    assert await books.add(books.new_import(details.file.sha256))


async def test_S18_an_import_of_another_company_is_not_there(books: Books) -> None:
    new, other = books.new_import(), await Books.open(books.begin)
    await books.add(new)
    async with books.begin(other.scope) as work:
        for ask in (work.imports.get, work.imports.details, work.imports.delete):
            with pytest.raises(ImportNotFound):
                await ask(new.id)
        assert list(await work.imports.list(PageRequest())) == []
        assert await work.imports.find_live(ImportKind.SALES, new.file.sha256) is None


async def test_S20_a_count_for_another_companys_import_is_refused_by_the_database(books: Books) -> None:
    new, other = books.new_import(), await Books.open(books.begin, "A")
    await books.add(new)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="stock_movements_import_fkey"):
        async with books.begin(other.scope) as work:
            await work.stock.count([CountedStock(other.products["A"], Decimal(1), NOON)], new.id)


async def test_a_landing_that_was_rolled_back_left_nothing(books: Books) -> None:
    new, columns = books.new_import(), totals({("A", 19_800): (1, 0)})
    await books.add(new)

    async def crash_while_landing() -> None:
        async with books.begin(books.scope) as work:
            await work.sales.land(new.id, columns, books.ids("A"), OnDuplicate.REPLACE)
            await work.imports.record(new.id, COUNTS, problems([2]))
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await crash_while_landing()
    assert await books.demand("A") == {}
    assert (await get(books, new.id)).counts == ImportCounts()
