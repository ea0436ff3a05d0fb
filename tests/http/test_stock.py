"""Stock over HTTP."""

from uuid import uuid4

import pytest
from callers import Callers


async def test_each_count_is_judged_by_itself(callers: Callers) -> None:
    ama = await callers.founder()
    product = (await ama.post("/products", {"sku": "A", "name": "A"})).json()
    counts = [
        {"sku": "A", "on_hand": 12.5},
        {"sku": "nobody's", "on_hand": 1},
        {"product_id": str(uuid4()), "on_hand": 1},
        {"sku": "A", "product_id": product["id"], "on_hand": 1},
        {"sku": "A", "on_hand": -1},
        {"sku": "A", "on_hand": 1, "counted_at": "2999-01-01T00:00:00Z"},
    ]
    answer = await ama.post("/stock/counts", {"counts": counts}, headers={"Accept-Language": "fr"})
    assert answer.status_code == 200
    results = answer.json()["items"]
    assert [one["error"] and one["error"]["code"] for one in results] == [
        None,
        "sku.unknown",
        "product.not_found",
        "stock.product_unnamed",
        "number.out_of_range",
        "stock.counted_in_future",
    ]
    assert results[0] == {"sku": "A", "product_id": product["id"], "on_hand": 12.5, "error": None}
    assert results[1]["error"]["message"] == "Aucun produit ne porte la référence nobody's."


async def test_a_sku_that_no_product_can_have_is_one_counts_fault_alone(callers: Callers) -> None:
    """The database would refuse the whole question over a NUL."""
    ama = await callers.founder()
    await ama.post("/products", {"sku": "Café", "name": "Café"})
    counts = [
        *({"sku": sku, "on_hand": 1} for sku in ("A\x00", "x" * 10_000, " ", " Cafe\u0301 ")),
        {"sku": "Café", "on_hand": 1, "counted_at": "0001-01-01T00:00:00+14:00"},
        {"sku": "Café", "on_hand": 1, "counted_at": "9999-12-31T23:59:59-14:00"},
    ]
    answer = await ama.post("/stock/counts", {"counts": counts})
    assert answer.status_code == 200, answer.text
    assert [one["error"] and one["error"]["code"] for one in answer.json()["items"]] == [
        "text.control_characters",
        "text.too_long",
        "text.empty",
        None,
        "stock.counted_too_long_ago",
        "stock.counted_in_future",
    ]


async def test_what_was_counted_is_on_hand(callers: Callers) -> None:
    ama = await callers.founder()
    await ama.post("/products", {"sku": "A", "name": "Riz"})
    await ama.post("/stock/counts", {"counts": [{"sku": "A", "on_hand": 3}]})
    (position,) = (await ama.get("/stock")).json()["items"]
    assert set(position) == {
        "product_id",
        "sku",
        "name",
        "on_hand",
        "on_order",
        "backordered",
        "counted_at",
    }
    assert (position["sku"], position["name"], position["on_hand"]) == ("A", "Riz", 3)


@pytest.mark.parametrize("many", [0, 1001])
async def test_a_call_takes_so_many_counts(callers: Callers, many: int) -> None:
    ama = await callers.founder()
    answer = await ama.post("/stock/counts", {"counts": [{"sku": "A", "on_hand": 1}] * many})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "counts")


async def test_faults_inside_a_list_are_named_by_their_place(callers: Callers) -> None:
    ama = await callers.founder()
    counts = [
        {"sku": "A", "on_hand": 1, "counted_at": "2024-01-01T00:00:00"},
        {"sku": "A", "on_hand": "abc"},
        {"sku": 7},
        "A",
        {"sku": "A", "on_hand": 1, "counted_at": None},
    ]
    answer = await ama.post("/stock/counts", {"counts": counts})
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("counts.0.counted_at", "field.not_moment"),
        ("counts.1.on_hand", "field.not_number"),
        ("counts.2.on_hand", "field.missing"),
        ("counts.2.sku", "field.not_text"),
        ("counts.3", "field.not_object"),
    ]


async def test_a_flood_of_faults_is_cut_short(callers: Callers) -> None:
    ama = await callers.founder()
    answer = await ama.post("/stock/counts", {"counts": [{}] * 1000})
    assert len(answer.json()["errors"]) == 100
