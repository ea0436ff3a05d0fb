"""Received files in a folder, under names of ours."""

import asyncio
import hashlib
import os
import re
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from inventoryai.domain.imports import ReceivedFile
from inventoryai.ports.files import UploadTooLarge

BLOCK: Final = 1 << 20
_OURS: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class FolderFileStore:
    """Files are written beside their place and moved there when they are whole and on disk.

    Attributes:
        folder: Where they are; made, for its owner alone, when the first file comes.
        limit: Bytes that one file may have.
    """

    folder: Path
    limit: int

    async def receive(self, chunks: AsyncIterator[bytes], filename: str) -> ReceivedFile:
        """Writes the bytes and returns when they are safe; raises ``UploadTooLarge``."""
        stored_as = secrets.token_hex(16)
        partial = self.folder / f".{stored_as}.part"
        try:
            writing = await asyncio.to_thread(_Writing.start, partial)
            try:
                async for block in _blocks(chunks):
                    if writing.size + len(block) > self.limit:
                        raise UploadTooLarge(limit=self.limit)
                    await asyncio.to_thread(writing.write, block)
            finally:
                await asyncio.to_thread(writing.finish)
            await asyncio.to_thread(_settle, partial, self.path(stored_as))
        finally:
            partial.unlink(missing_ok=True)
        return ReceivedFile(stored_as, filename, writing.size, writing.digest.digest())

    def path(self, stored_as: str) -> Path:
        """Where a received file is.

        Raises:
            ValueError: It is no name of ours.
        """
        if not _OURS.fullmatch(stored_as):
            raise ValueError("not the name of a stored file")
        return self.folder / stored_as

    async def discard(self, stored_as: str) -> None:
        """Forgets a file; one that is gone already is no error."""
        await asyncio.to_thread(self.path(stored_as).unlink, missing_ok=True)

    async def tidy(self, older_than: float) -> int:
        """Removes what a crash left half written more than so many seconds ago; how many files that was."""
        return await asyncio.to_thread(self._tidy, time.time() - older_than)

    def _tidy(self, before: float) -> int:
        stale = [path for path in self.folder.glob(".*.part") if path.stat().st_mtime < before]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)


@dataclass(slots=True)
class _Writing:
    """A file on its way to the disk, with its size and digest so far."""

    file: BinaryIO
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @classmethod
    def start(cls, partial: Path) -> "_Writing":
        partial.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(partial.open("xb"))

    def write(self, block: bytes) -> None:
        self.file.write(block)
        self.digest.update(block)
        self.size += len(block)

    def finish(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()


def _settle(partial: Path, final: Path) -> None:
    """Gives a whole file its name, and makes the name as durable as the bytes."""
    partial.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def _blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in blocks of about 1 MiB, so that a thread is worth asking."""
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        if len(waiting) >= BLOCK:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)
