"""Sending e-mails."""

from dataclasses import dataclass
from typing import Protocol

from inventoryai.domain.errors import Locale
from inventoryai.domain.identity import Email


@dataclass(frozen=True, slots=True)
class Message:
    """A plain-text e-mail."""

    to: Email
    subject: str
    text: str
    locale: Locale


class Mail(Protocol):
    """Takes messages on; a mail server that is away must not fail what was committed."""

    async def send(self, message: Message) -> None:
        """Sends, or logs that it could not. Never raises for reasons of delivery."""
        ...
