from datetime import date
from decimal import Decimal
from uuid import uuid4

import asyncpg
import numpy as np
import pytest
from bookkeeping import Books, Sold, totals
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventoryai.domain.imports import ImportId, ImportNotFound, OnDuplicate
from inventoryai.domain.money import Currency
from inventoryai.domain.products import ProductId
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls

DAY = 19_800


@pytest.fixture
async def books(begin: PostgresUnitOfWork) -> Books:
    return await Books.open(begin, "A", "B", "C")


async def test_demand_is_what_was_sold_less_what_came_back_and_never_negative(books: Books) -> None:
    await books.import_sales({("A", DAY): (5, 2), ("A", DAY + 1): (1, 4), ("B", DAY): (0.125, 0)})
    assert await books.demand("B", "A") == {("B", DAY): 0.125, ("A", DAY): 3, ("A", DAY + 1): 0}


async def test_history_is_of_the_products_asked_and_ends_before_a_day(books: Books) -> None:
    await books.import_sales({(sku, DAY + day): (1, 0) for sku in "AB" for day in range(3)})
    assert await books.demand("B", until=DAY + 2) == {("B", DAY): 1, ("B", DAY + 1): 1}
    assert await books.demand("C") == {}
    assert await books.demand() == {}


async def test_days_before_1970_and_2000_are_days_too(books: Books) -> None:
    await books.import_sales({("A", -1): (1, 0), ("A", 0): (2, 0), ("A", 10_956): (3, 0)})
    assert await books.demand("A") == {("A", -1): 1, ("A", 0): 2, ("A", 10_956): 3}


async def test_money_and_quantities_are_kept_exactly(begin: PostgresUnitOfWork) -> None:
    books = await Books.open(begin, "A", currency=Currency("EUR"))
    await books.import_sales({("A", DAY): (1_234.567, 0.001)})
    async with begin(books.scope) as work:
        row = await work.session.fetchrow("select day, sold, returned, revenue from sales")
    assert row is not None
    assert tuple(row) == (date(2024, 3, 18), Decimal("1234.567"), Decimal("0.001"), Decimal("1234.57"))


async def test_a_later_import_counts_for_the_days_it_covers(books: Books) -> None:
    await books.import_sales({("A", DAY): (1, 0), ("A", DAY + 1): (2, 0), ("B", DAY): (3, 0)})
    await books.import_sales({("A", DAY + 1): (7, 0), ("A", DAY + 2): (8, 0)})
    assert await books.demand("A", "B") == {
        ("A", DAY): 1,
        ("A", DAY + 1): 7,
        ("A", DAY + 2): 8,
        ("B", DAY): 3,
    }


async def test_a_deleted_import_gives_back_what_it_superseded(books: Books) -> None:
    first = await books.import_sales({("A", DAY): (1, 0)})
    second = await books.import_sales({("A", DAY): (7, 0), ("B", DAY): (1, 0)})
    await books.delete(second)
    assert await books.demand("A", "B") == {("A", DAY): 1}
    await books.delete(first)
    assert await books.demand("A", "B") == {}


async def test_an_adding_import_adds_to_what_counts(books: Books) -> None:
    await books.import_sales({("A", DAY): (1, 0)}, OnDuplicate.SUM)
    await books.import_sales({("A", DAY): (10, 0)})
    adding = await books.import_sales({("A", DAY): (2, 5), ("B", DAY): (4, 0)}, OnDuplicate.SUM)
    await books.import_sales({("A", DAY): (1, 0)}, OnDuplicate.SUM)
    assert await books.demand("A", "B") == {("A", DAY): 8, ("B", DAY): 4}
    await books.delete(adding)
    assert await books.demand("A", "B") == {("A", DAY): 11}


Imported = list[tuple[dict[tuple[str, int], tuple[int, int]], bool, bool]]
IMPORTS = st.lists(
    st.tuples(
        st.dictionaries(
            st.tuples(st.sampled_from("ABC"), st.integers(DAY, DAY + 2)),
            st.tuples(st.integers(0, 9), st.integers(0, 3)),
            min_size=1,
            max_size=5,
        ),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)


def expected(imported: Imported) -> dict[tuple[str, int], float]:
    """Every pair of live imports, one after the other."""
    said: dict[tuple[str, int], tuple[int, int]] = {}
    for sold, adds, deleted in imported:
        for pair, (out, back) in {} if deleted else sold.items():
            before = said.get(pair, (0, 0)) if adds else (0, 0)
            said[pair] = (before[0] + out, before[1] + back)
    return {pair: max(0, out - back) for pair, (out, back) in said.items()}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imported=IMPORTS)
async def test_what_counts_is_what_live_imports_say_in_their_order(
    begin: PostgresUnitOfWork, imported: Imported
) -> None:
    books = await Books.open(begin, "A", "B", "C")
    ids = [
        await books.import_sales(sold, OnDuplicate.SUM if adds else OnDuplicate.REPLACE)
        for sold, adds, _ in imported
    ]
    for import_id, (_, _, deleted) in zip(ids, imported, strict=True):
        if deleted:
            await books.delete(import_id)
    assert await books.demand("A", "B", "C") == expected(imported)


