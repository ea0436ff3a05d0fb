"""What the embedded servers say, kept in files that cannot grow without end."""

from pathlib import Path
from typing import Final

_LARGEST: Final = 5_000_000


class LogFiles:
    """Writes each server's lines to ``<name>.log``; a full one becomes ``<name>.log.1``."""

    def __init__(self, folder: Path, largest: int = _LARGEST) -> None:
        self._folder = folder
        self._largest = largest

    def __call__(self, name: str, line: str) -> None:
        """Appends one line; opened anew each time, so that nothing is lost with us and nothing leaks."""
        path = self._folder / f"{name}.log"
        if path.exists() and path.stat().st_size > self._largest:
            path.replace(path.with_name(f"{name}.log.1"))
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
