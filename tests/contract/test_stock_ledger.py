"""The ledger of stock, of which the fakes keep the counts alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest
from people import NOON, Founded, found, some_product

from inventoryai.domain.products import ProductId
from inventoryai.domain.stock import CountedStock
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

HOUR = timedelta(hours=1)
CHANGE = """
insert into stock_movements (company_id, product_id, kind, quantity, at) values ($1, $2, $3, $4, $5)
"""


@pytest.fixture
async def stocked(begin: PostgresUnitOfWork) -> tuple[Founded, ProductId]:
    founded, product = await found(begin), some_product("A")
    async with begin(founded.scope) as work:
        await work.products.add(product)
    return founded, product.id


async def test_what_is_on_hand_is_the_newest_count_and_the_changes_since(
    begin: PostgresUnitOfWork, stocked: tuple[Founded, ProductId]
) -> None:
    founded, product = stocked

    async def on_hand() -> Decimal:
        (position,) = await work.stock.positions()
        return position.on_hand

    async def change(kind: str, quantity: int, at: datetime) -> None:
        await work.session.execute(CHANGE, founded.company.id, product, kind, quantity, at)

    async with begin(founded.scope) as work:
        await change("receipt", 40, NOON - HOUR)
        assert await on_hand() == 40
        await work.stock.count([CountedStock(product, Decimal(10), NOON)])
        assert await on_hand() == 10
        await change("receipt", 5, NOON)  # of the same moment, and booked after the count
        await change("adjustment", -2, NOON + HOUR)
        await change("adjustment", -1, NOON - HOUR)  # told late; the count has seen it
        assert await on_hand() == 13
        await work.stock.count([CountedStock(product, Decimal("8.5"), NOON + 2 * HOUR)])
        assert await on_hand() == Decimal("8.5")


async def test_goods_are_seen_when_they_come_and_nothing_is_when_they_go(
    begin: PostgresUnitOfWork, stocked: tuple[Founded, ProductId]
) -> None:
    founded, product = stocked
    entries = [("receipt", 3, 0), ("adjustment", -3, 1), ("adjustment", 2, 2), ("receipt", 0, 3)]
    async with begin(founded.scope) as work:
        await work.stock.count([CountedStock(product, Decimal(0), NOON + timedelta(days=4))])
        for kind, quantity, later in entries:
            at = NOON + timedelta(days=later)
            await work.session.execute(CHANGE, founded.company.id, product, kind, quantity, at)
        seen = await work.stock.sightings([product], UTC)
    today = (NOON.date() - date(1970, 1, 1)).days
    assert seen.day.tolist() == [today, today + 2, today + 4]
    assert seen.empty.tolist() == [False, False, True]


async def test_nobody_counts_less_than_nothing(
    begin: PostgresUnitOfWork, stocked: tuple[Founded, ProductId]
) -> None:
    founded, product = stocked
    with pytest.raises(asyncpg.CheckViolationError):
        async with begin(founded.scope) as work:
            await work.stock.count([CountedStock(product, Decimal(-1), NOON)])


async def test_a_movement_is_never_rewritten(
    begin: PostgresUnitOfWork, stocked: tuple[Founded, ProductId]
) -> None:
    founded, product = stocked
    async with begin(founded.scope) as work:
        await work.stock.count([CountedStock(product, Decimal(1), NOON)])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with begin(founded.scope) as work:
            await work.session.execute("update stock_movements set quantity = 0")
