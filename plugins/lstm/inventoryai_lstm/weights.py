"""Weights as bytes and back: safetensors, which hold numbers and words and can run nothing."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors
from torch import Tensor

from inventoryai_lstm.network import Network

VERSION: Final = "1"
"""Of the network and of what it is told; weights of another version are refused."""
SHIPPED: Final = "weights.safetensors"
_HEADER: Final = 8
"""Bytes that say how long the words of safetensors are."""
_LONGEST: Final = 100_000
"""Bytes of such words, at most: ten times what a checkpoint needs. A million tensors take long to read."""


def packed(tensors: Mapping[str, Tensor], words: Mapping[str, str]) -> bytes:
    """Tensors with some words beside them, the same bytes for the same content."""
    plain = {name: tensor.detach().to("cpu").contiguous().clone() for name, tensor in tensors.items()}
    # One word, as the library writes several in an order of its own.
    return write_tensors(
        plain, {"inventoryai_lstm": json.dumps({**words, "version": VERSION}, sort_keys=True)}
    )


def unpacked(state: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    """What was packed.

    Raises:
        ValueError: These are no such bytes, or those of another version.
    """
    content = bytes(state)
    size = int.from_bytes(content[:_HEADER], "little")
    if size > _LONGEST:
        raise ValueError("these are no weights of this engine: more is said of them than of any")
    try:
        header = json.loads(content[_HEADER : _HEADER + size])
        words = dict(json.loads(header["__metadata__"]["inventoryai_lstm"]))
        tensors = read_tensors(content)
    except (SafetensorError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"these are no weights of this engine: {error}") from error
    if words.get("version") != VERSION:
        raise ValueError(f"these weights are of version {words.get('version')}, and this engine of {VERSION}")
    return tensors, words


def restored(tensors: Mapping[str, Tensor]) -> Network:
    """The network with such weights.

    Raises:
        ValueError: They are those of another network, or no finite numbers.
    """
    network = Network()
    try:
        network.load_state_dict(dict(tensors))
    except RuntimeError as error:
        raise ValueError(f"these are the weights of another network: {error}") from error
    if not all(tensor.dtype is torch.float32 and tensor.isfinite().all() for tensor in tensors.values()):
        raise ValueError("these weights are no finite numbers in single precision")
    return network.eval()


def shipped() -> Network:
    """The network as it was taught before it was shipped."""
    tensors, _ = unpacked(files("inventoryai_lstm").joinpath(SHIPPED).read_bytes())
    return restored(tensors)
