"""The settings of a process: read once, from a mapping, into small frozen structures.

settings = read(from_environment())
settings.tokens.secret_key()        # raises one clear line where it is missing or short
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar, cast

import msgspec
from dotenv import dotenv_values

from inventoryai_server import variables
from inventoryai_server.sections import (
    Algorithm,
    Database,
    Files,
    Http,
    Log,
    LogFormat,
    Mail,
    Plugins,
    Queue,
    SenderMissing,
    Tokens,
    Work,
)
from inventoryai_server.variables import Variable

T = TypeVar("T")
Environment = Literal["development", "production"]


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
            training_minutes=given.surely(variables.TRAINING_MINUTES),
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
