"""Products over HTTP: numbers digit by digit, and lists page by page."""

import re
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from callers import Callers

import inventoryai_http

PACKAGE = Path(inventoryai_http.__file__).parent
RICE = {
    "sku": "RIZ-25",
    "name": "Riz parfumé 25 kg",
    "category": "Épicerie",
    "unit": "sac",
    "cost": 14500,
    "price": 16500,
    "lead_time_days": 10,
    "lead_time_sd": 2.5,
    "moq": 20,
    "pack_size": 5,
    "service_level": 0.95,
}


async def test_a_product_comes_back_as_it_was_entered(callers: Callers) -> None:
    ama = await callers.founder()
    created = await ama.post("/products", RICE)
    assert created.status_code == 201
    product = created.json()
    assert product == {
        **RICE,
        "id": product["id"],
        "supplier_id": None,
        "similar_to": None,
        "archived": False,
        "created_at": product["created_at"],
        "version": 1,
    }
    assert (await ama.get(f"/products/{product['id']}")).json() == product
    assert (await ama.get("/products")).json() == {"items": [product], "next_cursor": None}


@pytest.mark.parametrize(
    ("currency", "written"),
    [
        ("EUR", "0.1"),
        ("EUR", "0.10"),
        ("EUR", "999999999999.99"),
        ("XAF", "14500"),
        ("TND", "1.234"),
    ],
)
async def test_money_is_read_and_written_digit_by_digit(
    callers: Callers, currency: str, written: str
) -> None:
    ama = await callers.founder(currency=currency)
    body = f'{{"sku": "A", "name": "A", "cost": {written}}}'.encode()
    answer = await ama.call("POST", "/products", content=body)
    assert answer.status_code == 201, answer.text
    assert f'"cost":{written},'.encode() in answer.content
    (row,) = callers.api.begin.rows.products.values()
    assert str(row.cost) == written


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, [("sku", "field.missing"), ("name", "field.missing")]),
        (
            {"sku": 5, "name": None, "cost": "dear", "moq": True},
            [
                ("sku", "field.not_text"),
                ("name", "field.not_text"),
                ("cost", "field.not_number"),
                ("moq", "field.not_number"),
            ],
        ),
        (
            {"sku": "A", "name": "A", "id": str(uuid4()), "company_id": str(uuid4()), "version": 7},
            [("id", "field.unknown"), ("company_id", "field.unknown"), ("version", "field.unknown")],
        ),
        (
            {"sku": " ", "name": "x" * 201, "cost": -1, "price": 0.5, "service_level": 1.5},
            [
                ("sku", "text.empty"),
                ("name", "text.too_long"),
                ("cost", "number.out_of_range"),
                ("price", "number.too_precise"),
                ("service_level", "number.out_of_range"),
            ],
        ),
        ({"sku": "A", "name": "A", "supplier_id": "me"}, [("supplier_id", "field.not_id")]),
    ],
)
async def test_every_fault_is_named(
    callers: Callers, body: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    """S22: what nobody may set is refused, and changes nothing."""
    ama = await callers.founder()
    answer = await ama.post("/products", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == faults
    assert callers.api.begin.rows.products == {}


async def test_a_name_that_turns_the_direction_of_writing_is_refused(callers: Callers) -> None:
    """It would pass for another wherever it is shown; Arabic and Hebrew do without such marks."""
    ama = await callers.founder()
    for name in ("A\u202egpj", "\u2066A", "A\u2069"):
        answer = await ama.post("/products", {"sku": "A", "name": name})
        assert answer.json()["errors"][0]["code"] == "text.control_characters", answer.text
    assert (await ama.post("/products", {"sku": "A", "name": "أرز بسمتي"})).status_code == 201


@pytest.mark.parametrize("cost", ["1e400", "-1e400", "1e-400", '"NaN"', '"Infinity"', "1" * 5000])
async def test_absurd_numbers_are_refused(callers: Callers, cost: str) -> None:
    ama = await callers.founder()
    body = f'{{"sku": "A", "name": "A", "cost": {cost}}}'.encode()
    answer = await ama.call("POST", "/products", content=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cost"


async def test_a_sku_is_taken_once(callers: Callers) -> None:
    ama = await callers.founder()
    await ama.post("/products", {"sku": "A-1", "name": "One"})
    answer = await ama.post("/products", {"sku": "A-1", "name": "Two"})
    assert (answer.status_code, answer.json()["code"]) == (409, "sku.already_exists")
    assert answer.json()["detail"] == "A product with the SKU A-1 exists already."
    assert "errors" not in answer.json()


async def test_a_foreign_product_is_as_unknown_as_any(callers: Callers) -> None:
    """S18."""
    ama, eve = await callers.founder(), await callers.founder()
    product = (await ama.post("/products", {"sku": "A", "name": "A"})).json()
    foreign, unknown = [await eve.get(f"/products/{one}") for one in (product["id"], uuid4())]
    assert foreign.status_code == unknown.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}


async def test_pages_follow_each_other_without_gap_or_repeat(callers: Callers) -> None:
    ama = await callers.founder()
    skus = [f"P-{number:03}" for number in range(7)]
    for sku in skus:
        await ama.post("/products", {"sku": sku, "name": sku})
    found: list[str] = []
    path = "/api/v1/products?limit=3"
    while path:
        answer = await callers.client.get(path, headers=ama.headers)
        page = answer.json()
        found += [item["sku"] for item in page["items"]]
        assert ("next" in answer.links) == (page["next_cursor"] is not None)
        path = answer.links.get("next", {}).get("url", "")
    assert found == skus


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1000000000"])
async def test_a_page_has_its_limits(callers: Callers, limit: str) -> None:
    """S33."""
    ama = await callers.founder()
    answer = await ama.get(f"/products?limit={limit}")
    assert (answer.status_code, answer.json()["code"]) == (422, "page.limit_out_of_range")
    assert answer.json()["errors"][0]["field"] == "limit"


async def test_a_limit_that_is_no_number_is_refused(callers: Callers) -> None:
    ama = await callers.founder()
    for limit in ("many", "1.5", "", "٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣"):
        answer = await ama.get("/products", params={"limit": limit})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize("cursor", ["!", "a", "QQ==", "////", "AA", "x" * 5_000, "%00"])
async def test_a_cursor_of_somebody_elses_making_is_refused(callers: Callers, cursor: str) -> None:
    ama = await callers.founder()
    answer = await ama.get(f"/products?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "page.cursor_invalid")


async def test_a_strange_sku_can_be_a_cursor(callers: Callers) -> None:
    ama = await callers.founder()
    skus = sorted(['"; drop table', "a/b?c=d&e", "é€漢", "zz"])
    for sku in skus:
        assert (await ama.post("/products", {"sku": sku, "name": "x"})).status_code == 201
    cursor, found = "", []
    for _ in skus:
        page = (await ama.get(f"/products?limit=1{cursor}")).json()
        found += [one["sku"] for one in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert found == skus


async def test_decimals_never_become_texts(callers: Callers) -> None:
    ama = await callers.founder(currency="EUR")
    answer = await ama.call("POST", "/products", content=b'{"sku":"A","name":"A","cost":0.1,"moq":1e2}')
    product = msgspec.json.Decoder(float_hook=Decimal).decode(answer.content)
    assert product["cost"] == Decimal("0.1")
    assert product["moq"] == 100


def test_no_handler_answers_with_a_response_that_writes_decimals_as_texts() -> None:
    plain = re.compile(r"(?<!\w)Response\(")
    files = [*PACKAGE.glob("*.py"), *PACKAGE.glob("controllers/*.py")]
    found = [file.name for file in files if plain.search(file.read_text())]
    # These two send no JSON at all.
    assert sorted(found) == ["docs_page.py", "health.py"]
