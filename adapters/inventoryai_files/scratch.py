"""Folders for a short time, in the system's own place for such."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_PREFIX: Final = "inventoryai-scratch-"
_LEFT_BEHIND: Final = 2 * 24 * 3600.0
"""Seconds after which a folder is nobody's any more: what takes longer than a day is stopped."""


@dataclass(frozen=True, slots=True)
class TemporaryScratch:
    """A new folder for each block, its owner's alone.

    Attributes:
        folder: Where they are made.
    """

    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Path]:
        """As ``Scratch``."""
        await asyncio.to_thread(self._tidy, time.time() - _LEFT_BEHIND)
        made = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=_PREFIX, dir=self.folder))
        try:
            yield made
        finally:
            # A process that is being killed at this moment may still write there: a later block tidies that.
            await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)

    def _tidy(self, before: float) -> None:
        for left in self.folder.glob(f"{_PREFIX}*"):
            try:
                stale = left.lstat().st_mtime < before
            except OSError:
                continue
            if stale:
                shutil.rmtree(left, ignore_errors=True)
