"""Engines that learn, installed for a test, and a shop that has something to teach them."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from callers import Caller, Callers, Json
from plugin_sites import install_plugin
from working import Worker

from inventoryai.forecasting import describe_engines, running
from inventoryai.usecases.engines import ReportWorker

LAST = date(2024, 3, 31)
DAYS = 91
UNTIL = "2024-02-05"
"""The last 56 days are held back: two windows of 28."""
SOURCE = Path(__file__).parent / "learning_plugin.py"
SKUS = ("RIZ", "SEL", "THE", "MIL")


@contextmanager
def learning_installed(folder: Path) -> Iterator[None]:
    """For as long as the block lasts, engines that learn are installed beside the others."""
    site = install_plugin(folder, "learning", SOURCE.read_text("utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        yield
    running._installed.cache_clear()
    running._engine.cache_clear()
    running._restored.cache_clear()


@asynccontextmanager
async def learning_worker(callers: Callers) -> AsyncIterator[Worker]:
    """A worker that has them; later tests shall not hear of it."""
    worker = Worker(callers.api, catalogue=describe_engines())
    report = ReportWorker(callers.api.begin, uuid4(), "test", worker.catalogue)
    await report()
    yield worker
    await report.retire()


@dataclass
class Shop:
    """Somebody whose shop has sold four products, each in its own rhythm, for three months."""

    owner: Caller
    worker: Worker

    @classmethod
    async def open(cls, callers: Callers, worker: Worker, days: int = DAYS) -> "Shop":
        shop = cls(await callers.founder(), worker)
        await shop.sell(range(days))
        return shop

    async def sell(self, days: Iterable[int]) -> None:
        """Sales of so many days ago come in."""
        lines = [
            f"{LAST - timedelta(days=back)},{sku},{4 + (back * (number + 3)) % 5}"
            for back in days
            for number, sku in enumerate(SKUS)
        ]
        content = "\n".join(["date,sku,quantity", *lines]).encode()
        files = {"file": ("v.csv", content)}
        await self.owner.call("POST", "/imports", data={"kind": "sales"}, files=files)
        await self.worker.work()

    async def trained(self, engine: str = "learner", **asked: object) -> Json:
        """A model once its training has ended."""
        answer = await self.owner.post("/models", {"engine": engine, **asked})
        assert answer.status_code == 202, answer.text
        await self.worker.work()
        return await self.model(answer.json()["id"])

    async def model(self, model_id: str) -> Json:
        return (await self.owner.get(f"/models/{model_id}")).json()

    async def asked(self, engine: str = "learner", **asked: object) -> Json:
        answer = await self.owner.post("/forecasts", {"horizon": 7, "engine": engine, **asked})
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def forecast(self, engine: str = "learner", **asked: object) -> Json:
        """A run once it has succeeded."""
        run = await self.asked(engine, **asked)
        await self.worker.work()
        return await self.succeeded(run)

    async def succeeded(self, run: Json) -> Json:
        done = (await self.owner.get(f"/forecasts/{run['id']}")).json()
        assert done["state"] == "succeeded", done
        assert done["products"] == {"ok": len(SKUS), "fallback": 0, "failed": 0}
        return done

    async def factor(self, run: Json) -> float:
        """What the engine took the mean times: 3 as it was shipped."""
        page = (await self.owner.get(f"/forecasts/{run['id']}/products")).json()
        return round(float(np.mean(page["items"][0]["mean"])) / 6, 1)
