"""Folders for a short time, in the system's own place for such."""

import asyncio
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_PREFIX: Final = "inventoryai-scratch-"
_MADE: Final = 60.0
"""Seconds within which whoever makes a folder has locked it."""


@dataclass(frozen=True, slots=True)
class TemporaryScratch:
    """A new folder for each block, its owner's alone, and locked as long as the block lasts.

    The lock ends with its process, however that ends: a folder without one is what a crash left behind.

    Attributes:
        folder: Where they are made.
    """

    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Path]:
        """As ``Scratch``."""
        await asyncio.to_thread(self._tidy, time.time() - _MADE)
        made = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=_PREFIX, dir=self.folder))
        held = _locked(made)
        try:
            yield made
        finally:
            # A process that is being killed at this moment may still write there: a later block tidies that.
            await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)
            if held is not None:
                os.close(held)

    def _tidy(self, before: float) -> None:
        for left in self.folder.glob(f"{_PREFIX}*"):
            try:
                recent = left.lstat().st_mtime >= before
            except OSError:
                continue
            if recent or (held := _locked(left)) is None:
                continue
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock; None where somebody else does, or it is gone."""
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held
