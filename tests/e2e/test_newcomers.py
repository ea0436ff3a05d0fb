"""A new product on its way to an order on a whole system: named, grouped, promoted, forecast, ordered."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from servers import temporary_folder
from system import Person, running

pytestmark = pytest.mark.e2e

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
DAYS = [YESTERDAY - timedelta(days=back) for back in range(84)]


def test_what_was_never_sold_is_forecast_after_others_and_ordered() -> None:
    with temporary_folder() as folder, running(folder) as system:
        shop = Person.register(system, "binta@shop.example")
        shop.found("Chez Binta", country="SN")
        for sku in ("RIZ", "MIL"):
            shop.post("/products", 201, json={"sku": sku, "name": sku, "category": "Céréales"})
        lines = [f"{day},{sku},{sold}" for day in DAYS for sku, sold in (("RIZ", 10), ("MIL", 4))]
        shop.imported("\n".join(["date,sku,quantity", *lines]).encode())
        model = next(one["id"] for one in shop.everything("/products") if one["sku"] == "RIZ")
        named = shop.post("/products", 201, json={"sku": "RIZ-2", "name": "RIZ-2"})
        changed = shop.call(
            "PATCH",
            f"/products/{named['id']}",
            200,
            json={"similar_to": {"product_id": model, "share": 0.8}},
        )
        assert changed["version"] == 2
        shop.post("/products", 201, json={"sku": "FONIO", "name": "FONIO", "category": "Céréales"})
        days = {"starts_on": str(YESTERDAY), "ends_on": str(YESTERDAY + timedelta(days=3))}
        shop.post("/promotions", 201, json={"name": "Tabaski", "skus": ["RIZ"], **days})

        run = shop.post("/forecasts", 202, json={"horizon": 14})
        shop.succeeded(run["job"])
        found = {one["sku"]: one for one in shop.everything(f"/forecasts/{run['id']}/products")}
        for name in ("mean", "quantiles", "totals"):
            np.testing.assert_allclose(found["RIZ-2"][name], 0.8 * np.array(found["RIZ"][name]), rtol=1e-6)
        assert found["RIZ-2"]["reason"]["code"] == "forecast.cold_start_similar"
        assert found["FONIO"]["reason"]["code"] == "forecast.cold_start_category"
        assert min(found["FONIO"]["mean"]) > 0

        plan = shop.post("/plans", 202, json={})
        shop.succeeded(plan["job"])
        ordered = {one["sku"]: one["order_quantity"] for one in shop.everything("/recommendations")}
        assert ordered["FONIO"] > 0
        assert ordered["RIZ"] > ordered["RIZ-2"] > 0
