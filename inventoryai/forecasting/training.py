"""Training an engine inside a worker process, which may be ended at any moment.

What it tells and what it keeps leaves the process through a folder, in which every file is whole: it is
written beside its place and moved there. Whoever started the process reads it there.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inventoryai.domain.errors import Problem
from inventoryai.domain.models import StateInvalid, StateTooLarge, TrainingFailed
from inventoryai.forecasting.announcing import words
from inventoryai.forecasting.engine import TrainableEngine
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.running import loaded, restored, trainable
from inventoryai.forecasting.states import MOST_BYTES, State, is_plain

_MEBIBYTE: Final = 1 << 20
_DONE: Final = "done"
_CHECKPOINT: Final = "checkpoint"


@dataclass(frozen=True, slots=True)
class Pupil:
    """Which engine is trained, and where it leaves word.

    Attributes:
        engine: Its name.
        options: What its ``load`` is given; JSON.
        disabled: Plugins that are not to be imported.
        folder: An empty folder that is its own.
        checkpoint: What an earlier attempt kept last.
    """

    engine: str
    options: Mapping[str, object]
    disabled: frozenset[str]
    folder: Path
    checkpoint: bytes | None


@dataclass(frozen=True, slots=True)
class Word:
    """What a training has said so far.

    Attributes:
        done: Which share is done, 0 to 1.
        kept: What tells one checkpoint from the next; None as long as there is none.
    """

    done: float = 0.0
    kept: tuple[int, int] | None = None


def train_engine(pupil: Pupil, panel: Panel, seed: int) -> bytes:
    """Train an engine, and see that what it has learnt can be kept and restored.

    Raises:
        EngineUnknown, EngineNotLoaded, EngineNotTrainable: There is no such engine to train.
        TrainingFailed: It raised an error.
        StateInvalid, StateTooLarge: What it returned cannot be kept.
        ModelNotRestored: It cannot read what it returned.
    """
    engine = trainable(pupil.engine, loaded(pupil.engine, pupil.options, pupil.disabled))
    content = checked(pupil.engine, _learnt(pupil, engine, panel, seed))
    restored(pupil.engine, pupil.options, pupil.disabled, State.of(content))
    return content


def _learnt(pupil: Pupil, engine: TrainableEngine, panel: Panel, seed: int) -> object:
    try:
        return engine.train(panel, seed, _FolderTraining(pupil))
    except (MemoryError, Problem):
        raise
    except Exception as error:
        raise TrainingFailed(engine=pupil.engine, error=words(error)) from error


def checked(engine: str, content: object) -> bytes:
    """What an engine wants to keep, as plain bytes.

    Raises:
        StateInvalid: It is something else, or a format that could run code when it is read.
        StateTooLarge: It is more than is kept.
    """
    if not isinstance(content, bytes | bytearray | memoryview):
        raise StateInvalid(engine=engine, detail=f"a {type(content).__qualname__} instead of bytes")
    if len(content) > MOST_BYTES:
        sizes = {"megabytes": math.ceil(len(content) / _MEBIBYTE), "most": MOST_BYTES // _MEBIBYTE}
        raise StateTooLarge(engine=engine, **sizes)
    plain = bytes(content)
    if not is_plain(plain):
        raise StateInvalid(engine=engine, detail="neither JSON nor safetensors")
    return plain


class _FolderTraining:
    """A ``Training`` that leaves word in a folder."""

    def __init__(self, pupil: Pupil) -> None:
        self._pupil = pupil
        self._done = 0.0

    @property
    def checkpoint(self) -> bytes | None:
        """What an earlier attempt kept last."""
        return self._pupil.checkpoint

    def __call__(self, done: float) -> None:
        """Say which share is done; a number that is none, or falls, is not heard."""
        if done > self._done:
            self._done = min(1.0, float(done))
            _write(self._pupil.folder / _DONE, str(self._done).encode())

    def keep(self, checkpoint: bytes) -> None:
        """Keep what to resume from; raises ``StateInvalid`` or ``StateTooLarge``."""
        _write(self._pupil.folder / _CHECKPOINT, checked(self._pupil.engine, checkpoint))


def heard(folder: Path) -> Word:
    """What the training that has this folder said last; what else an engine may leave there is no word."""
    try:
        done = min(1.0, max(0.0, float((folder / _DONE).read_bytes())))
    except (FileNotFoundError, ValueError):
        done = 0.0
    try:
        found = (folder / _CHECKPOINT).stat()
    except FileNotFoundError:
        return Word(done)
    whole = found.st_size <= MOST_BYTES
    return Word(done, (found.st_ino, found.st_mtime_ns) if whole else None)


def kept(folder: Path) -> bytes:
    """The checkpoint that a training has left in its folder."""
    return (folder / _CHECKPOINT).read_bytes()


def _write(path: Path, content: bytes) -> None:
    beside = path.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(path)
