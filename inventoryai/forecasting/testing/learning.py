# ruff: noqa: S101 - asserting is what a conformance kit is for
"""Tests of an engine that learns: what it learnt can be kept, and carried elsewhere."""

from dataclasses import dataclass, field

import pytest

from inventoryai.forecasting.engine import Engine, TrainableEngine
from inventoryai.forecasting.states import MOST_BYTES, is_plain
from inventoryai.forecasting.testing.asking import EngineUnderTest
from inventoryai.forecasting.testing.comparing import assert_same, frozen
from inventoryai.forecasting.testing.histories import ordinary_panel


@dataclass
class RecordedTraining:
    """A ``Training`` that remembers what it was told.

    Attributes:
        checkpoint: What an earlier attempt kept last.
        shares: What was said to be done, in order.
        kept: The checkpoints of this attempt, in order.
    """

    checkpoint: bytes | None = None
    shares: list[float] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)

    def __call__(self, done: float) -> None:
        """Note a share."""
        self.shares.append(done)

    def keep(self, checkpoint: bytes) -> None:
        """Note a checkpoint."""
        self.kept.append(checkpoint)


class Learning(EngineUnderTest):
    """A ``TrainableEngine`` and its state."""

    def test_what_was_learnt_can_be_kept(self, engine: Engine) -> None:
        """Whoever restores a state answers like everybody else who does; it is JSON or safetensors."""
        trainable = _trainable(engine)
        state = _learnt(trainable, RecordedTraining())
        assert isinstance(state, bytes)
        assert len(state) <= MOST_BYTES
        assert is_plain(state), "state must be safetensors or JSON, never a pickle"
        restored = self.ask(trainable.restore(state), ordinary_panel(), 14)
        assert_same(self.ask(trainable.restore(bytes(state)), ordinary_panel(), 14), restored)
        if self.spec is not None:
            elsewhere = _trainable(self.spec.load({}))
            assert_same(self.ask(elsewhere.restore(state), ordinary_panel(), 14), restored)

    def test_the_same_data_teach_the_same(self, engine: Engine) -> None:
        """The same panel and seed give the same bytes; the panel is left as it was."""
        trainable = _trainable(engine)
        states = [_learnt(trainable, RecordedTraining()) for _ in range(2)]
        assert states[0] == states[1]

    def test_training_goes_on_where_it_was_interrupted(self, engine: Engine) -> None:
        """From the first, a middle and the last checkpoint, training ends in the same bytes.

        An engine that keeps none is as good: it begins anew.
        """
        trainable = _trainable(engine)
        whole = RecordedTraining()
        state = _learnt(trainable, whole)
        for place in sorted({0, len(whole.kept) // 2, len(whole.kept) - 1}) if whole.kept else ():
            kept = whole.kept[place]
            assert isinstance(kept, bytes)
            assert len(kept) <= MOST_BYTES
            assert is_plain(kept), "a checkpoint must be safetensors or JSON, never a pickle"
            assert _learnt(trainable, RecordedTraining(kept)) == state, f"resumed from checkpoint {place}"

    def test_learning_leaves_the_engine_as_it_was(self, engine: Engine) -> None:
        """What was learnt is in the state alone."""
        trainable = _trainable(engine)
        before = self.ask(trainable, ordinary_panel(), 14)
        restored = trainable.restore(_learnt(trainable, RecordedTraining()))
        self.ask(restored, ordinary_panel(), 14)
        assert_same(self.ask(trainable, ordinary_panel(), 14), before)

    def test_training_tells_how_far_it_is(self, engine: Engine) -> None:
        """As a share from 0 to 1 that does not fall."""
        training = RecordedTraining()
        _learnt(_trainable(engine), training)
        assert training.shares == sorted(training.shares)
        assert all(0 <= share <= 1 for share in training.shares)

    def test_a_state_that_is_none_is_refused(self, engine: Engine) -> None:
        """With a ValueError: states are kept for years, and may be cut short or of another version."""
        trainable = _trainable(engine)
        for state in (b"", b"\x80\x04nonsense", b"{}"):
            with pytest.raises(ValueError, match=r"."):
                trainable.restore(state)


def _learnt(engine: TrainableEngine, training: RecordedTraining) -> bytes:
    panel = ordinary_panel()
    with frozen(panel):
        return engine.train(panel, 0, training)


def _trainable(engine: Engine) -> TrainableEngine:
    if not isinstance(engine, TrainableEngine):
        pytest.skip("the engine is not trainable")
    return engine
