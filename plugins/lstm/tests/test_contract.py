"""The engine keeps the contract."""

from collections.abc import Iterator

import pytest

from inventoryai.forecasting.testing import EngineContract

pytest.importorskip("torch", reason="torch is not installed: see the README of the plugin")

from inventoryai_lstm import finetuning, inventoryai_engines

(SPEC,) = inventoryai_engines()


@pytest.fixture(autouse=True, scope="module")
def few_epochs() -> Iterator[None]:
    """The contract asks how it learns, often, and not how much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finetuning, "EPOCHS", 3)
        yield


class TestLstm(EngineContract):
    spec = SPEC
