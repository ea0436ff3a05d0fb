"""Changing products over HTTP, and what a product sells like."""

from uuid import uuid4

import pytest
from callers import Callers

RICE = {"sku": "RIZ-25", "name": "Riz parfumé 25 kg", "unit": "sac", "price": 16500, "moq": 20}


async def test_a_change_touches_what_it_names(callers: Callers) -> None:
    ama = await callers.founder()
    product = (await ama.post("/products", RICE)).json()
    path = f"/products/{product['id']}"
    answer = await ama.call("PATCH", path, json={"price": 17000, "unit": None})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {**product, "price": 17000, "unit": None, "version": 2}
    assert (await ama.get(path)).json() == answer.json()


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"sku": None, "name": None}, [("sku", "field.not_text"), ("name", "field.not_text")]),
        ({"price": "dear", "moq": -1}, [("price", "field.not_number")]),
        ({"price": 0.5, "moq": -1}, [("price", "number.too_precise"), ("moq", "number.out_of_range")]),
        ({"version": 7, "archived": True}, [("version", "field.unknown"), ("archived", "field.unknown")]),
        ({"similar_to": {"share": 1}}, [("similar_to.product_id", "field.missing")]),
        ({"similar_to": 5}, [("similar_to", "field.not_object")]),
    ],
)
async def test_every_fault_of_a_change_is_named(
    callers: Callers, body: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    """S22."""
    ama = await callers.founder()
    product = (await ama.post("/products", RICE)).json()
    answer = await ama.call("PATCH", f"/products/{product['id']}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid"), answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == faults
    assert (await ama.get(f"/products/{product['id']}")).json() == product


async def test_who_says_what_was_read_overwrites_nobody(callers: Callers) -> None:
    ama = await callers.founder()
    created = await ama.post("/products", RICE)
    path, first = f"/products/{created.json()['id']}", created.headers["etag"]
    assert first == (await ama.get(path)).headers["etag"] == '"1"'

    async def change(if_match: str) -> tuple[int, str | None]:
        answer = await ama.call("PATCH", path, json={"name": "B"}, headers={"If-Match": if_match})
        return answer.status_code, answer.headers.get("etag")

    assert await change(first) == (200, '"2"')
    for stale in (first, 'W/"2"', "2", '"x"', "", '"99999999999999999999"'):
        assert (await change(stale))[0] == 412, stale
    assert await change('"7", "2"') == (200, '"3"')
    assert await change("*") == (200, '"4"')
    refused = await ama.call("PATCH", path, json={"name": "B"}, headers={"If-Match": first})
    assert refused.json()["code"] == "product.changed"


async def test_S18_nobody_changes_a_foreign_product(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    product = (await ama.post("/products", RICE)).json()
    foreign, unknown = [
        await eve.call("PATCH", f"/products/{one}", json={"name": "Mine"}) for one in (product["id"], uuid4())
    ]
    assert foreign.status_code == unknown.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert (await ama.get(f"/products/{product['id']}")).json() == product


async def test_a_new_product_may_sell_like_another(callers: Callers) -> None:
    ama = await callers.founder()
    model = (await ama.post("/products", RICE)).json()
    similar = {"product_id": model["id"], "share": 0.8}
    created = await ama.post("/products", {"sku": "NEW", "name": "New", "similar_to": similar})
    assert (created.status_code, created.json()["similar_to"]) == (201, similar)
    assert b'"share":0.8' in created.content
    path = f"/products/{created.json()['id']}"
    assert (await ama.get(path)).json() == created.json()
    gone = await ama.call("PATCH", path, json={"similar_to": None})
    assert gone.json()["similar_to"] is None


async def test_S20_a_product_sells_like_one_of_the_same_company_and_not_like_itself(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    theirs = (await eve.post("/products", RICE)).json()
    mine = (await ama.post("/products", RICE)).json()
    foreign = {"similar_to": {"product_id": theirs["id"], "share": 1}}
    for answer in (
        await ama.post("/products", {"sku": "NEW", "name": "New", **foreign}),
        await ama.call("PATCH", f"/products/{mine['id']}", json=foreign),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "product.similar_unknown")
        assert answer.json()["errors"][0]["field"] == "similar_to.product_id"
    itself = {"similar_to": {"product_id": mine["id"], "share": 1}}
    answer = await ama.call("PATCH", f"/products/{mine['id']}", json=itself)
    assert [one["code"] for one in answer.json()["errors"]] == ["product.similar_to_itself"]
