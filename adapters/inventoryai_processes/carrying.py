"""Carrying a call to another process and its outcome back, whatever it is."""

import pickle
import traceback
from collections.abc import Callable
from enum import StrEnum
from typing import cast

from inventoryai.ports.processes import MemoryExceeded, TaskFailed

_MEGABYTE = 1 << 20


class Outcome(StrEnum):
    """How a call ended."""

    VALUE = "value"
    ERROR = "error"
    UNCARRIED = "uncarried"
    MEMORY = "memory"


Carried = tuple[Outcome, bytes]


def packed(function: Callable[..., object], args: tuple[object, ...]) -> bytes:
    """A call, ready to travel.

    Packing and unpacking are done here rather than by the pool, in which an object that cannot be
    pickled or unpickled may end a worker, or the pool.

    Raises:
        Exception: The function cannot be imported by name, or an argument cannot be pickled.
    """
    return pickle.dumps((function, args), protocol=5)


def perform(call: bytes) -> Carried:
    """Make a packed call and pack what comes of it; nothing is raised."""
    try:
        function, args = pickle.loads(call)  # noqa: S301 - the bytes are our own parent's
        return _answer(function(*args))
    except MemoryError:
        return Outcome.MEMORY, b""
    except BaseException as error:  # noqa: BLE001 - a task may raise anything, SystemExit included
        return _carried(error)


def unpacked(outcome: Outcome, content: bytes, memory: int) -> object:
    """What a call returned.

    Raises:
        MemoryExceeded: It wanted more than ``memory`` bytes.
        TaskFailed: What it raised, or returned, cannot be carried over.
        Exception: What it raised.
    """
    if outcome is Outcome.MEMORY:
        raise MemoryExceeded(megabytes=memory // _MEGABYTE)
    try:
        # Our own child ran code that is trusted as much as this.
        value: object = pickle.loads(content)  # noqa: S301 - the bytes are our own child's
    except Exception as error:
        raise TaskFailed(type(error).__qualname__, str(error)) from error
    if outcome is Outcome.VALUE:
        return value
    if outcome is Outcome.ERROR and isinstance(value, Exception):
        raise value
    kind, detail, story = cast("tuple[str, str, str]", value)
    failure = TaskFailed(kind, detail)
    failure.add_note(story)
    raise failure


def _answer(value: object) -> Carried:
    """A value, or that it cannot travel."""
    try:
        return Outcome.VALUE, pickle.dumps(value, protocol=5)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a value's own code runs here, and may do anything
        return _uncarried(error, "".join(traceback.format_exception(error)))


def _carried(error: BaseException) -> Carried:
    """An error as it is if it survives the journey, else its name and message."""
    story = "".join(traceback.format_exception(error))
    if isinstance(error, Exception):
        try:
            error.add_note(f"Raised in another process:\n{story}")
            content = pickle.dumps(error, protocol=5)
            if type(pickle.loads(content)) is type(error):  # noqa: S301 - made a line ago
                return Outcome.ERROR, content
        except Exception:  # noqa: BLE001 - an exception's own code runs here, and may do anything
            story += "(It could not be pickled.)"
    return _uncarried(error, story)


def _uncarried(error: BaseException, story: str) -> Carried:
    """An error as its name, its message if it is able to say it, and its traceback."""
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - as above
        message = ""
    return Outcome.UNCARRIED, pickle.dumps((type(error).__qualname__, message, story))
