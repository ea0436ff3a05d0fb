"""Keeping the files that users send until a worker has read them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from inventoryai.domain.errors import Invalid
from inventoryai.domain.imports import ReceivedFile


class UploadTooLarge(Invalid):
    """A file over the limit. HTTP has a status of its own for it, 413."""

    code = "file.too_large"
    en = "The file is larger than {limit} bytes."
    fr = "Le fichier dépasse {limit} octets."


class FileStore(Protocol):
    """A folder that the API writes to and every worker reads."""

    async def receive(self, chunks: AsyncIterator[bytes], filename: str) -> ReceivedFile:
        """Writes the bytes under a name of ours and returns when they are safe on disk.

        ``filename`` is the sender's and is only remembered. Whatever goes wrong, no half file stays.

        Raises:
            UploadTooLarge: There is more of it than the limit.
        """
        ...

    def path(self, stored_as: str) -> Path:
        """Where a received file is."""
        ...

    async def discard(self, stored_as: str) -> None:
        """Forgets a file; one that is gone already is no error."""
        ...
