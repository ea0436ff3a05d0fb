"""What ``auto`` takes for a whole shop, from a database to stored rows: seconds, memory, and how both grow.

    python tests/benchmarks/scale.py [--sizes 100,1000,10000] [--at-once 3]

730 days of made-up sales by products that sell daily, wildly, seldom, or seldom and much; forecast over
28 days with totals by a worker of two processes, as `inventoryai worker` is one, in a process of its own.
Memory is that of all processes at the same moment, what they share counted once; the database's own is
said apart, as it holds it whether or not anything is forecast.
"""

# ruff: noqa: T201 # printing figures is what it is for

import argparse
import asyncio
import itertools
import math
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' own modules, as pytest has them

from benchmarks.scoring import shop
from benchmarks.scoring.census import DATABASE, POOL, WORKER, Peak, database_seconds, watched
from benchmarks.scoring.forecaster import PROCESSES, Made, Order, make
from benchmarks.scoring.singles import Singles, ask_each
from benchmarks.scoring.stages import STAGES
from bookkeeping import Books
from people import NOON
from servers import running_servers, temporary_folder

from inventoryai.domain.companies import Membership, Role
from inventoryai.domain.engines import AUTO
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.imports import OnDuplicate
from inventoryai.domain.sales import DailyTotals
from inventoryai_postgres.migrations import migrate
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls

T = TypeVar("T")
QUICK: Final = "100,1000,2000"
WHOLE: Final = (100, 1_000, 10_000, 100_000)
"""Takes half an hour, most of it for landing 35 million lines of sales, and 10 GB of disk."""
REQUEST: Final = ForecastRequest(horizon=28, engine=AUTO)
AT_A_TIME: Final = 1_000
"""Products in one import."""
JUDGED: Final = 10_000
"""The size of which the issue speaks, and up to which engines are asked alone."""


@dataclass(frozen=True, slots=True)
class Round:
    """One size: what was made, what it took of the database, and the most memory."""

    products: int
    made: Made
    database: float
    peak: Peak


def main(arguments: Sequence[str]) -> int:
    """Runs a database for as long as it takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default=QUICK, help="how many products, with commas")
    parser.add_argument("--at-once", type=int, default=PROCESSES + 1, help="jobs at the same time")
    asked = parser.parse_args(arguments)
    return measure([int(size) for size in asked.sizes.split(",")], asked.at_once)


def measure(sizes: Sequence[int], at_once: int = PROCESSES + 1) -> int:
    """Prints the figures of each size, and how they grow from one to the next."""
    with temporary_folder() as folder, running_servers(folder, durable=True) as stack:
        books = asyncio.run(_stocked(stack.database, max(sizes)))
        rounds = [_round(_order(stack.database, books, size, at_once), size) for size in sorted(sizes)]
        for one in rounds:
            _print_stages(one)
        _print_rounds(rounds)
        judged = max((one for one in rounds if one.products <= JUDGED), key=lambda one: one.products)
        order = _order(stack.database, books, judged.products, at_once)
        _print_ratio(judged, _in_a_process_of_its_own(ask_each, order, shop.LAST_DAY + 1))
    return 0


async def _stocked(urls: PostgresUrls, products: int) -> Books:
    """A company with its sales, an import for every thousand products."""
    await migrate(urls.owner, app_login="inventoryai_login")
    begin = PostgresUnitOfWork(PostgresSettings(urls.app, statement_timeout=600))
    books = await Books.open(begin, *(shop.sku(number) for number in range(products)))
    lines = 0
    for first in range(0, products, AT_A_TIME):
        totals = shop.sales(first, min(AT_A_TIME, products - first))
        await _land(books, totals)
        lines += len(totals)
    await begin.close()
    print(f"{products:,} products, {shop.DAYS} days, {lines:,} lines of sales; {os.cpu_count()} cores")
    return books


async def _land(books: Books, totals: DailyTotals) -> None:
    """An import, done: no worker shall find it to do."""
    new = books.new_import()
    job_id = await books.add(new)
    assert job_id is not None
    lease = await books.claim(job_id)
    async with books.begin(books.scope) as work:
        await work.sales.land(new.id, totals, books.ids(totals.skus), OnDuplicate.REPLACE)
        await work.jobs.succeed(lease)


def _order(urls: PostgresUrls, books: Books, size: int, at_once: int) -> Order:
    """A forecast of the first products, or of all when that is what they are."""
    chosen = books.ids([shop.sku(number) for number in range(size)])
    member = Membership(books.founded.company.id, books.founded.admin.id, Role.ADMIN, NOON)
    return Order(urls.app, member, REQUEST, chosen if size < len(books.products) else None, at_once)


def _round(order: Order, products: int) -> Round:
    before = database_seconds()
    with watched() as peak:
        made = _in_a_process_of_its_own(make, order)
    return Round(products, made, database_seconds() - before, peak)


def _in_a_process_of_its_own(function: Callable[..., T], *args: object) -> T:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one:
        return one.submit(function, *args).result()


def _print_stages(one: Round) -> None:
    """Where the time went."""
    counts = one.made.run.outcomes
    print(f"\n{one.products:,} products: {counts.ok} ok, {counts.fallback} fallback, {counts.failed} failed")
    print(f"  {'stage':34}{'calls':>6}{'seconds':>9}{'processor':>11}   seconds summed over parts at once")
    for stage in STAGES:
        if spent := one.made.stages.get(stage):
            print(f"  {stage:34}{spent.calls:6}{spent.clock:9.2f}{spent.processor:11.2f}")
    known = sum(spent.processor for spent in one.made.stages.values())
    print(f"  {'all else of the worker':34}{'':15}{one.made.processor - known:11.2f}")
    print(f"  {'the database':34}{'':15}{one.database:11.2f}")


def _print_rounds(rounds: Sequence[Round]) -> None:
    """The figures, and the power of the number of products with which each grows from line to line."""
    titles = ("seconds", "a second", "processor", "MB, all", WORKER, POOL, DATABASE)
    print(f"\n{'products':>9}" + "".join(f"{title:>14}" for title in titles))
    for one in rounds:
        held = [one.peak.together, *(one.peak.of[group] for group in (WORKER, POOL, DATABASE))]
        figures = [f"{one.made.clock:14.2f}", f"{one.products / one.made.clock:14.0f}"]
        figures += [f"{one.made.processor:14.2f}", *(f"{most:14.0f}" for most in held)]
        print(f"{one.products:9,}" + "".join(figures))
    for less, more in itertools.pairwise(rounds):
        told = ", ".join(f"{title} {power:.2f}" for title, power in _powers(less, more).items())
        print(f"from {less.products:,} to {more.products:,} products, grows with the power: {told}")


def _powers(less: Round, more: Round) -> dict[str, float]:
    """1 where twice the products take twice as much, 0 where they take no more."""
    pairs = {
        "seconds": (less.made.clock, more.made.clock),
        "processor": (less.made.processor, more.made.processor),
        "memory": (less.peak.together, more.peak.together),
    }
    times = math.log(more.products / less.products)
    return {title: math.log(later / earlier) / times for title, (earlier, later) in pairs.items()}


def _print_ratio(one: Round, singles: Singles) -> None:
    """What ``auto`` costs beside one prediction by each engine that it tries."""
    print(f"\none prediction of {one.products:,} products by each engine, seconds of a processor")
    for engine, spent in singles.processor.items():
        print(f"  {engine:22}{spent:7.2f}")
    print(f"  {'together':22}{singles.together:7.2f}")
    print(f"  {'auto':22}{one.made.processor:7.2f} = {one.made.processor / singles.together:.2f} times that")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
