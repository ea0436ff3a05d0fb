"""A file with a column of categories: what is new in it is forecast after what is not."""

from pathlib import Path

import numpy as np
import pytest
from offline import TODAY, daily, forecast_file

from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai.usecases.offline import FileForecast, SalesFile
from inventoryai.usecases.prediction import Predictions

CATEGORIES = {"A": "Riz", "B": "Riz", "NEW": "Riz", "LONE": "Savon", "BARE": ""}


async def forecast(folder: Path, *, column: bool) -> FileForecast:
    lines = [*daily("A", [4] * 60), *daily("B", [12] * 60)]
    lines += [line for sku in ("NEW", "LONE", "BARE") for line in daily(sku, [20] * 7)]
    rows = [f"{day},{sku},{sold}" + f",{CATEGORIES[sku]}" * column for day, sku, sold in lines]
    path = folder / "sales.csv"
    path.write_text("\n".join(["date,sku,quantity" + ",category" * column, *rows]) + "\n", encoding="utf-8")
    return await forecast_file()(SalesFile(path, TODAY, ReadOptions()), ForecastRequest(7, "mean"))


def of(found: FileForecast, sku: str) -> tuple[str, float]:
    predictions: Predictions = found.predictions
    place = found.skus.index(sku)
    return predictions.outcomes[place].engine, float(np.mean(predictions.prediction.mean[place]))


async def test_a_newcomer_is_forecast_after_its_category(tmp_path: Path) -> None:
    found = await forecast(tmp_path, column=True)
    guess = ((4 * 8) ** 0.5 + (12 * 8) ** 0.5) / 2

    engine, mean = of(found, "NEW")
    assert engine == "cold_start"
    assert mean == pytest.approx((guess + 2 * 20) / 3, rel=0.02)
    reason = found.predictions.outcomes[found.skus.index("NEW")].reason
    assert reason is not None
    assert reason.data == {"category": "Riz", "products": 2, "known": 7}
    assert found.predictions.count(ForecastStatus.FALLBACK) == 1
    for sku in ("A", "B", "LONE", "BARE"):
        assert of(found, sku)[0] == "mean"


async def test_without_a_column_of_categories_all_are_on_their_own(tmp_path: Path) -> None:
    found = await forecast(tmp_path, column=False)
    assert {outcome.engine for outcome in found.predictions.outcomes} == {"mean"}
