"""E-mails: over SMTP, or to the console where no server is configured."""

from inventoryai_mail.console import ConsoleOutbox
from inventoryai_mail.smtp import SmtpMail

__all__ = ["ConsoleOutbox", "SmtpMail"]
