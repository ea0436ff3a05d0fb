import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from people import NOON, Begin, found, some_product

from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import (
    ProductId,
    ProductNotFound,
    SimilarProductUnknown,
    SimilarTo,
    SkuAlreadyExists,
)
from inventoryai.domain.stock import CountedStock


async def test_a_product_comes_back_as_it_was_given(storage: Begin) -> None:
    founded = await found(storage)
    plain = some_product("PLAIN")
    full = some_product(
        "FULL",
        name="Huile d’arachide 5 L",
        category="Huiles",
        unit="bidon",
        supplier_id=uuid4(),
        cost=Decimal(4500),
        price=Decimal("5250.50"),
        lead_time_days=Decimal("7.5"),
        lead_time_sd=Decimal("1.25"),
        moq=Decimal(12),
        pack_size=Decimal("0.125"),
        service_level=Decimal("0.975"),
        similar_to=SimilarTo(plain.id, Decimal("0.8")),
    )
    async with storage(founded.scope) as work:
        for product in (plain, full):
            await work.products.add(product)
    async with storage(founded.scope) as work:
        for product in (plain, full):
            assert await work.products.get(product.id) == product


async def test_a_sku_is_taken_once_in_a_company_and_told_apart_by_case(storage: Begin) -> None:
    founded, other = await found(storage), await found(storage)
    async with storage(founded.scope) as work:
        await work.products.add(some_product("Riz-5"))
        await work.products.add(some_product("RIZ-5"))
    async with storage(other.scope) as work:
        await work.products.add(some_product("Riz-5"))
    with pytest.raises(SkuAlreadyExists) as refused:
        async with storage(founded.scope) as work:
            await work.products.add(some_product("Riz-5"))
    assert refused.value.data == {"sku": "Riz-5"}


async def test_a_product_is_kept_as_it_was_changed(storage: Begin) -> None:
    founded = await found(storage)
    model, product, other = [some_product(sku) for sku in "ABC"]
    async with storage(founded.scope) as work:
        await work.products.add_missing([model, product, other])
    async with storage(founded.scope) as work:
        kept = await work.products.lock(product.id)
        changed = replace(
            kept, sku="B2", cost=Decimal(7), similar_to=SimilarTo(model.id, Decimal("1.5")), version=2
        )
        await work.products.update(changed)
    async with storage(founded.scope) as work:
        assert await work.products.get(product.id) == changed
        assert list(await work.products.every()) == [model, changed, other]
        await work.products.update(replace(changed, similar_to=None))
        assert (await work.products.get(product.id)).similar_to is None
        with pytest.raises(ProductNotFound):
            await work.products.lock(ProductId(uuid4()))


async def test_a_changed_product_cannot_take_anothers_sku(storage: Begin) -> None:
    founded = await found(storage)
    first, second = some_product("A"), some_product("B")
    async with storage(founded.scope) as work:
        await work.products.add_missing([first, second])
    with pytest.raises(SkuAlreadyExists):
        async with storage(founded.scope) as work:
            await work.products.update(replace(second, sku="A"))


async def test_S20_a_product_sells_like_one_of_its_own_company(storage: Begin) -> None:
    founded, other = await found(storage), await found(storage)
    mine, theirs = some_product("A"), some_product("A")
    async with storage(founded.scope) as work:
        await work.products.add(mine)
    async with storage(other.scope) as work:
        await work.products.add(theirs)
    for foreign in (theirs.id, ProductId(uuid4())):
        similar = SimilarTo(foreign, Decimal(1))
        with pytest.raises(SimilarProductUnknown):
            async with storage(founded.scope) as work:
                await work.products.update(replace(mine, similar_to=similar))
        with pytest.raises(SimilarProductUnknown):
            async with storage(founded.scope) as work:
                await work.products.add(some_product("B", similar_to=similar))


async def test_S18_another_companys_product_is_not_there(storage: Begin) -> None:
    founded, other = await found(storage), await found(storage)
    product = some_product("A")
    async with storage(founded.scope) as work:
        await work.products.add(product)
    async with storage(other.scope) as work:
        for missing in (product.id, ProductId(uuid4())):
            with pytest.raises(ProductNotFound):
                await work.products.get(missing)
        assert list(await work.products.every([product.id])) == []
        assert list(await work.products.list(PageRequest())) == []
        assert await work.products.ids_by_sku(["A"]) == {}


async def test_only_missing_products_are_added(storage: Begin) -> None:
    founded = await found(storage)
    first = some_product("B", name="The first")
    async with storage(founded.scope) as work:
        await work.products.add(first)
        assert await work.products.add_missing([]) == 0
        added = await work.products.add_missing([some_product(sku) for sku in "CBA"])
        assert added == 2
        assert [one.sku for one in await work.products.every()] == ["A", "B", "C"]
        assert await work.products.get(first.id) == first


