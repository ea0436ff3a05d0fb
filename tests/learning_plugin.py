"""A plugin whose engines learn one number from a company: each learns in its own way, or not at all.

It is read as text by tests, which install it; nobody imports it from here.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from inventoryai.forecasting import Engine, EngineSpec, Panel, Prediction, Training, hookimpl

EPOCHS = 4
SHIPPED = 3.0


class Level:
    """Forecasts a multiple of each product's mean: as it was shipped three times, which is too much."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def predict(self, panel: Panel, horizon: int, levels: Any, seed: int) -> Prediction:
        means = np.array([np.nanmean(panel.history(place)) for place in range(len(panel))])
        draws = np.random.default_rng(seed).gamma(20.0, 1 / 20.0, (1, 200, horizon))
        return Prediction.from_samples(self.factor * means[:, None, None] * draws, levels)


class Learner(Level):
    """Comes nearer to 1 with each epoch, and keeps after each what it needs to go on."""

    def __init__(self, name: str, options: Mapping[str, object]) -> None:
        super().__init__(SHIPPED)
        self.name = name
        self.goal = float(str(options.get("goal", 1.0)))

    def train(self, panel: Panel, seed: int, progress: Training) -> bytes:
        del seed
        if self.name in ENDS:
            end: bytes = ENDS[self.name](panel)
            return end
        past = json.loads(progress.checkpoint or b'{"epoch": 0, "factor": 3.0}')
        for epoch in range(past["epoch"], EPOCHS):
            past = {"epoch": epoch + 1, "factor": (past["factor"] + self.goal) / 2}
            progress.keep(json.dumps(past).encode())
            progress((epoch + 1) / EPOCHS)
        return json.dumps({"factor": past["factor"], "products": len(panel)}).encode()

    def restore(self, state: bytes) -> Engine:
        if self.name == "forgetful":
            raise ValueError("I have never seen this")
        said = json.loads(state)
        if "factor" not in said:
            raise ValueError("no factor")
        return Level(said["factor"])


class Waiter(Learner):
    """Keeps one checkpoint and waits for ever; resumed, it says from where."""

    def train(self, panel: Panel, seed: int, progress: Training) -> bytes:
        del seed
        Path(__file__).with_suffix(".pid").write_text(str(os.getpid()))
        if progress.checkpoint is None or self.goal == 0:
            progress.keep(b'{"epoch": 3}')
            progress(0.5)
            time.sleep(3600)
        past = json.loads(progress.checkpoint or b"{}")
        return json.dumps({"factor": 1.0, "resumed": past, "products": len(panel)}).encode()


class Tired(Learner):
    """Learns once, and has enough when it is shown what it was judged by."""

    def train(self, panel: Panel, seed: int, progress: Training) -> bytes:
        if panel.lengths.max() > 60:
            raise MemoryError
        return super().train(panel, seed, progress)


def fail(_panel: Panel) -> bytes:
    raise RuntimeError("the glass was fragile")


def eat(_panel: Panel) -> bytes:
    np.ones(1 << 40)
    return b""


def die(_panel: Panel) -> bytes:
    os._exit(3)


def hang(_panel: Panel) -> bytes:
    while True:
        pass


ENDS: Mapping[str, Callable[[Panel], Any]] = {
    "dying": die,
    "eating": eat,
    "failing": fail,
    "hanging": hang,
    "pickled": lambda _panel: b"\x80\x04K\x01.",
    "voluble": lambda _panel: b"[" + b" " * (64 << 20) + b"]",
    "wordy": lambda _panel: "no bytes",
}
"""How trainings end that come to nothing."""

OPTIONS = {"type": "object", "properties": {"goal": {"type": "number", "minimum": 0, "maximum": 9}}}


def spec(name: str, load: Callable[[Mapping[str, object]], Engine], **more: Any) -> EngineSpec:
    ready: dict[str, Any] = {"minimum_history": 5, "options": OPTIONS, "trainable": True}
    return EngineSpec(name, name, "It learns.", load, contract_version=1, **(ready | more))


@hookimpl
def inventoryai_engines() -> list[EngineSpec]:
    names = [*ENDS, "forgetful"]
    return [
        spec("learner", partial(Learner, "learner"), automatic=True),
        spec("waiter", partial(Waiter, "waiter")),
        spec("tired", partial(Tired, "tired")),
        *(spec(name, partial(Learner, name)) for name in names),
    ]
