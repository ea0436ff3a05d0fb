"""What engines learn, as bytes: JSON or safetensors, so that reading them never runs anybody's code."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Self

MOST_BYTES: Final = 64 << 20
"""The largest state, and the largest checkpoint, that is kept."""
_HEADER: Final = 8
"""Bytes that say how long the header of safetensors is."""


@dataclass(frozen=True, slots=True)
class State:
    """What an engine has learnt. Two with the same digest are the same.

    Attributes:
        digest: SHA-256 of the content, in hexadecimal digits.
        content: What the engine's ``restore`` is given.
    """

    digest: str
    content: bytes = field(compare=False, repr=False)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """The state in these bytes."""
        return cls(sha256(content).hexdigest(), content)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What an engine has learnt from a company's data, and from which.

    Attributes:
        state: What the engine is restored from.
        until: Ordinal of the first period that it has not seen.
        renewed: What it has learnt from everything, once the other had been judged by what it had not seen.
    """

    state: State
    until: int
    renewed: State | None = None

    @property
    def states(self) -> tuple[State, ...]:
        """All that there is."""
        return (self.state,) if self.renewed is None else (self.state, self.renewed)

    @property
    def newest(self) -> State:
        """What periods to come are forecast from; it would be too good at those that are over."""
        return self.states[-1]


def is_plain(content: bytes) -> bool:
    """Whether bytes are JSON or safetensors: data, and nothing that is run when it is read."""
    length = int.from_bytes(content[:_HEADER], "little")
    if content[_HEADER : _HEADER + 1] == b"{" and length <= len(content) - _HEADER:
        return _is_json(content[_HEADER : _HEADER + length])
    return _is_json(content)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
