"""How fast the forecasts of 10,000 products land, with the scores of 8 engines, and are read back.

    python tests/benchmarks/forecast_landing.py

28 days and 15 levels each: 8.7 million numbers, and 80,000 rows of scores. Ratios compare across
machines, seconds do not; the plain COPY sends rows of forecasts that are ready to a table without key,
index, row security or check.
"""

# ruff: noqa: T201 # printing ratios is what it is for

import asyncio
import sys
import time
from pathlib import Path
from typing import Final

import asyncpg
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' own modules, as pytest has them

from bookkeeping import Books, rising_id
from people import NOON
from servers import running_servers, temporary_folder

from inventoryai.domain.forecast_runs import PART_SIZE, ForecastColumns, ForecastId, NewForecastRun
from inventoryai.domain.forecasts import ForecastOutcome, ForecastRequest, ForecastStatus
from inventoryai.domain.jobs import JobKind
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.measures import MARKS, Scores
from inventoryai_postgres.migrations import migrate
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls

PRODUCTS: Final = 10_000
REQUEST: Final = ForecastRequest(horizon=28)
ENGINES: Final = ("ets", "theta", "tsb", "negbin", "empirical", "mean", "naive", "auto")
ROUNDS: Final = 3


def made_up(books: Books) -> list[ForecastColumns]:
    """A part for every thousand products."""
    products, random = list(books.products.values()), np.random.default_rng(1)
    shape = (PART_SIZE, REQUEST.horizon, len(REQUEST.levels))
    quantiles = np.sort(random.gamma(2.0, 3.0, shape), axis=2)
    outcomes = [ForecastOutcome(ForecastStatus.OK, "naive")] * PART_SIZE
    return [
        ForecastColumns(
            products[start : start + PART_SIZE], outcomes, quantiles.mean(axis=2), quantiles, quantiles * 2
        )
        for start in range(0, PRODUCTS, PART_SIZE)
    ]


def made_up_trials() -> list[Trial]:
    """How eight engines did on the products of a part."""
    random = np.random.default_rng(2)
    return [
        Trial(engine, Scores(*random.random((len(MARKS), PART_SIZE))), random.random(PART_SIZE))
        for engine in ENGINES
    ]


async def land_scores(books: Books, forecast_id: ForecastId, parts: list[ForecastColumns]) -> float:
    """How long the scores of a run's parts took, one after the other, a transaction each."""
    trials, start = made_up_trials(), time.perf_counter()
    for part in parts:
        async with books.begin(books.scope) as work:
            await work.accuracies.land(forecast_id, part.products, trials)
    return time.perf_counter() - start


async def delete(books: Books, forecast_id: ForecastId) -> float:
    """How long it takes to be rid of a run."""
    start = time.perf_counter()
    async with books.begin(books.scope) as work:
        await work.forecasts.delete(forecast_id)
    return time.perf_counter() - start


async def add(books: Books) -> ForecastId:
    """A run, empty."""
    new = NewForecastRun(ForecastId(rising_id()), REQUEST, None, 0, books.founded.admin.id, NOON)
    job = books.new_job(JobKind.FORECAST)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
        await work.forecasts.add(new, job.id)
    return new.id


async def land(books: Books, parts: list[ForecastColumns]) -> tuple[ForecastId, float]:
    """A run and how long its parts took, one after the other, a transaction each."""
    forecast_id, start = await add(books), time.perf_counter()
    for part in parts:
        async with books.begin(books.scope) as work:
            await work.forecasts.land(forecast_id, part)
    return forecast_id, time.perf_counter() - start


async def read(books: Books, forecast_id: ForecastId) -> float:
    """How long it takes to have the run as columns."""
    start = time.perf_counter()
    async with books.begin(books.scope) as work:
        await work.forecasts.columns(forecast_id)
    return time.perf_counter() - start


async def copy(connection: asyncpg.Connection, books: Books, forecast_id: ForecastId) -> float:
    """A plain COPY of the rows of a run."""
    rows = bytearray()

    async def take(data: bytes) -> None:
        rows.extend(data)

    async with books.begin(books.scope) as work:
        await work.session.connection.copy_from_query(
            "select * from forecasts where forecast_id = $1", forecast_id, output=take, format="binary"
        )
    await connection.execute("create table if not exists plain as table forecasts with no data")
    await connection.execute("truncate plain")
    start = time.perf_counter()
    await connection.copy_to_table("plain", source=memoryview(bytes(rows)), format="binary")
    return time.perf_counter() - start


async def compare(urls: PostgresUrls) -> None:
    """Prints the best of some rounds."""
    await migrate(urls.owner, app_login="inventoryai_login")
    begin = PostgresUnitOfWork(PostgresSettings(urls.app))
    connection = await asyncpg.connect(urls.owner)
    books = await Books.open(begin, *(f"SKU-{number:05}" for number in range(PRODUCTS)))
    parts, best = made_up(books), dict[str, float]()
    for _ in range(ROUNDS):
        forecast_id, landed = await land(books, parts)
        measured = {"land": landed, "columns": await read(books, forecast_id)}
        measured["land scores"] = await land_scores(books, forecast_id, parts)
        measured["plain COPY, binary"] = await copy(connection, books, forecast_id)
        measured["delete"] = await delete(books, forecast_id)
        best = {name: min(taken, best.get(name, taken)) for name, taken in measured.items()}
    await connection.close()
    await begin.close()
    print(f"{PRODUCTS:,} products, {REQUEST.horizon} days, {len(REQUEST.levels)} levels, best of {ROUNDS}")
    for name, taken in sorted(best.items(), key=lambda one: one[1]):
        ratio = best["plain COPY, binary"] / taken
        print(f"  {name:20} {taken:6.2f} s  {ratio:5.2f} × the rate of a plain COPY")


def main() -> int:
    """Runs a database for as long as it takes."""
    with temporary_folder() as folder, running_servers(folder, durable=True) as stack:
        asyncio.run(compare(stack.database))
    return 0


if __name__ == "__main__":
    sys.exit(main())
