"""Files of sales and stock for the offline use cases, and these use cases without a process."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from inventoryai.forecasting import describe_engines
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.offline import ForecastFile, SalesFile, Stage
from inventoryai.usecases.offline_plans import PlanFile, StockFile
from inventoryai.usecases.prediction import Predict
from inventoryai_processes import InlineProcesses
from inventoryai_spreadsheets import CsvReader

TODAY = date(2026, 3, 10)
"""A Tuesday."""
YESTERDAY = TODAY - timedelta(days=1)


def forecast_file(chunk: int = 1000) -> ForecastFile:
    processes = InlineProcesses()
    predict = Predict(processes, describe_engines(), PredictionLimits(chunk=chunk))
    return ForecastFile(CsvReader(), processes, predict)


def plan_file() -> PlanFile:
    return PlanFile(forecast_file())


def sales_file(folder: Path, lines: Sequence[tuple[date, str, float]], today: date = TODAY) -> SalesFile:
    path = folder / "sales.csv"
    rows = [f"{day},{sku},{quantity}" for day, sku, quantity in lines]
    path.write_text("\n".join(["date,sku,quantity", *rows]) + "\n", encoding="utf-8")
    return SalesFile(path, today, ReadOptions())


def stock_file(folder: Path, counts: Sequence[tuple[str, float] | tuple[str, float, date]]) -> StockFile:
    """A file that names the days of its counts if the first of them has one."""
    path = folder / "stock.csv"
    rows = [",".join(str(said) for said in count) for count in counts]
    header = ["sku", "on hand", "date"][: len(counts[0]) if counts else 2]
    path.write_text("\n".join([",".join(header), *rows]) + "\n", encoding="utf-8")
    return StockFile(path, ReadOptions())


def daily(sku: str, quantities: Sequence[float], last_day: date = YESTERDAY) -> list[tuple[date, str, float]]:
    """One line a day, the last on ``last_day``."""
    first = last_day - timedelta(days=len(quantities) - 1)
    return [(first + timedelta(days=place), sku, sold) for place, sold in enumerate(quantities)]


class Watcher:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[Stage, int, int | None]] = []

    def __call__(self, stage: Stage, done: int, total: int | None) -> None:
        self.told.append((stage, done, total))
