"""The outbox of an installation without a mail server: messages are shown and kept, not sent."""

import asyncio
import logging
import os
import sys
import time
from itertools import count
from pathlib import Path
from typing import TextIO

from inventoryai.ports.mail import Message
from inventoryai_mail.envelope import as_email

logger = logging.getLogger(__name__)


class ConsoleOutbox:
    """Prints each message, and keeps it as a file where a folder is given.

    Args:
        folder: Where messages are kept, readable by the owner alone: they hold tokens.
        stream: Where they are printed; standard output unless told otherwise.
    """

    def __init__(self, folder: Path | None = None, stream: TextIO | None = None) -> None:
        self._folder = folder
        self._stream = stream
        self._number = count(1)

    async def send(self, message: Message) -> None:
        """Shows a message. A folder that cannot be written to is no reason to fail what was committed."""
        lines = "\n".join(f"    {line}" for line in message.text.splitlines())
        print(
            f"E-mail to {message.to}: {message.subject}\n{lines}", file=self._stream or sys.stdout, flush=True
        )
        if self._folder is not None:
            await asyncio.to_thread(self._keep, self._folder, message)

    def _keep(self, folder: Path, message: Message) -> None:
        email = as_email(message, "InventoryAI <outbox@inventoryai.invalid>")
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._number):06d}.eml"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / name
            path.touch(mode=0o600, exist_ok=False)
            path.write_bytes(bytes(email))
        except OSError as error:
            logger.warning("a message could not be kept", extra={"reason": str(error)})
