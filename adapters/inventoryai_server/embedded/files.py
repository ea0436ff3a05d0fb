"""Small files that only their owner may read, written whole or not at all."""

import os
from pathlib import Path

from inventoryai.domain.errors import Unavailable


class FileNotWritten(Unavailable):
    """The disk is full, or broken, or not ours to write on."""

    code = "folder.file_not_written"
    en = "{file} could not be written ({reason})."
    fr = "{file} n’a pas pu être écrit ({reason})."


def write_private(path: Path, content: bytes) -> None:
    """Replaces a file by another of mode 0600, so that a crash leaves the old one or the new one.

    Raises:
        FileNotWritten: It could not; the old one is as it was.
    """
    try:
        _write(path, content)
    except OSError as error:
        raise FileNotWritten(file=str(path), reason=error.strerror or str(error)) from error


def _write(path: Path, content: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
