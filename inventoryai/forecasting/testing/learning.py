# ruff: noqa: S101 - asserting is what a conformance kit is for
"""Tests of an engine that learns: what it learnt can be kept, and carried elsewhere."""

import pytest

from inventoryai.forecasting.engine import Engine, TrainableEngine
from inventoryai.forecasting.testing.asking import EngineUnderTest
from inventoryai.forecasting.testing.comparing import assert_same
from inventoryai.forecasting.testing.histories import ordinary_panel


class Learning(EngineUnderTest):
    """A ``TrainableEngine`` and its state."""

    def test_what_was_learnt_can_be_kept(self, engine: Engine) -> None:
        """Whoever restores a state answers like everybody else who does; it is no pickle, bare or zipped."""
        trainable = _trainable(engine)
        state = trainable.train(ordinary_panel(), 0, lambda _share: None)
        assert isinstance(state, bytes)
        assert not state.startswith((b"\x80", b"PK")), "state must be safetensors or JSON, not a pickle"
        restored = self.ask(trainable.restore(state), ordinary_panel(), 14)
        assert_same(self.ask(trainable.restore(bytes(state)), ordinary_panel(), 14), restored)
        if self.spec is not None:
            elsewhere = _trainable(self.spec.load({}))
            assert_same(self.ask(elsewhere.restore(state), ordinary_panel(), 14), restored)

    def test_training_tells_how_far_it_is(self, engine: Engine) -> None:
        """As a share from 0 to 1 that does not fall."""
        shares: list[float] = []
        _trainable(engine).train(ordinary_panel(), 0, shares.append)
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)

    def test_a_state_that_is_none_is_refused(self, engine: Engine) -> None:
        """With a ValueError: states are kept for years, and may be cut short or of another version."""
        trainable = _trainable(engine)
        for state in (b"", b"\x80\x04nonsense", b"{}"):
            with pytest.raises(ValueError, match=r"."):
                trainable.restore(state)


def _trainable(engine: Engine) -> TrainableEngine:
    if not isinstance(engine, TrainableEngine):
        pytest.skip("the engine is not trainable")
    return engine
