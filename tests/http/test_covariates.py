"""Holidays and promotions on their way from the company to an engine that makes use of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import uuid4

import numpy as np
import pytest
from callers import Caller, Callers
from engines import OneEngine, info
from numpy.typing import NDArray
from working import Worker

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.forecasting import Panel, Prediction
from inventoryai.usecases.engines import ReportWorker

LAST = date(2025, 6, 4)
"""Two days before Tabaski."""
DAYS = 120


@dataclass
class Recorder:
    """An engine that forecasts 1 and keeps what it was shown."""

    panels: list[Panel] = field(default_factory=list)

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        del seed
        self.panels.append(panel)
        return Prediction.certain(np.ones((len(panel), horizon)), levels)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


Workers = Callable[..., Awaitable[Worker]]


@pytest.fixture
async def worker_with(stored: Callers, recorder: Recorder) -> AsyncIterator[Workers]:
    """Makes a worker whose one engine takes some covariates; other tests shall not hear of it."""
    reports: list[ReportWorker] = []

    async def make(*covariates: str) -> Worker:
        catalogue = EngineCatalogue((replace(info("mine"), covariates=covariates),))
        reports.append(ReportWorker(stored.api.begin, uuid4(), "test", catalogue))
        await reports[-1]()
        return Worker(stored.api, OneEngine(recorder), catalogue)

    yield make
    for report in reports:
        await report.retire()


async def shop(callers: Callers, country: str) -> Caller:
    ama = await callers.founder(country=country)
    lines = [f"{LAST - timedelta(back)},{sku},2" for back in range(DAYS) for sku in ("RIZ", "SEL")]
    content = "\n".join(["date,sku,quantity", *lines]).encode()
    await ama.call("POST", "/imports", data={"kind": "sales"}, files={"file": ("v.csv", content)})
    await Worker(callers.api).work()
    return ama


async def forecast(ama: Caller, worker: Worker, recorder: Recorder, **asked: object) -> Panel:
    """The whole histories that the engine was shown, the last time it was asked."""
    run = await ama.post("/forecasts", {"horizon": 7, "engine": "mine", **asked})
    assert run.status_code == 202, run.text
    await worker.work()
    assert (await ama.get(f"/forecasts/{run.json()['id']}")).json()["state"] == "succeeded"
    return max(recorder.panels, key=lambda panel: len(panel.values))


def days_of(panel: Panel, name: str, product: int) -> list[str]:
    """The days on which a covariate is 1, past and future."""
    first = date(1970, 1, 1) + timedelta(int(panel.starts[product]))
    past = panel.covariates[name][panel.offsets[product] : panel.offsets[product + 1]]
    on = np.concatenate([past, panel.future[name][product]])
    assert set(on.tolist()) <= {0, 1}
    return [str(first + timedelta(int(place))) for place in np.flatnonzero(on)]


async def test_the_holidays_of_the_country_reach_an_engine_that_takes_them(
    stored: Callers, worker_with: Workers, recorder: Recorder
) -> None:
    worker = await worker_with("holiday")
    ama = await shop(stored, "SN")
    panel = await forecast(ama, worker, recorder)

    assert panel.future["holiday"].shape == (2, 7)
    for product in (0, 1):
        days = days_of(panel, "holiday", product)
        # Korité, Independence Day, Easter Monday, Labour Day; Tabaski and Whit Monday are to come.
        assert {"2025-03-30", "2025-04-04", "2025-04-21", "2025-05-01", "2025-06-06", "2025-06-09"} <= set(
            days
        )
        assert "2025-05-20" not in days
    assert panel.covariates.keys() == {"holiday"}


async def test_another_country_has_other_holidays_and_an_unknown_one_none(
    stored: Callers, worker_with: Workers, recorder: Recorder
) -> None:
    worker = await worker_with("holiday")
    ama = await shop(stored, "CM")
    days = days_of(await forecast(ama, worker, recorder), "holiday", 0)
    assert "2025-05-20" in days
    assert "2025-04-21" not in days

    recorder.panels.clear()
    eve = await shop(stored, "ZZ")
    assert days_of(await forecast(eve, worker, recorder), "holiday", 0) == []


async def test_promotions_reach_the_products_that_they_are_of(
    stored: Callers, worker_with: Workers, recorder: Recorder
) -> None:
    worker = await worker_with("promotion")
    ama = await shop(stored, "CM")
    past = {"name": "Mars", "starts_on": "2025-03-01", "ends_on": "2025-03-02", "skus": ["SEL"]}
    general = {"name": "Tabaski", "starts_on": "2025-06-04", "ends_on": "2025-06-05", "all": True}
    for one in (past, general):
        assert (await ama.post("/promotions", one)).status_code == 201
    panel = await forecast(ama, worker, recorder)

    assert days_of(panel, "promotion", 0) == ["2025-06-04", "2025-06-05"]
    assert days_of(panel, "promotion", 1) == ["2025-03-01", "2025-03-02", "2025-06-04", "2025-06-05"]
    assert panel.covariates.keys() == panel.future.keys() == {"promotion"}


async def test_weeks_hold_shares_of_days(stored: Callers, worker_with: Workers, recorder: Recorder) -> None:
    worker = await worker_with("holiday", "promotion")
    ama = await shop(stored, "SN")
    general = {"name": "Tabaski", "starts_on": "2025-06-02", "ends_on": "2025-06-05", "all": True}
    await ama.post("/promotions", general)
    panel = await forecast(ama, worker, recorder, frequency="week")

    # The week of 2 June has Tabaski, and the one after it Whit Monday.
    assert panel.future["holiday"][0, :2].tolist() == pytest.approx([1 / 7, 1 / 7])
    assert panel.future["promotion"][0, :2].tolist() == pytest.approx([4 / 7, 0])


async def test_an_engine_that_takes_nothing_is_shown_nothing(
    stored: Callers, worker_with: Workers, recorder: Recorder
) -> None:
    worker = await worker_with()
    ama = await shop(stored, "SN")
    await ama.post("/promotions", {"name": "A", "starts_on": str(LAST), "ends_on": str(LAST), "all": True})
    panel = await forecast(ama, worker, recorder)
    assert panel.covariates == panel.future == {}
