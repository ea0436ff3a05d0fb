from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from people import NOON, Begin, found, some_product

from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai.domain.products import ProductId, ProductNotFound
from inventoryai.domain.promotions import Promotion, PromotionId, PromotionNotFound
from inventoryai.ports.storage import InCompany

EPOCH = date(1970, 1, 1)
FIRST = date(2026, 5, 18)


def some_promotion(count: int | None = None, first: date = FIRST, days: int = 10) -> Promotion:
    last = first + timedelta(days=days - 1)
    return Promotion(PromotionId(uuid4()), "Tabaski", first, last, count, NOON)


async def stocked(storage: Begin, scope: InCompany, *skus: str) -> list[ProductId]:
    products = [some_product(sku) for sku in skus]
    async with storage(scope) as work:
        await work.products.add_missing(products)
    return [one.id for one in products]


def day(when: date) -> int:
    return (when - EPOCH).days


def rows(spans: Any) -> list[tuple[int, int, int]]:
    return sorted(zip(spans.product.tolist(), spans.first.tolist(), spans.until.tolist(), strict=True))


async def test_a_promotion_comes_back_as_it_was_entered(storage: Begin) -> None:
    founded = await found(storage)
    products = await stocked(storage, founded.scope, "A", "B", "C")
    named, general = some_promotion(2), some_promotion()
    async with storage(founded.scope) as work:
        await work.promotions.add(named, products[:2])
        await work.promotions.add(general, [])
    async with storage(founded.scope) as work:
        one, other = [await work.promotions.get(each.id) for each in (named, general)]
    assert (one.promotion, set(one.products)) == (named, set(products[:2]))
    assert (other.promotion, other.products) == (general, ())


async def test_those_entered_last_come_first_page_by_page(storage: Begin) -> None:
    founded = await found(storage)
    every = sorted((some_promotion() for _ in range(3)), key=lambda one: one.id, reverse=True)
    async with storage(founded.scope) as work:
        for one in every:
            await work.promotions.add(one, [])
        first = await work.promotions.list(PageRequest(limit=1))
        second = await work.promotions.list(PageRequest(limit=2, after=str(every[0].id)))
        with pytest.raises(CursorInvalid):
            await work.promotions.list(PageRequest(after="x"))
    assert (list(first), list(second)) == (every[:2], every[1:])


async def test_what_is_taken_back_is_gone(storage: Begin) -> None:
    founded = await found(storage)
    (product,) = await stocked(storage, founded.scope, "A")
    promotion = some_promotion(1)
    async with storage(founded.scope) as work:
        await work.promotions.add(promotion, [product])
    async with storage(founded.scope) as work:
        await work.promotions.delete(promotion.id)
    async with storage(founded.scope) as work:
        for gone in (promotion.id, PromotionId(uuid4())):
            with pytest.raises(PromotionNotFound):
                await work.promotions.get(gone)
            with pytest.raises(PromotionNotFound):
                await work.promotions.delete(gone)
        assert rows(await work.promotions.spans([product], 0, 100_000)) == []


async def test_S18_another_companys_promotion_is_not_there(storage: Begin) -> None:
    founded, other = await found(storage), await found(storage)
    (mine,), (theirs,) = [await stocked(storage, one.scope, "A") for one in (founded, other)]
    promotion = some_promotion()
    async with storage(founded.scope) as work:
        await work.promotions.add(promotion, [])
    async with storage(other.scope) as work:
        with pytest.raises(PromotionNotFound):
            await work.promotions.get(promotion.id)
        with pytest.raises(PromotionNotFound):
            await work.promotions.delete(promotion.id)
        assert list(await work.promotions.list(PageRequest())) == []
        assert rows(await work.promotions.spans([theirs, mine], 0, 100_000)) == []


async def test_S20_a_product_of_another_company_is_refused(storage: Begin) -> None:
    founded, other = await found(storage), await found(storage)
    (mine,), (theirs,) = [await stocked(storage, one.scope, "A") for one in (founded, other)]
    for foreign in (theirs, ProductId(uuid4())):
        with pytest.raises(ProductNotFound):
            async with storage(founded.scope) as work:
                await work.promotions.add(some_promotion(2), [mine, foreign])
    async with storage(founded.scope) as work:
        assert list(await work.promotions.list(PageRequest())) == []


async def test_spans_are_of_the_products_asked_for_in_their_places(storage: Begin) -> None:
    founded = await found(storage)
    one, two, three = await stocked(storage, founded.scope, "A", "B", "C")
    async with storage(founded.scope) as work:
        await work.promotions.add(some_promotion(2), [one, three])
        await work.promotions.add(some_promotion(first=date(2027, 1, 1), days=1), [])
        spans = await work.promotions.spans([three, two], day(FIRST), day(date(2027, 6, 1)))
    new_year = (day(date(2027, 1, 1)), day(date(2027, 1, 2)))
    assert rows(spans) == [(0, day(FIRST), day(FIRST) + 10), (0, *new_year), (1, *new_year)]


@pytest.mark.parametrize(
    ("first", "until", "seen"), [(-5, 0, False), (-5, 1, True), (9, 20, True), (10, 20, False)]
)
async def test_spans_touch_the_days_asked_for(storage: Begin, first: int, until: int, *, seen: bool) -> None:
    founded = await found(storage)
    (product,) = await stocked(storage, founded.scope, "A")
    async with storage(founded.scope) as work:
        await work.promotions.add(some_promotion(), [])
        spans = await work.promotions.spans([product], day(FIRST) + first, day(FIRST) + until)
    assert bool(rows(spans)) is seen
