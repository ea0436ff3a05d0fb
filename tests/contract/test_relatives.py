"""After whom new products of a company are forecast, on a real database."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from bookkeeping import Books

from inventoryai.domain.products import SimilarTo
from inventoryai.forecasting import Frequency, Panel
from inventoryai.forecasting.cold_start import Likeness
from inventoryai.ports.storage import UnitOfWork
from inventoryai.usecases.cold_start import FindRelatives, Relatives
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

END = 19_800
LONG = 40


async def change(books: Books, sku: str, **said: Any) -> None:
    async with books.begin(books.scope) as work:
        product = await work.products.lock(books.products[sku])
        await work.products.update(replace(product, **said))


async def sell(books: Books, **ages: int) -> None:
    """One a day for so many days, up to the end."""
    await books.import_sales(
        {(sku, END - back - 1): (1, 0) for sku, age in ages.items() for back in range(age)}
    )


async def relatives(books: Books, *skus: str, **ages: int) -> Relatives:
    begin: UnitOfWork = books.begin
    panel = Panel.of([[1.0] * ages.get(sku, 0) for sku in skus], frequency=Frequency.DAY, end=END)
    return await FindRelatives(begin)(books.scope, [books.products[sku] for sku in skus], panel)


async def test_the_oldest_of_a_category_are_those_that_began_first(begin: PostgresUnitOfWork) -> None:
    books = await Books.open(begin, "A", "B", "C", "D", "E", "F")
    for sku in "ABCDE":
        await change(books, sku, category="Riz", archived=sku == "E")
    await sell(books, A=20, B=30, C=25, E=50, F=60)
    async with begin(books.scope) as work:
        two = await work.sales.oldest(["Riz", "Savon"], END, 2)
        early = await work.sales.oldest(["Riz"], END - 25, 9)
        none = await work.sales.oldest(["Riz"], END - 90, 9)
    assert two == {"Riz": [books.products["B"], books.products["C"]]}
    assert early == {"Riz": [books.products["B"]]}
    assert none == {}


async def test_a_deleted_import_makes_nobody_old(begin: PostgresUnitOfWork) -> None:
    books = await Books.open(begin, "A")
    await change(books, "A", category="Riz")
    gone = await books.import_sales({("A", END - 90): (1, 0)})
    await books.delete(gone)
    async with begin(books.scope) as work:
        assert await work.sales.oldest(["Riz"], END, 9) == {}


async def test_S18_a_category_is_that_of_one_company(begin: PostgresUnitOfWork) -> None:
    books, other = await Books.open(begin, "A", "NEW"), await Books.open(begin, "A")
    for each, sku in ((books, "A"), (books, "NEW"), (other, "A")):
        await change(each, sku, category="Riz")
    await sell(books, A=LONG)
    await sell(other, A=LONG)
    found = await relatives(books, "NEW")
    assert found.others == (books.products["A"],)


async def test_models_inside_and_outside_of_the_panel_have_their_places(begin: PostgresUnitOfWork) -> None:
    books = await Books.open(begin, "A", "B", "NEW", "OLD")
    for sku in ("A", "B", "NEW"):
        await change(books, sku, category="Riz")
    await change(books, "OLD", archived=True)
    await change(books, "NEW", similar_to=SimilarTo(books.products["OLD"], Decimal("0.8")))
    await sell(books, A=LONG, B=LONG + 1, OLD=LONG)
    found = await relatives(books, "NEW", "A", A=LONG)

    assert found.others == (books.products["OLD"], books.products["B"])
    assert [chance.likeness for chance in found.chances] == [
        Likeness(0, (2,), 0.8),
        Likeness(0, (1, 3)),
    ]
    assert found.chances[0].reason.data == {
        "product": "OLD",
        "product_id": str(books.products["OLD"]),
        "share": 0.8,
        "percent": "80",
        "known": 0,
    }
    assert found.chances[1].reason.data == {"category": "Riz", "products": 2, "known": 0}


async def test_a_newcomer_without_name_or_category_is_on_its_own(begin: PostgresUnitOfWork) -> None:
    books = await Books.open(begin, "A", "B")
    await change(books, "B", category="Savon")
    await sell(books, A=LONG, B=3)
    assert await relatives(books, "A", "B", A=LONG, B=3) == Relatives()


async def test_one_that_is_new_itself_is_no_model_of_its_category(begin: PostgresUnitOfWork) -> None:
    books = await Books.open(begin, "A", "B", "NEW")
    for sku in books.products:
        await change(books, sku, category="Riz")
    await sell(books, A=13, B=14)
    assert (await relatives(books, "NEW")).others == (books.products["B"],)


@pytest.mark.parametrize(
    ("model", "share"), [("self", "1"), (None, "1"), ("other", None), ("other", "0.009"), ("other", "11")]
)
async def test_the_database_holds_to_what_a_likeness_is(
    begin: PostgresUnitOfWork, model: str | None, share: str | None
) -> None:
    books = await Books.open(begin, "A", "B")
    named = {"self": books.products["A"], "other": books.products["B"], None: None}[model]
    with pytest.raises(asyncpg.CheckViolationError, match="products_similar_check"):
        async with begin(books.scope) as work:
            await work.session.execute(
                "update products set similar_product_id = $2, similar_share = $3 where id = $1",
                books.products["A"],
                named,
                None if share is None else Decimal(share),
            )
