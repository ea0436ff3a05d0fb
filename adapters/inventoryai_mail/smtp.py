"""E-mails over SMTP."""

import asyncio
import logging
import smtplib
import ssl
from dataclasses import dataclass
from typing import Final

from inventoryai.ports.mail import Message
from inventoryai_mail.envelope import as_email

logger = logging.getLogger(__name__)
TIMEOUT: Final = 20.0


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to send.

    Attributes:
        tls: From the first byte on (``smtps``); otherwise STARTTLS is used where the server offers it,
            and required before a password is sent.
    """

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    tls: bool = False


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Sends in a thread. A server that is away is logged: what was committed stays committed."""

    server: SmtpServer

    async def send(self, message: Message) -> None:
        """Sends, or logs that it could not."""
        try:
            await asyncio.to_thread(self._send, message)
        except (OSError, smtplib.SMTPException) as error:
            logger.error("an e-mail could not be sent", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback would show the message

    def _send(self, message: Message) -> None:
        server, context = self.server, ssl.create_default_context()
        connection = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
            if server.tls
            else smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        )
        with connection as smtp:
            smtp.ehlo()
            if not server.tls and (smtp.has_extn("starttls") or server.password):
                smtp.starttls(context=context)
            if server.user is not None and server.password is not None:
                smtp.login(server.user, server.password)
            smtp.send_message(as_email(message, server.sender))
