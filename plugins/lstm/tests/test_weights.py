"""Weights are numbers and words; what is none is refused."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest

from inventoryai.forecasting import Panel

pytest.importorskip("torch", reason="torch is not installed: see the README of the plugin")

import torch
from safetensors.torch import save
from torch import Tensor

from inventoryai_lstm import weights
from inventoryai_lstm.engine import Lstm
from inventoryai_lstm.network import Network


def test_the_same_weights_are_the_same_bytes() -> None:
    tensors = weights.shipped().state_dict()
    assert weights.packed(tensors, {"a": "1", "b": "2"}) == weights.packed(tensors, {"b": "2", "a": "1"})


def test_weights_come_back_as_they_were() -> None:
    tensors, words = weights.unpacked(weights.packed(Network().state_dict(), {"epochs": "3"}))
    assert words["epochs"] == "3"
    assert weights.restored(tensors).state_dict().keys() == tensors.keys()


class Canary:
    """Sings when it is unpickled."""

    sung = False

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return setattr, (Canary, "sung", True)


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def test_S39_no_pickle_is_run() -> None:
    for state in (pickle.dumps(Canary()), zipped("archive/data.pkl", pickle.dumps(Canary()))):
        with pytest.raises(ValueError, match="no weights of this engine"):
            Lstm.pretrained().restore(state)
    assert not Canary.sung


def changed(**tensors: Tensor) -> bytes:
    return weights.packed(weights.shipped().state_dict() | tensors, {})


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"{}",
        b"\xff" * 64,
        (1 << 60).to_bytes(8, "little") + b"{}",
        weights.packed({}, {}),
        changed(**{"head.0.bias": torch.zeros(3)}),
        changed(**{"head.0.bias": torch.full((128,), float("nan"))}),
        changed(**{"head.0.bias": torch.full((128,), float("inf"))}),
        changed(**{"head.0.bias": torch.zeros(128, dtype=torch.int64)}),
        changed(extra=torch.zeros(3)),
    ],
)
def test_what_is_no_network_is_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match="weights"):
        Lstm.pretrained().restore(state)


def said(words: str) -> bytes:
    """Good weights, with such words about them."""
    tensors = weights.shipped().state_dict()
    return bytes(save(dict(tensors), {"inventoryai_lstm": words}))


@pytest.mark.parametrize("words", ["[]", "1", "null", '"x"', "NaN", "[" * 40_000 + "]" * 40_000])
def test_weights_of_which_nonsense_is_said_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match="weights"):
        Lstm.pretrained().restore(said(words))


def test_very_many_tensors_are_refused_unread() -> None:
    state = weights.packed({str(place): torch.zeros(0) for place in range(20_000)}, {})
    with pytest.raises(ValueError, match="more is said"):
        weights.unpacked(state)


def test_weights_of_another_version_are_refused_by_their_number() -> None:
    state = weights.packed(weights.shipped().state_dict(), {})
    header = int.from_bytes(state[:8], "little")
    words = json.loads(state[8 : 8 + header])
    words["__metadata__"]["inventoryai_lstm"] = json.dumps({"version": "0"})
    other = json.dumps(words).encode()
    with pytest.raises(ValueError, match="version 0"):
        weights.unpacked(len(other).to_bytes(8, "little") + other + state[8 + header :])


def test_a_state_cut_short_anywhere_is_refused() -> None:
    state = weights.packed(weights.shipped().state_dict(), {})
    for length in (1, 8, 9, 100, len(state) // 2, len(state) - 1):
        with pytest.raises(ValueError, match="no weights"):
            Lstm.pretrained().restore(state[:length])


def test_prediction_does_not_depend_on_the_threads(weekly_shop: Panel) -> None:
    engine, levels, before = Lstm.pretrained(), np.array([0.1, 0.5, 0.95]), torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(engine.predict(weekly_shop, 28, levels, 0))
    finally:
        torch.set_num_threads(before)
    np.testing.assert_allclose(found[0].totals, found[1].totals, rtol=1e-9)
