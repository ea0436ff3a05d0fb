"""A message of ours as an e-mail."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from inventoryai.ports.mail import Message


def as_email(message: Message, sender: str) -> EmailMessage:
    """The e-mail. ``EmailMessage`` refuses line breaks in headers; names in subjects lose theirs here."""
    email = EmailMessage()
    email["From"] = sender
    email["To"] = message.to
    email["Subject"] = " ".join(message.subject.split())
    email["Date"] = formatdate()
    email["Message-ID"] = make_msgid(domain="inventoryai.invalid")
    email["Content-Language"] = message.locale
    email.set_content(message.text)
    return email
