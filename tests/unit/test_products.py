"""Products, counts and pages: what may be said of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from inventoryai.domain.errors import InvalidFields, Problem
from inventoryai.domain.money import as_currency
from inventoryai.domain.paging import CursorInvalid, LimitOutOfRange, Page, PageRequest
from inventoryai.domain.products import (
    NewProduct,
    NumberOutOfRange,
    NumberTooPrecise,
    ProductChanges,
    ProductId,
    SimilarTo,
)
from inventoryai.domain.stock import StockCount, StockCountedInFuture, StockProductUnnamed

NOW = datetime(2026, 3, 1, tzinfo=UTC)
XAF = as_currency("XAF")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    new = NewProduct(sku=" ", name="Riz", cost=Decimal("10.5"), moq=Decimal(-1), service_level=Decimal("1.5"))
    with pytest.raises(InvalidFields) as refused:
        new.create(ProductId(UUID(int=1)), XAF, NOW)
    found = {problem.field: problem.problem.code for problem in refused.value.problems}
    assert found == {
        "sku": "text.empty",
        "cost": "number.too_precise",
        "moq": "number.out_of_range",
        "service_level": "number.out_of_range",
    }


def test_a_cost_has_the_decimals_of_the_companys_currency() -> None:
    new = NewProduct(sku="RIZ-5", name="Riz", cost=Decimal("10.5"))
    assert new.create(ProductId(UUID(int=1)), as_currency("EUR"), NOW).cost == Decimal("10.5")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e30"])
def test_what_is_no_amount_is_refused(value: str) -> None:
    with pytest.raises(InvalidFields):
        NewProduct(sku="A", name="A", price=Decimal(value)).create(ProductId(UUID(int=1)), XAF, NOW)


def test_changes_touch_what_they_name_and_count_the_version_on() -> None:
    product = NewProduct(sku="A", name="A", unit="sac", moq=Decimal(5)).create(
        ProductId(UUID(int=1)), XAF, NOW
    )
    changed = ProductChanges({"name": "  B ", "unit": None}).apply(product, XAF)

    assert (changed.name, changed.unit, changed.moq, changed.version) == ("B", None, Decimal(5), 2)
    assert (changed.id, changed.sku, changed.created_at) == (product.id, "A", NOW)


def test_what_changes_is_held_to_the_rules_of_what_is_new() -> None:
    product = NewProduct(sku="A", name="A").create(ProductId(UUID(int=1)), XAF, NOW)
    itself = SimilarTo(product.id, Decimal(1))
    with pytest.raises(InvalidFields) as refused:
        ProductChanges({"name": " ", "cost": Decimal("0.5"), "similar_to": itself}).apply(product, XAF)
    found = {problem.field: problem.problem.code for problem in refused.value.problems}
    assert found == {
        "name": "text.empty",
        "cost": "number.too_precise",
        "similar_to": "product.similar_to_itself",
    }


@pytest.mark.parametrize("share", ["0.0099", "10.01", "NaN", "-1", "0", "0.80001"])
def test_a_share_lies_between_one_in_a_hundred_and_ten_times(share: str) -> None:
    new = NewProduct("A", "A", similar_to=SimilarTo(ProductId(UUID(int=2)), Decimal(share)))
    with pytest.raises(InvalidFields) as refused:
        new.create(ProductId(UUID(int=1)), XAF, NOW)
    assert [problem.field for problem in refused.value.problems] == ["similar_to"]


@pytest.mark.parametrize(
    ("count", "problem"),
    [
        (StockCount(Decimal(1)), StockProductUnnamed),
        (StockCount(Decimal(1), sku="A", product_id=ProductId(UUID(int=1))), StockProductUnnamed),
        (StockCount(Decimal(-1), sku="A"), NumberOutOfRange),
        (StockCount(Decimal("0.0001"), sku="A"), NumberTooPrecise),
        (StockCount(Decimal(1), sku="A", counted_at=NOW + timedelta(seconds=1)), StockCountedInFuture),
    ],
)
def test_a_count_names_one_product_and_what_was_there(count: StockCount, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        count.checked(NOW)


def test_a_page_says_whether_more_follow() -> None:
    assert Page.cut([1, 2, 3], PageRequest(limit=2), str) == Page((1, 2), "2")
    assert Page.cut([1, 2], PageRequest(limit=2), str) == Page((1, 2), None)
    assert Page.cut([], PageRequest(), str) == Page((), None)


@pytest.mark.parametrize("limit", [0, -1, 201, 10**9])
def test_S33_a_page_has_one_to_two_hundred_items(limit: int) -> None:
    with pytest.raises(LimitOutOfRange):
        PageRequest(limit=limit)


@pytest.mark.parametrize("after", ["", "-1", "x", "9" * 30, "1;drop table users", "²"])
def test_a_cursor_that_is_no_number_is_refused(after: str) -> None:
    with pytest.raises(CursorInvalid):
        PageRequest(after=after).number_after()
