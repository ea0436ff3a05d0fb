"""From nothing to an order: the whole system as a process, used over HTTP."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from servers import temporary_folder
from system import Person, System, running

from inventoryai_server.demo.shop import assortment, sales_file

pytestmark = pytest.mark.e2e

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
PLAIN = (
    b"date;sku;quantity;unit price\n01/03/2026;A;2;1 500 FCFA\n02/03/2026;A;3;1500\n13/03/2026;B;1,5;100\n"
)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with temporary_folder() as folder, running(folder) as system:
        yield system


@pytest.fixture(scope="module")
def shop(system: System) -> Person:
    """The owner of a shop with the demo's sales, stock and terms."""
    owner = Person.register(system, "awa@shop.example")
    owner.found("Boutique Awa", country="CM")
    products = assortment(40)
    for product in products:
        terms = {"lead_time_days": product.lead_time_days, "moq": product.moq, "pack_size": product.pack_size}
        owner.post(
            "/products", 201, json={"sku": product.sku, "name": product.name, "cost": product.cost} | terms
        )
    counts = [{"sku": product.sku, "on_hand": product.on_hand} for product in products]
    owner.post("/stock/counts", 200, json={"counts": counts})
    owner.imported(sales_file(products, YESTERDAY))
    return owner


def test_the_file_of_the_till_is_understood_and_its_counts_add_up(shop: Person) -> None:
    imported = shop.get("/imports")["items"][0]
    assert imported["state"] == "succeeded"
    assert imported["rows"] == imported["accepted"] > 10_000
    assert imported["rejected"] == imported["ignored"] == imported["products_created"] == 0
    assert imported["last_day"] == YESTERDAY.isoformat()
    assert imported["dialect"]["encoding"] == "cp1252"
    assert imported["dialect"]["delimiter"] == ";"


def test_every_product_is_forecast_as_a_distribution(shop: Person) -> None:
    run = shop.post("/forecasts", 202, json={"horizon": 28})
    shop.succeeded(run["job"])
    run = shop.get(f"/forecasts/{run['id']}")
    assert sum(run["products"].values()) == 40
    assert run["products"]["failed"] == 0
    products = shop.everything(f"/forecasts/{run['id']}/products")
    assert len(products) == 40
    one = products[0]
    assert len(one["mean"]) == len(one["quantiles"]) == len(one["totals"]) == 28
    assert len(one["levels"]) == len(one["totals"][0]) == 15
    assert one["starts_on"] == (YESTERDAY + timedelta(days=1)).isoformat()
    assert all(low <= high for row in one["totals"] for low, high in pairwise(row))


@pytest.mark.parametrize("engine", ["naive", "seasonal_naive", "empirical"])
def test_each_engine_can_be_asked_by_its_name(shop: Person, engine: str) -> None:
    assert engine in {one["name"] for one in shop.get("/engines")["items"]}
    run = shop.post("/forecasts", 202, json={"engine": engine, "horizon": 7})
    shop.succeeded(run["job"])
    used = {
        one["engine"] for one in shop.everything(f"/forecasts/{run['id']}/products") if one["status"] == "ok"
    }
    assert used == {engine}


def test_a_plan_says_what_to_order_most_urgent_first_and_why(shop: Person) -> None:
    plan = shop.post("/plans", 202, json={})
    shop.succeeded(plan["job"])
    items = shop.everything("/recommendations")
    assert len(items) == 40
    assert any(item["order_quantity"] > 0 for item in items)
    for item in items:
        explained = item["explanation"]
        assert explained["position"]["on_hand"] == item["on_hand"]
        assert explained["order_quantity"] == item["order_quantity"]
    today = (YESTERDAY + timedelta(days=1)).isoformat()
    urgent = shop.everything("/recommendations", urgent="true")
    assert urgent == items[: len(urgent)]
    assert all(item["order_by"] <= today for item in urgent)


def test_the_same_bytes_are_the_first_import(shop: Person) -> None:
    first = shop.imported(PLAIN)
    again = shop.upload(PLAIN, 200, filename="another name.csv")
    assert again["id"] == first["id"]


def test_an_overlapping_file_replaces_its_days_and_deleting_it_brings_them_back(system: System) -> None:
    owner = Person.register(system, "overlap@shop.example")
    owner.found("Recouvrement")
    owner.imported(PLAIN)
    later = owner.imported(b"date,sku,quantity\n2026-03-02,A,100\n")
    assert forecast_mean(owner) > 5
    owner.call("DELETE", f"/imports/{later['id']}", 204)
    assert forecast_mean(owner) < 1
    owner.get(f"/imports/{later['id']}", 404)


def forecast_mean(owner: Person) -> float:
    run = owner.post("/forecasts", 202, json={"engine": "mean", "horizon": 1})
    owner.succeeded(run["job"])
    products = owner.everything(f"/forecasts/{run['id']}/products")
    return float(next(one for one in products if one["sku"] == "A")["mean"][0])


