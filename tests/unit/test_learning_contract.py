"""The kit finds what trainable engines must not do: each of these breaks one promise, and one test tells."""

import json
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Engine, Panel, Prediction, Training
from inventoryai.forecasting.testing import EngineContract

Levels = NDArray[np.float64]
Teach = Callable[["Learner", Panel, Training], bytes]


class Level:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def predict(self, panel: Panel, horizon: int, levels: Levels, seed: int) -> Prediction:
        means = np.array([np.nanmean(panel.history(product)) for product in range(len(panel))])
        draws = np.sort(np.random.default_rng(seed).random((1, 50, horizon)), axis=1)
        return Prediction.from_samples(self.factor * means[:, None, None] * draws, levels)


class Learner(Level):
    def __init__(self, teach: Teach) -> None:
        super().__init__(2.0)
        self.teach = teach

    def train(self, panel: Panel, seed: int, progress: Training) -> bytes:
        del seed
        return self.teach(self, panel, progress)

    def restore(self, state: bytes) -> Engine:
        said = json.loads(state)
        if "factor" not in said:
            raise ValueError("no factor")
        return Level(said["factor"])


def step_by_step(_learner: Learner, panel: Panel, progress: Training) -> bytes:
    past = json.loads(progress.checkpoint or b'{"epoch": 0, "factor": 2.0}')
    for epoch in range(past["epoch"], 3):
        past = {"epoch": epoch + 1, "factor": past["factor"] / 2 + len(panel) / 100}
        progress.keep(json.dumps(past).encode())
        progress((epoch + 1) / 3)
    return json.dumps(past).encode()


def at_once(_learner: Learner, panel: Panel, progress: Training) -> bytes:
    progress(1.0)
    return json.dumps({"factor": len(panel)}).encode()


class TestStepByStep(EngineContract):
    @pytest.fixture
    def engine(self) -> Learner:
        return Learner(step_by_step)


class TestAtOnce(EngineContract):
    @pytest.fixture
    def engine(self) -> Learner:
        return Learner(at_once)


def forgetting_where(learner: Learner, panel: Panel, progress: Training) -> bytes:
    """Adds its whole training to what it had learnt before."""
    past = json.loads(progress.checkpoint or b'{"factor": 1.0}')
    past = {"factor": past["factor"] + at_once(learner, panel, progress).count(b"1")}
    progress.keep(json.dumps(past).encode())
    return json.dumps(past).encode()


def by_luck(_learner: Learner, _panel: Panel, _progress: Training) -> bytes:
    return json.dumps({"factor": np.random.default_rng().random()}).encode()


def in_itself(learner: Learner, _panel: Panel, _progress: Training) -> bytes:
    learner.factor = 5.0
    return b'{"factor": 5.0}'


def pickled(_learner: Learner, _panel: Panel, _progress: Training) -> bytes:
    return pickle.dumps({"factor": 1.0})


def pickled_midway(_learner: Learner, _panel: Panel, progress: Training) -> bytes:
    progress.keep(pickle.dumps({"factor": 1.0}))
    return b'{"factor": 1.0}'


def back_and_forth(_learner: Learner, _panel: Panel, progress: Training) -> bytes:
    progress(0.5)
    progress(0.4)
    return b'{"factor": 1.0}'


def kit() -> EngineContract:
    return TestAtOnce()


BROKEN: dict[str, tuple[Teach, Callable[[Learner], None]]] = {
    "resumed": (forgetting_where, lambda one: kit().test_training_goes_on_where_it_was_interrupted(one)),
    "chance": (by_luck, lambda one: kit().test_the_same_data_teach_the_same(one)),
    "itself": (in_itself, lambda one: kit().test_learning_leaves_the_engine_as_it_was(one)),
    "pickle": (pickled, lambda one: kit().test_what_was_learnt_can_be_kept(one)),
    "midway": (pickled_midway, lambda one: kit().test_training_goes_on_where_it_was_interrupted(one)),
    "shares": (back_and_forth, lambda one: kit().test_training_tells_how_far_it_is(one)),
}


@pytest.mark.parametrize(("teach", "check"), BROKEN.values(), ids=BROKEN)
def test_a_broken_promise_is_found(teach: Teach, check: Callable[[Learner], None]) -> None:
    with pytest.raises(AssertionError):
        check(Learner(teach))


def test_an_engine_that_writes_into_what_it_learns_from_is_stopped() -> None:
    def writing(_learner: Learner, panel: Panel, _progress: Training) -> bytes:
        panel.values[:] = 0.0
        return b'{"factor": 1.0}'

    with pytest.raises(ValueError, match="read-only"):
        kit().test_what_was_learnt_can_be_kept(Learner(writing))
