"""When stock was seen, by the days of the company's clocks, in memory as on a real database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from people import NOON, Begin, Founded, found, some_product

from inventoryai.domain.products import Product, ProductId
from inventoryai.domain.sightings import StockSightings
from inventoryai.domain.stock import CountedStock

DOUALA = ZoneInfo("Africa/Douala")
"""An hour ahead of UTC all year."""
TODAY = (NOON.date() - date(1970, 1, 1)).days
DAY = timedelta(days=1)


async def stocked(storage: Begin, *skus: str) -> tuple[Founded, list[Product]]:
    founded, products = await found(storage), [some_product(sku) for sku in skus]
    async with storage(founded.scope) as work:
        await work.products.add_missing(products)
    return founded, products


def count(product: Product, on_hand: str, counted_at: datetime = NOON) -> CountedStock:
    return CountedStock(product.id, Decimal(on_hand), counted_at)


def rows(seen: StockSightings) -> list[tuple[int, int, bool]]:
    columns = (seen.product, seen.day, seen.empty)
    assert [str(column.dtype) for column in columns] == ["int32", "int32", "bool"]
    return list(zip(*(column.tolist() for column in columns), strict=True))


async def test_products_are_known_by_their_place_and_moments_come_in_order(storage: Begin) -> None:
    founded, (one, two, other) = await stocked(storage, "A", "B", "C")
    async with storage(founded.scope) as work:
        await work.stock.count([count(one, "0", NOON + DAY), count(two, "0.001"), count(other, "1")])
        await work.stock.count([count(one, "4")])
        seen = await work.stock.sightings([two.id, one.id], UTC)
    assert rows(seen) == [(0, TODAY, False), (1, TODAY, False), (1, TODAY + 1, True)]


async def test_of_one_moment_the_order_in_which_counts_came_is_kept(storage: Begin) -> None:
    founded, (one,) = await stocked(storage, "A")
    async with storage(founded.scope) as work:
        await work.stock.count([count(one, "5"), count(one, "0")])
        await work.stock.count([count(one, "7")])
        assert rows(await work.stock.sightings([one.id], UTC)) == [
            (0, TODAY, False),
            (0, TODAY, True),
            (0, TODAY, False),
        ]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2024, 5, 5, 22, 59, 59, 999_999, tzinfo=UTC), TODAY - 1),
        (datetime(2024, 5, 5, 23, tzinfo=UTC), TODAY),
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
    ],
)
async def test_the_companys_clocks_say_which_day_it_was(storage: Begin, at: datetime, day: int) -> None:
    founded, (one,) = await stocked(storage, "A")
    async with storage(founded.scope) as work:
        await work.stock.count([count(one, "0", at)])
        assert rows(await work.stock.sightings([one.id], DOUALA)) == [(0, day, True)]


async def test_nothing_is_seen_of_other_companies_of_nobodys_and_of_no_products(storage: Begin) -> None:
    founded, _ = await stocked(storage, "A")
    other, (theirs,) = await stocked(storage, "A")
    async with storage(other.scope) as work:
        await work.stock.count([count(theirs, "0")])
    async with storage(founded.scope) as work:
        assert rows(await work.stock.sightings([theirs.id, ProductId(uuid4())], UTC)) == []
        assert rows(await work.stock.sightings([], UTC)) == []