async def test_two_imports_that_add_the_same_products_at_once_add_each_once(storage: Begin) -> None:
    founded = await found(storage)
    skus = [f"SKU-{number}" for number in range(50)]

    async def add(order: list[str]) -> int:
        async with storage(founded.scope) as work:
            return await work.products.add_missing([some_product(sku) for sku in order])

    assert sum(await asyncio.gather(add(skus), add(skus[::-1]), add(skus[10:40]))) == 50


async def test_products_are_listed_page_by_page_without_archived_ones(storage: Begin) -> None:
    founded = await found(storage)
    async with storage(founded.scope) as work:
        await work.products.add_missing([some_product(sku) for sku in ["b", "É", "a", "C", "_"]])
        await work.products.add(some_product("aa", archived=True))
        first = await work.products.list(PageRequest(limit=2))
        second = await work.products.list(PageRequest(limit=2, after="_"))
        last = await work.products.list(PageRequest(limit=2, after="b"))
    # In the order of their code points, which no locale changes; the one too many says that more follow.
    assert [[one.sku for one in page] for page in (first, second, last)] == [
        ["C", "_", "a"],
        ["a", "b", "É"],
        ["É"],
    ]


async def test_archived_products_are_known_by_name_alone(storage: Begin) -> None:
    founded = await found(storage)
    kept, archived = some_product("KEPT"), some_product("GONE", archived=True)
    async with storage(founded.scope) as work:
        await work.products.add_missing([kept, archived])
        assert list(await work.products.every()) == [kept]
        assert list(await work.products.every([kept.id, archived.id])) == [archived, kept]
        known = await work.products.ids_by_sku(["KEPT", "GONE", "NEVER"])
    assert known == {"KEPT": kept.id, "GONE": archived.id}


async def test_what_was_never_counted_is_not_on_hand(storage: Begin) -> None:
    founded = await found(storage)
    product = some_product("A")
    async with storage(founded.scope) as work:
        await work.products.add(product)
        (position,) = await work.stock.positions()
    assert (position.product_id, position.sku, position.name) == (product.id, "A", "A")
    assert {position.on_hand, position.on_order, position.backordered} == {0}
    assert position.counted_at is None


async def test_the_newest_count_is_what_is_on_hand(storage: Begin) -> None:
    founded = await found(storage)
    product, tomorrow = some_product("A"), NOON + timedelta(days=1)
    async with storage(founded.scope) as work:
        await work.products.add(product)
        await work.stock.count([CountedStock(product.id, Decimal(10), NOON)])
        await work.stock.count([CountedStock(product.id, Decimal("7.125"), tomorrow)])
        (position,) = await work.stock.positions(ids=[product.id])
        assert (position.on_hand, position.counted_at) == (Decimal("7.125"), tomorrow)


async def test_an_older_count_that_comes_late_changes_nothing(storage: Begin) -> None:
    founded = await found(storage)
    product = some_product("A")
    async with storage(founded.scope) as work:
        await work.products.add(product)
        await work.stock.count([CountedStock(product.id, Decimal(12), NOON)])
        await work.stock.count([CountedStock(product.id, Decimal(99), NOON - timedelta(hours=1))])
        (position,) = await work.stock.positions()
    assert (position.on_hand, position.counted_at) == (Decimal(12), NOON)


async def test_of_two_counts_of_one_moment_the_later_in_the_list_stands(storage: Begin) -> None:
    founded = await found(storage)
    product, other = some_product("A"), some_product("B")
    async with storage(founded.scope) as work:
        await work.products.add_missing([product, other])
        await work.stock.count(
            [
                CountedStock(product.id, Decimal(9), NOON),
                CountedStock(other.id, Decimal(5), NOON),
                CountedStock(product.id, Decimal(3), NOON),
            ]
        )
        positions = await work.stock.positions()
    assert [one.on_hand for one in positions] == [3, 5]


async def test_positions_come_page_by_page(storage: Begin) -> None:
    founded, other = await found(storage), await found(storage)
    async with storage(other.scope) as work:
        await work.products.add(some_product("B"))
    products = [some_product(sku) for sku in "ABCD"]
    async with storage(founded.scope) as work:
        await work.products.add_missing([*products, some_product("E", archived=True)])
        page = await work.stock.positions(PageRequest(limit=1, after="A"))
        named = await work.stock.positions(ids=[products[3].id, products[0].id])
        every = await work.stock.positions()
    assert ["".join(one.sku for one in some) for some in (page, named, every)] == ["BC", "AD", "ABCD"]
