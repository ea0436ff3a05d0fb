"""Learning a company's own demand."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from inventoryai.forecasting import Frequency, Panel

pytest.importorskip("torch", reason="torch is not installed: see the README of the plugin")

import torch

from inventoryai_lstm import finetuning, weights
from inventoryai_lstm.engine import Lstm
from inventoryai_lstm.exam import Exam
from inventoryai_lstm.series import Sample, Series


@dataclass
class Kept:
    """A training that remembers all that it is told."""

    checkpoint: bytes | None = None
    shares: list[float] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)

    def __call__(self, done: float) -> None:
        self.shares.append(done)

    def keep(self, checkpoint: bytes) -> None:
        self.kept.append(checkpoint)


def words(training: Kept, name: str) -> list[str]:
    """What each checkpoint says of one thing."""
    return [weights.unpacked(one)[1][name] for one in training.kept]


def payday_shop(products: int, days: int, seed: int) -> Panel:
    """Sales of the first days of each month, when wages are paid, and hardly any after."""
    random = np.random.default_rng(seed)
    dates = np.arange(20_000 - days, 20_000).astype("datetime64[D]")
    first = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) < 5
    demand = random.poisson(np.where(first, 30.0, 1.0), (products, days)).astype(np.float64)
    return Panel.of(list(demand), frequency=Frequency.DAY, end=20_000)


def loss(engine: Lstm, panel: Panel, days: int) -> float:
    """Pinball loss of the last days, which the engine is not shown."""
    demand = panel.values.reshape(len(panel), -1)
    shown = Panel.of(list(demand[:, :-days]), frequency=panel.frequency, end=panel.end - days)
    levels = np.linspace(0.1, 0.9, 9)
    over = demand[:, -days:, None] - engine.predict(shown, days, levels, 0).quantiles
    return float(np.maximum(levels * over, (levels - 1) * over).mean())


def test_what_is_odd_about_a_company_is_learnt() -> None:
    engine = Lstm.pretrained()
    learnt = engine.restore(engine.train(payday_shop(20, 150, 1), 0, Kept()))
    assert isinstance(learnt, Lstm)
    unseen = payday_shop(20, 110, 2)
    assert loss(learnt, unseen, 28) < 0.9 * loss(engine, unseen, 28)


def test_learning_ends_when_it_no_longer_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Exam, "cost", lambda *_: 1.0)
    training = Kept()
    state = Lstm.pretrained().train(payday_shop(4, 40, 1), 0, training)
    assert words(training, "again") == ["0"] * finetuning.PATIENCE + ["1"]
    assert training.shares[-1] == 1.0
    shipped = weights.shipped().state_dict()
    assert all(torch.equal(tensor, shipped[name]) for name, tensor in weights.unpacked(state)[0].items())


def test_it_is_learnt_twice_and_every_epoch_is_told_of_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = iter([1.0, 0.9, 0.8, 0.9, 0.9, 0.9])
    monkeypatch.setattr(Exam, "cost", lambda *_: next(costs))
    training = Kept()
    Lstm.pretrained().train(payday_shop(4, 40, 1), 0, training)
    assert words(training, "again") == ["0"] * 5 + ["1"] * 3
    assert words(training, "epoch") == ["1", "2", "3", "4", "5", "0", "1", "2"]
    assert set(words(training, "best")[2:]) == {"2"}
    halves = {epoch / finetuning.EPOCHS / 2 for epoch in range(1, 6)} | {0.75, 1.0}
    assert halves <= set(training.shares)
    assert training.shares == sorted(training.shares)


def test_the_newest_periods_teach_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    sample = Series.sample

    def noted(self: Series, *of: Any) -> Sample:
        lengths.append(self.demand.shape[1])
        return sample(self, *of)

    monkeypatch.setattr(Series, "sample", noted)
    Lstm.pretrained().train(payday_shop(20, 150, 1), 0, Kept())
    assert set(lengths) == {150 - 28, 150}


@pytest.mark.parametrize("checkpoint", [b"", b"\x80\x04nonsense", weights.packed({}, {"epoch": "3"})])
def test_a_checkpoint_that_cannot_be_read_costs_no_training(
    checkpoint: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetuning, "EPOCHS", 1)
    panel, engine = payday_shop(4, 40, 1), Lstm.pretrained()
    assert engine.train(panel, 0, Kept(checkpoint)) == engine.train(panel, 0, Kept())


def test_too_little_history_is_said_to_be_too_little() -> None:
    panel = Panel.of([np.ones(12)], frequency=Frequency.DAY, end=20_000)
    with pytest.raises(ValueError, match="at least 14 periods"):
        Lstm.pretrained().train(panel, 0, Kept())


def test_products_that_never_sold_teach_nothing_and_break_nothing() -> None:
    panel = Panel.of([np.zeros(60)] * 3, frequency=Frequency.DAY, end=20_000)
    state = Lstm.pretrained().train(panel, 0, Kept())
    shipped = weights.shipped().state_dict()
    assert all(torch.equal(tensor, shipped[name]) for name, tensor in weights.unpacked(state)[0].items())