async def test_the_last_day_is_that_of_any_live_line(books: Books) -> None:
    async def last_day() -> int | None:
        async with books.begin(books.scope) as work:
            return await work.sales.last_day()

    assert await last_day() is None
    await books.import_sales({("A", DAY): (1, 0)})
    newer = await books.import_sales({("B", DAY + 5): (0, 0), ("A", DAY - 5): (1, 0)})
    assert await last_day() == DAY + 5
    await books.delete(newer)
    assert await last_day() == DAY


async def test_what_other_imports_cover_is_counted(books: Books) -> None:
    sold: Sold = {("A", DAY): (1, 0), ("A", DAY + 1): (1, 0), ("B", DAY + 1): (1, 0)}
    columns, other = totals(sold), ImportId(uuid4())

    async def covered(import_id: ImportId = other) -> tuple[int, date | None]:
        async with books.begin(books.scope) as work:
            found = await work.sales.covered(columns, books.ids(columns.skus), import_id)
        return found.pairs, found.first_day

    assert await covered() == (0, None)
    first = await books.import_sales({("A", DAY + 1): (1, 0), ("B", DAY + 1): (1, 0), ("C", DAY): (1, 0)})
    assert await covered() == (2, date(2024, 3, 19))
    assert await covered(first) == (0, None)
    await books.delete(first)
    assert await covered() == (0, None)


async def test_two_files_may_land_in_one_transaction(books: Books) -> None:
    news = [books.new_import(), books.new_import()]
    for new in news:
        assert await books.add(new)
    columns = totals({("A", DAY): (1, 0)})
    async with books.begin(books.scope) as work:
        for new in news:
            await work.sales.land(new.id, columns, books.ids(columns.skus), OnDuplicate.SUM)
    assert await books.demand("A") == {("A", DAY): 2}


async def test_nothing_lands_for_a_deleted_import(books: Books) -> None:
    new, columns = books.new_import(), totals({("A", DAY): (1, 0)})
    await books.add(new)
    await books.delete(new.id)
    async with books.begin(books.scope) as work:
        with pytest.raises(ImportNotFound):
            await work.sales.land(new.id, columns, books.ids(columns.skus), OnDuplicate.REPLACE)


async def test_a_file_without_sales_lands_nothing(books: Books) -> None:
    await books.import_sales({})
    assert await books.demand("A", "B") == {}


async def test_S20_sales_of_another_companys_product_are_refused_by_the_database(books: Books) -> None:
    other = await Books.open(books.begin, "A")
    for stranger in (other.products["A"], ProductId(uuid4())):
        new, columns = books.new_import(), totals({("A", DAY): (1, 0), ("B", DAY): (1, 0)})
        await books.add(new)
        with pytest.raises(asyncpg.ForeignKeyViolationError, match="product"):
            async with books.begin(books.scope) as work:
                await work.sales.land(new.id, columns, [books.products["A"], stranger], OnDuplicate.REPLACE)


async def test_S20_sales_of_another_companys_import_are_refused_by_the_database(books: Books) -> None:
    other = await Books.open(books.begin)
    foreign = other.new_import()
    await other.add(foreign)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="import"):
        async with books.begin(books.scope) as work:
            await work.session.execute(
                "insert into sales values ($1, $2, '2024-01-01', 1, $3, false, 1, 0, 0)",
                books.founded.company.id,
                books.products["A"],
                foreign.id,
            )


async def test_sales_go_with_their_company(books: Books, database: PostgresUrls) -> None:
    await books.import_sales({("A", DAY): (1, 0)})
    kept = await Books.open(books.begin, "A")
    await kept.import_sales({("A", DAY): (1, 0)})
    owner = await asyncpg.connect(database.owner)
    try:
        transaction = owner.transaction()
        await transaction.start()
        for table in ("companies", "sales"):
            await owner.execute(f"alter table {table} no force row level security")
        await owner.execute("delete from companies where id = $1", books.founded.company.id)
        left = await owner.fetch("select distinct company_id from sales")
        await transaction.rollback()
    finally:
        await owner.close()
    companies = {row["company_id"] for row in left}
    assert kept.founded.company.id in companies
    assert books.founded.company.id not in companies


async def test_S18_sales_of_another_company_are_not_there(books: Books) -> None:
    await books.import_sales({("A", DAY): (1, 0)})
    other = await Books.open(books.begin)
    async with books.begin(other.scope) as work:
        assert len((await work.sales.history([books.products["A"]], DAY + 1)).day) == 0
        assert await work.sales.last_day() is None


async def test_columns_come_as_they_are_promised(books: Books) -> None:
    await books.import_sales({("A", DAY): (1, 0)})
    async with books.begin(books.scope) as work:
        history = await work.sales.history(books.ids("A"), DAY + 1)
    assert [history.product.dtype, history.day.dtype, history.quantity.dtype] == [
        np.int32,
        np.int32,
        np.float64,
    ]
