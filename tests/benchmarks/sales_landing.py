"""How fast a million daily totals land and are read back, beside a plain COPY of the same rows.

    python tests/benchmarks/sales_landing.py

Ratios compare across machines, seconds do not. The plain COPY fills a table without key, index, row
security or check from rows that are ready to be sent; landing starts from numpy columns and ends with
rows that are checked, keyed and in their company. The first line is what ``\\copy`` of a CSV costs.
"""

# ruff: noqa: T201 # printing ratios is what it is for

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' own modules, as pytest has them

from bookkeeping import Books
from servers import running_servers, temporary_folder

from inventoryai.domain.imports import OnDuplicate
from inventoryai.domain.sales import DailyTotals
from inventoryai_postgres.migrations import migrate
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls

PRODUCTS: Final = 2_000
DAYS: Final = 500
ROUNDS: Final = 3
ROWS: Final = PRODUCTS * DAYS
CHUNK: Final = 1 << 18


def made_up() -> DailyTotals:
    """A shop that sells something of everything every day."""
    random = np.random.default_rng(1)
    sold = random.integers(0, 50_000, ROWS)
    return DailyTotals(
        skus=tuple(f"SKU-{number}" for number in range(PRODUCTS)),
        sku=np.repeat(np.arange(PRODUCTS, dtype=np.int32), DAYS),
        day=np.tile(np.arange(19_000, 19_000 + DAYS, dtype=np.int32), PRODUCTS),
        sold=sold,
        returned=random.integers(0, 3, ROWS) * 1_000,
        revenue=sold * 3,
    )


@asynccontextmanager
async def opened(urls: PostgresUrls, skus: tuple[str, ...]) -> AsyncIterator[Books]:
    """A company with its products, on a database of its own."""
    await migrate(urls.owner, app_login="inventoryai_login")
    begin = PostgresUnitOfWork(PostgresSettings(urls.app))
    try:
        yield await Books.open(begin, *skus)
    finally:
        await begin.close()


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def land(books: Books, totals: DailyTotals) -> float:
    """Lands an import and undoes it, of which the first is timed."""
    new = books.new_import()
    await books.add(new)

    async def landing() -> None:
        async with books.begin(books.scope) as work:
            await work.sales.land(new.id, totals, books.ids(totals.skus), OnDuplicate.REPLACE)

    return await seconds(landing)


class Plain:
    """The same rows, as they came out of the table ``sales``, and a table with nothing to it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, bytes] = {}

    async def take(self, books: Books) -> None:
        """Reads the rows that were landed, in both formats."""
        async with books.begin(books.scope) as work:
            for how in ("csv", "binary"):
                taken = bytearray()

                async def take(data: bytes, taken: bytearray = taken) -> None:
                    taken.extend(data)

                await work.session.connection.copy_from_query("select * from sales", output=take, format=how)
                self._rows[how] = bytes(taken)
        await self._connection.execute("create table plain as table sales with no data")

    async def copy(self, how: str) -> float:
        """COPY of all rows."""
        await self._connection.execute("truncate plain")
        rows = self._rows[how]
        return await seconds(
            lambda: self._connection.copy_to_table("plain", source=_chunks(rows), format=how)
        )


async def _chunks(rows: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


async def compare(urls: PostgresUrls) -> None:
    """Prints the best of some rounds of each, one after the other in each round."""
    totals = made_up()
    connection = await asyncpg.connect(urls.owner)
    async with opened(urls, totals.skus) as books:
        plain, best = Plain(connection), dict[str, float]()
        for round_ in range(ROUNDS):
            measured = {"land": await land(books, totals)}
            if round_ == 0:
                await plain.take(books)
            measured["history"] = await seconds(lambda: books.demand_columns(totals.skus))
            for how in ("csv", "binary"):
                measured[f"plain COPY, {how}"] = await plain.copy(how)
            for import_id in await books.imports():
                await books.delete(import_id)
            best = {name: min(taken, best.get(name, taken)) for name, taken in measured.items()}
    await connection.close()
    reference = best["plain COPY, csv"]
    print(f"{ROWS:,} rows, best of {ROUNDS}")
    for name, taken in sorted(best.items(), key=lambda one: one[1]):
        print(f"  {name:20} {taken:6.2f} s  {reference / taken:5.2f} × the rate of a plain COPY of a CSV")


def main() -> int:
    """Runs a database for as long as it takes."""
    with temporary_folder() as folder, running_servers(folder, durable=True) as stack:
        asyncio.run(compare(stack.database))
    return 0


if __name__ == "__main__":
    sys.exit(main())
