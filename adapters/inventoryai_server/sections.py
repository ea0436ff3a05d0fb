"""The sections of the settings: small frozen structures, and what is missed when they are used.

Nothing here shows a secret: not an error message, and not the ``repr`` of a structure.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from inventoryai_server import variables
from inventoryai_server.variables import SettingsError

Algorithm = Literal["HS256", "HS384", "HS512"]
LogFormat = Literal["console", "json"]

_SHORTEST_SECRET: Final[Mapping[Algorithm, int]] = {"HS256": 32, "HS384": 48, "HS512": 64}
"""RFC 7518, section 3.2: a key is at least as long as the hash."""


class SettingMissing(SettingsError):
    """A server that must be there is not named."""

    code = "settings.missing"
    en = (
        "{name} is not set: put it in the environment or in .env, "
        "or use `inventoryai up`, which brings its own."
    )
    fr = (
        "{name} n’est pas défini : mettez-le dans l’environnement ou dans .env, "
        "ou lancez `inventoryai up`, qui apporte le sien."
    )


class SecretMissing(SettingsError):
    """There is nothing to sign tokens with; a default would be known to everybody."""

    code = "settings.secret_missing"
    en = (
        "SECRET_KEY is not set: put {least} or more random characters there "
        "(`openssl rand -hex 32` makes 64)."
    )
    fr = (
        "SECRET_KEY n’est pas défini : mettez-y au moins {least} caractères aléatoires "
        "(`openssl rand -hex 32` en donne 64)."
    )


class SecretTooShort(SettingsError):
    """A short secret can be found by trying."""

    code = "settings.secret_too_short"
    en = (
        "SECRET_KEY has {length} characters and needs {least} or more for {algorithm} "
        "(`openssl rand -hex 32` makes 64)."
    )
    fr = (
        "SECRET_KEY a {length} caractères et il en faut au moins {least} pour {algorithm} "
        "(`openssl rand -hex 32` en donne 64)."
    )


class SenderMissing(SettingsError):
    """Mails are to be sent, and nobody is named as their sender."""

    code = "settings.sender_missing"
    en = "INVENTORYAI_MAIL_FROM is not set, and INVENTORYAI_SMTP_URL is: name the sender of mails."
    fr = "INVENTORYAI_MAIL_FROM n’est pas défini alors que INVENTORYAI_SMTP_URL l’est : nommez l’expéditeur."


class Private(msgspec.Struct, frozen=True):
    """A structure with secrets in it, which therefore does not show itself."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Database(Private, frozen=True):
    """PostgreSQL: as everybody, as its owner, and how many connections a process keeps."""

    given_url: str | None
    given_owner_url: str | None
    pool_size: int

    def url(self) -> str:
        """The URL of the API and the workers.

        Raises:
            SettingMissing: None is set.
        """
        if self.given_url is None:
            raise SettingMissing(name=variables.DATABASE_URL.name)
        return self.given_url

    def owner_url(self) -> str:
        """The URL for migrations: the owner's, or the only one there is.

        Raises:
            SettingMissing: Neither is set.
        """
        return self.given_owner_url or self.url()


class Queue(Private, frozen=True):
    """Redis or Valkey."""

    given_url: str | None

    def url(self) -> str:
        """Where it is.

        Raises:
            SettingMissing: It is not set.
        """
        if self.given_url is None:
            raise SettingMissing(name=variables.REDIS_URL.name)
        return self.given_url


class Tokens(Private, frozen=True):
    """How access tokens are signed, how long they live, and who gets one."""

    given_secret_key: str | None
    algorithm: Algorithm
    minutes: int
    require_verified_email: bool

    def secret_key(self) -> str:
        """What tokens are signed with; asked for only by those who sign or check.

        Raises:
            SecretMissing: It is not set.
            SecretTooShort: It is shorter than the algorithm needs.
        """
        least = _SHORTEST_SECRET[self.algorithm]
        if self.given_secret_key is None:
            raise SecretMissing(least=least)
        if len(self.given_secret_key) < least:
            length = len(self.given_secret_key)
            raise SecretTooShort(length=length, least=least, algorithm=self.algorithm)
        return self.given_secret_key


class Mail(Private, frozen=True):
    """The mail server and the sender; without a server, mails are shown on the console."""

    smtp_url: str | None
    sender: str | None


class Http(msgspec.Struct, frozen=True):
    """Where people reach the system, and which sites may call it."""

    public_url: str | None
    cors_origins: tuple[str, ...]


class Files(msgspec.Struct, frozen=True):
    """Where files are kept, and how large one may be, in bytes."""

    data: Path | None
    upload_limit: int


class Plugins(msgspec.Struct, frozen=True):
    """Plugins that are never imported."""

    disabled: tuple[str, ...]


class Work(msgspec.Struct, frozen=True):
    """The processes of a worker: how many, how many bytes each may use, and how long a training may take."""

    processes: int
    memory: int
    training_minutes: int


class Log(msgspec.Struct, frozen=True):
    """How logs are written."""

    format: LogFormat
