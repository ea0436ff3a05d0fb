"""Promotions over HTTP."""

from uuid import uuid4

import pytest
from callers import Callers

TABASKI = {"name": "Tabaski", "starts_on": "2026-05-18", "ends_on": "2026-05-27"}


async def test_a_promotion_of_named_products_comes_back_as_it_was_entered(callers: Callers) -> None:
    ama = await callers.founder()
    ids = [(await ama.post("/products", {"sku": sku, "name": sku})).json()["id"] for sku in "AB"]
    created = await ama.post("/promotions", {**TABASKI, "products": [ids[0], ids[1], ids[0]]})
    assert created.status_code == 201, created.text
    promotion = created.json()
    assert promotion == {
        "id": promotion["id"],
        **TABASKI,
        "all": False,
        "product_count": 2,
        "created_at": promotion["created_at"],
        "products": promotion["products"],
    }
    assert sorted(promotion["products"]) == sorted(ids)
    got = (await ama.get(f"/promotions/{promotion['id']}")).json()
    assert {**got, "products": sorted(got["products"])} == {**promotion, "products": sorted(ids)}
    del promotion["products"]
    assert (await ama.get("/promotions")).json() == {"items": [promotion], "next_cursor": None}


async def test_products_may_be_named_by_their_skus_as_they_are_typed(callers: Callers) -> None:
    ama = await callers.founder()
    made = (await ama.post("/products", {"sku": "RIZ-25", "name": "Riz"})).json()
    created = await ama.post("/promotions", {**TABASKI, "skus": [" RIZ-25 ", "RIZ-25"]})
    assert created.json()["products"] == [made["id"]]


async def test_a_promotion_may_be_of_everything(callers: Callers) -> None:
    ama = await callers.founder()
    created = (await ama.post("/promotions", {**TABASKI, "all": True})).json()
    assert (created["all"], created["product_count"], created["products"]) == (True, None, [])


async def test_a_promotion_can_be_taken_back_once(callers: Callers) -> None:
    ama = await callers.founder()
    created = (await ama.post("/promotions", {**TABASKI, "all": True})).json()
    path = f"/promotions/{created['id']}"
    assert (await ama.call("DELETE", path)).status_code == 204
    for method in ("DELETE", "GET"):
        gone = await ama.call(method, path)
        assert (gone.status_code, gone.json()["code"]) == (404, "promotion.not_found")


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({}, [("products", "promotion.products_unclear")]),
        ({"skus": ["A"], "all": True}, [("products", "promotion.products_unclear")]),
        ({"skus": ["A"], "products": []}, [("products", "promotion.products_unclear")]),
        ({"skus": []}, [("products", "promotion.products_unclear")]),
        ({"skus": ["A", " "]}, [("skus.1", "text.empty")]),
        ({"all": True, "ends_on": "2026-05-17"}, [("ends_on", "promotion.ends_before_start")]),
        ({"all": True, "ends_on": "2027-05-19"}, [("ends_on", "promotion.too_long")]),
        (
            {"all": True, "name": " ", "starts_on": "1969-12-31", "ends_on": "1970-01-01"},
            [("name", "text.empty"), ("starts_on", "promotion.day_out_of_range")],
        ),
        (
            {"all": True, "starts_on": "9999-12-31", "ends_on": "9999-12-31"},
            [("starts_on", "promotion.day_out_of_range"), ("ends_on", "promotion.day_out_of_range")],
        ),
        ({"all": True, "starts_on": "tomorrow"}, [("starts_on", "field.not_day")]),
        ({"products": ["A"]}, [("products.0", "field.not_id")]),
        ({"all": "yes"}, [("all", "field.not_boolean")]),
        ({"all": True, "id": str(uuid4())}, [("id", "field.unknown")]),
    ],
)
async def test_every_fault_is_named(
    callers: Callers, said: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    ama = await callers.founder()
    answer = await ama.post("/promotions", {**TABASKI, **said})
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid"), answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == faults
    assert callers.api.begin.rows.promotions == {}


async def test_S20_what_is_promoted_is_ones_own(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    product = (await ama.post("/products", {"sku": "A", "name": "A"})).json()
    by_id = await eve.post("/promotions", {**TABASKI, "products": [product["id"]]})
    by_sku = await eve.post("/promotions", {**TABASKI, "skus": ["A"]})
    assert (by_id.status_code, by_id.json()["code"]) == (404, "product.not_found")
    assert (by_sku.status_code, by_sku.json()["code"]) == (404, "sku.unknown")
    assert callers.api.begin.rows.promotions == {}


async def test_S18_a_foreign_promotion_is_as_unknown_as_any(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    created = (await ama.post("/promotions", {**TABASKI, "all": True})).json()
    for method in ("GET", "DELETE"):
        foreign, unknown = [await eve.call(method, f"/promotions/{one}") for one in (created["id"], uuid4())]
        assert foreign.status_code == unknown.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert (await eve.get("/promotions")).json()["items"] == []
    assert (await ama.get(f"/promotions/{created['id']}")).status_code == 200
