"""A forecast by a stranger's engine, over HTTP: installed for the worker, and not for the API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apart import apart
from system import Person
from trade import two_months

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def shop(site: Path) -> Iterator[Person]:
    """The owner of a shop with two months of sales of three products."""
    with apart(site) as system:
        owner = Person.register(system, "thirdparty@shop.example")
        owner.found("Boutique Kola", country="CM")
        owner.imported(two_months(3))
        yield owner


def test_it_is_listed_with_where_it_comes_from(shop: Person) -> None:
    engines = {engine["name"]: engine for engine in shop.get("/engines")["items"]}
    assert engines["kolanut_ridge"]["distribution"] == "kolanut"
    assert engines["kolanut_ridge"]["version"] == "2.1.0"
    assert engines["kolanut_ridge"]["covariates"] == ["holiday", "promotion"]


def test_its_forecast_can_be_ordered_and_read(shop: Person) -> None:
    asked = {"engine": "kolanut_ridge", "options": {"alpha": 0.5}, "horizon": 7}
    run = shop.post("/forecasts", 202, json=asked)
    shop.succeeded(run["job"])
    assert shop.get(f"/forecasts/{run['id']}")["products"] == {"ok": 3, "fallback": 0, "failed": 0}

    rows = {row["sku"]: row for row in shop.everything(f"/forecasts/{run['id']}/products")}
    assert {row["engine"] for row in rows.values()} == {"kolanut_ridge"}
    for sold, sku in ((1, "P1"), (2, "P2"), (3, "P3")):
        assert len(rows[sku]["mean"]) == 7
        assert rows[sku]["mean"][0] == pytest.approx(sold, rel=0.2)


def test_options_that_it_does_not_take_are_refused_by_the_api(shop: Person) -> None:
    refused = shop.post(
        "/forecasts", 422, json={"engine": "kolanut_ridge", "horizon": 7, "options": {"alpha": 0}}
    )
    assert [error["code"] for error in refused["errors"]] == ["engine.options_invalid"]