def test_an_invited_person_joins_and_a_stranger_sees_nothing(system: System, shop: Person) -> None:
    company = shop.client.headers["X-Company-ID"]
    shop.post(f"/company/{company}/invite", 201, json={"email": "moussa@shop.example", "role": "member"})
    token = system.token("moussa@shop.example")
    moussa = Person.register(system, "moussa@shop.example")
    assert [offer["company_id"] for offer in moussa.get("/me/invitations")["items"]] == [company]
    moussa.get("/products", 404, headers={"X-Company-ID": company})
    moussa.post("/invitations/accept", 200, json={"token": token})
    moussa.post("/invitations/accept", 409, json={"token": token})
    assert moussa.get("/products")["items"]
    moussa.post(f"/company/{company}/invite", 403, json={"email": "x@shop.example", "role": "member"})
    stranger = Person.register(system, "stranger@shop.example")
    unknown = "01935c72-7d20-7e11-9c55-000000000000"
    theirs = stranger.get("/products", 404, headers={"X-Company-ID": company})
    nobodys = stranger.get("/products", 404, headers={"X-Company-ID": unknown})
    assert {**theirs, "instance": ""} == {**nobodys, "instance": ""}
    stranger.get(f"/company/{company}", 404)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"date,sku,quantity\n", "file.no_rows"),
        (b"sku,quantity\nA,1\n", "file.no_date_column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01", "file.not_text"),
        (b"date,sku,quantity\n03/04/2026,A,1\n05/06/2026,A,1\n", "file.date_order_ambiguous"),
    ],
    ids=["empty", "header only", "no date", "picture", "ambiguous dates"],
)
def test_a_file_that_cannot_be_read_fails_its_job_and_lands_nothing(
    system: System, content: bytes, code: str
) -> None:
    owner = Person.register(system, f"{code}@shop.example")
    owner.found("Mauvais fichiers")
    accepted = owner.upload(content)
    job = owner.finished(accepted["job"])
    assert (job["state"], job["error"]["code"]) == ("failed", code)
    assert owner.get("/products")["items"] == []
    owner.upload(content)


def test_bad_lines_are_listed_and_the_others_taken(system: System) -> None:
    owner = Person.register(system, "lines@shop.example")
    owner.found("Lignes")
    lines = ["date;sku;quantity", "31/02/2026;A;1", "13/02/2026;A;abc", "14/02/2026;A", "15/02/2026;A;4"]
    done = owner.imported("\n".join(lines).encode())
    assert (done["rows"], done["accepted"], done["rejected"]) == (4, 1, 3)
    errors = owner.everything(f"/imports/{done['id']}/errors")
    assert [(error["line"], error["value"]) for error in errors][:2] == [(2, "31/02/2026"), (3, "abc")]
    assert all(error["code"].startswith("line.") and error["message"] for error in errors)


def test_tokens_that_are_none_of_ours_are_refused(shop: Person) -> None:
    now = datetime.now(UTC)
    claims = {"sub": "x", "sid": "x", "iss": "inventoryai", "aud": "inventoryai-api", "iat": now, "jti": "1"}
    expired = jwt.encode(claims | {"exp": now - timedelta(1)}, "k" * 40, "HS256", headers={"typ": "at+jwt"})
    unsigned = jwt.encode(claims | {"exp": now + timedelta(1)}, "", "none", headers={"typ": "at+jwt"})
    for token in (expired, unsigned, "garbage"):
        shop.get("/company/", 401, headers={"Authorization": f"bearer {token}"})
    with httpx.Client(base_url=str(shop.client.base_url), trust_env=False) as nobody:
        answer = nobody.get("/company/")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/forecasts", {"engine": "crystal_ball", "horizon": 7}, "engine.unknown"),
        ("/forecasts", {"horizon": 0}, "forecast.horizon_out_of_range"),
        ("/forecasts", {"horizon": 10_000}, "forecast.horizon_out_of_range"),
        ("/plans", {"service_level": 1.5}, "plan.service_level_invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_code(
    shop: Person, path: str, body: dict[str, Any], code: str
) -> None:
    problem = shop.post(path, 422, json=body)
    assert code in {problem["code"], *(error["code"] for error in problem.get("errors", []))}


def test_the_documentation_is_served_from_here(system: System) -> None:
    page = httpx.get(f"{system.url}/docs", trust_env=False)
    assert page.status_code == 200
    assert "https://" not in page.text.replace("https://www.w3.org", "")
    document = httpx.get(f"{system.url}/api/v1/openapi.json", trust_env=False).json()
    assert document["openapi"].startswith("3.1")


@pytest.mark.skipif("INVENTORYAI_SAMPLE_DATA" not in os.environ, reason="INVENTORYAI_SAMPLE_DATA is not set")
def test_the_real_till_of_a_shop_goes_the_whole_way(system: System) -> None:
    """541,909 lines: returns, free items, codes that are no products, an order of 80,995 cancelled."""
    owner = Person.register(system, "real@shop.example")
    owner.found("Gift shop", country="GB")
    file = Path(os.environ["INVENTORYAI_SAMPLE_DATA"]) / "online_retail_lines.csv.gz"
    mapping = {"date": "InvoiceDate", "sku": "StockCode", "quantity": "Quantity"}
    mapping |= {"unit_price": "UnitPrice", "name": "Description"}
    done = owner.imported(file.read_bytes(), mapping=json.dumps(mapping))
    assert done["rows"] == 541_909 == done["accepted"] + done["rejected"] + done["ignored"]
    assert done["rejected"] == 0
    assert (done["first_day"], done["last_day"]) == ("2010-12-01", "2011-12-09")
    assert done["ignored_by_code"].keys() == {"line.free_item", "line.not_a_product"}
    with gzip.open(file) as unpacked:
        assert unpacked.readline().startswith(b"InvoiceNo")
    plan = owner.post("/plans", 202, json={})
    owner.succeeded(plan["job"])
    plan = owner.get(f"/plans/{plan['id']}")
    assert plan["as_of"] == date(2011, 12, 10).isoformat()
    urgent = owner.get("/recommendations", params={"urgent": "true", "limit": 10})["items"]
    assert len(urgent) == 10
