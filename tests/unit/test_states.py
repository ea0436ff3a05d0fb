"""What may be kept of an engine: data, and nothing that runs when it is read."""

import json
import pickle

import numpy as np
import pytest

from inventoryai.forecasting.states import State, is_plain


def safetensors(header: object, content: bytes) -> bytes:
    said = json.dumps(header).encode()
    return len(said).to_bytes(8, "little") + said + content


WEIGHTS = np.arange(3, dtype="<f4").tobytes()
HEADER = {"weight": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}


@pytest.mark.parametrize(
    "content", [b"{}", b' {"factor": 1.5}\n', b"[1, 2, 3]", b"7", safetensors(HEADER, WEIGHTS)]
)
def test_json_and_safetensors_are_plain(content: bytes) -> None:
    assert is_plain(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"PK\x03\x04archive",
        *(pickle.dumps({"factor": 1.5}, protocol=protocol) for protocol in range(6)),
        safetensors(HEADER, WEIGHTS)[:20],
        (10**9).to_bytes(8, "little") + b"{}",
        (4).to_bytes(8, "little") + b"{no}" + WEIGHTS,
    ],
)
def test_S39_nothing_else_is(content: bytes) -> None:
    assert not is_plain(content)


def test_states_are_known_by_their_digest() -> None:
    assert State.of(b"{}") == State.of(b"{}")
    assert State.of(b"{}") != State.of(b"[]")
    assert hash(State.of(b"{}")) == hash(State.of(b"{}"))
    assert "secret" not in repr(State.of(b'"secret"'))
