"""The settings of a process: read once, from a mapping, into small frozen structures.

    settings = read(from_environment())
    settings.tokens.secret_key()        # raises one clear line where it is missing or short

Nothing here shows a secret: not an error message, and not the ``repr`` of a structure.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeVar, cast

import msgspec
from dotenv import dotenv_values

from inventoryai_server import variables
from inventoryai_server.variables import SettingsError, Variable

__all__ = [
    "Database",
    "Files",
    "Http",
    "Log",
    "Mail",
    "Plugins",
    "Queue",
    "SecretMissing",
    "SecretTooShort",
    "SenderMissing",
    "SettingMissing",
    "Settings",
    "SettingsError",
    "Tokens",
    "Work",
    "from_environment",
    "read",
]  # fmt: skip

T = TypeVar("T")
Algorithm = Literal["HS256", "HS384", "HS512"]
Environment = Literal["development", "production"]
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
    """The processes of a worker: how many, and how many bytes each may use."""

    processes: int
    memory: int


class Log(msgspec.Struct, frozen=True):
    """How logs are written."""

    format: LogFormat


class Settings(msgspec.Struct, frozen=True):
    """All settings of a process."""

    environment: Environment
    database: Database
    queue: Queue
    tokens: Tokens
    mail: Mail
    http: Http
    files: Files
    plugins: Plugins
    work: Work
    log: Log


def from_environment(dotenv: Path = Path(".env")) -> dict[str, str]:
    """The environment, and behind it what ``.env`` says; ``$`` in a password means itself."""
    written = dotenv_values(dotenv, interpolate=False)
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def read(mapping: Mapping[str, str]) -> Settings:
    """Understands the settings; what is not ours in the mapping does not matter.

    Raises:
        SettingsError: One of them is wrong; the message says which, and how to mend it.
    """
    given = _Given(mapping)
    environment = cast("Environment", given.surely(variables.ENVIRONMENT))
    mail = _mail(given)
    return Settings(
        environment=environment,
        database=Database(
            given_url=given.perhaps(variables.DATABASE_URL),
            given_owner_url=given.perhaps(variables.OWNER_DATABASE_URL),
            pool_size=given.surely(variables.POOL_SIZE),
        ),
        queue=Queue(given_url=given.perhaps(variables.REDIS_URL)),
        tokens=_tokens(given, verified=mail.smtp_url is not None),
        mail=mail,
        http=Http(
            public_url=given.perhaps(variables.PUBLIC_URL),
            cors_origins=given.surely(variables.CORS_ORIGINS),
        ),
        files=Files(data=given.perhaps(variables.DATA), upload_limit=given.surely(variables.UPLOAD_LIMIT)),
        plugins=Plugins(disabled=given.surely(variables.DISABLED_PLUGINS)),
        work=Work(
            processes=given.perhaps(variables.WORKER_PROCESSES) or variables.processors(),
            memory=given.surely(variables.WORKER_MEMORY),
        ),
        log=_log(given, environment),
    )


class _Given:
    """A mapping, asked for typed values; an empty text is the same as none (compose files pass them)."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self._mapping = mapping

    def perhaps(self, variable: Variable[T]) -> T | None:
        text = self._mapping.get(variable.name, "").strip()
        return variable.parse(variable.name, text) if text else None

    def surely(self, variable: Variable[T]) -> T:
        text = self._mapping.get(variable.name, "").strip()
        return variable.parse(variable.name, text or variable.default or "")


def _mail(given: _Given) -> Mail:
    mail = Mail(smtp_url=given.perhaps(variables.SMTP_URL), sender=given.perhaps(variables.MAIL_FROM))
    if mail.smtp_url is not None and mail.sender is None:
        raise SenderMissing
    return mail


def _tokens(given: _Given, *, verified: bool) -> Tokens:
    asked = given.perhaps(variables.REQUIRE_VERIFIED_EMAIL)
    return Tokens(
        given_secret_key=given.perhaps(variables.SECRET_KEY),
        algorithm=cast("Algorithm", given.surely(variables.ALGORITHM)),
        minutes=given.surely(variables.ACCESS_TOKEN_EXPIRE_MINUTES),
        require_verified_email=verified if asked is None else asked,
    )


def _log(given: _Given, environment: Environment) -> Log:
    usual: LogFormat = "json" if environment == "production" else "console"
    return Log(format=cast("LogFormat | None", given.perhaps(variables.LOG_FORMAT)) or usual)
