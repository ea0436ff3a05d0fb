"""Room for files that nobody needs a moment later."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol


class Scratch(Protocol):
    """Empty folders for a short time."""

    def __call__(self) -> AbstractAsyncContextManager[Path]:
        """A folder that is empty, its owner's alone, and gone with all that is in it when the block ends.

        What a crash leaves behind is removed some days later.
        """
        ...
