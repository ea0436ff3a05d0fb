"""Every setting as data: its name, its default, what it is for, and how its text is understood.

The documentation, the error messages and the reading all come from this one table.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

from inventoryai.domain.errors import Invalid

T = TypeVar("T")
Parse = Callable[[str, str], T]
"""Understands a text: the setting's name, its text."""


class SettingsError(Invalid):
    """A setting is missing or wrong. Its message names it and never shows its value."""


class NotWhole(SettingsError):
    """It should have been a whole number within bounds."""

    code = "settings.not_whole"
    en = "{name} must be a whole number from {least} to {most}."
    fr = "{name} doit être un nombre entier de {least} à {most}."


class NotOneOf(SettingsError):
    """It should have been one of a few words."""

    code = "settings.not_one_of"
    en = "{name} must be one of: {choices}."
    fr = "{name} doit être l’un de : {choices}."


class Misshapen(SettingsError):
    """It should have looked like the example."""

    code = "settings.misshapen"
    en = "{name} must look like {example}"
    fr = "{name} doit ressembler à {example}"


@dataclass(frozen=True, slots=True)
class Variable(Generic[T]):
    """One setting.

    Attributes:
        name: The name of the environment variable.
        parse: How its text is understood.
        help: What it is for, in one line.
        default: The text that stands for it where it is not set; None where nothing does.
        secret: Whether its value may never be shown.
    """

    name: str
    parse: Parse[T]
    help: str
    default: str | None = None
    secret: bool = False


def text(_name: str, given: str) -> str:
    """Any text."""
    return given


def path(_name: str, given: str) -> Path:
    """A file or folder; ``~`` is the home folder."""
    return Path(given).expanduser()


def words(_name: str, given: str) -> tuple[str, ...]:
    """Words between commas; empty ones do not count."""
    return tuple(word for part in given.split(",") if (word := part.strip()))


def whole(least: int, most: int) -> Parse[int]:
    """A whole number within bounds."""

    def parse(name: str, given: str) -> int:
        # isdecimal alone would also let other scripts' digits through, and int() underscores.
        if given.isascii() and given.isdecimal() and least <= int(given) <= most:
            return int(given)
        raise NotWhole(name=name, least=least, most=most)

    return parse


def one_of(*choices: str) -> Parse[str]:
    """One of a few words, as written."""

    def parse(name: str, given: str) -> str:
        if given not in choices:
            raise NotOneOf(name=name, choices=", ".join(choices))
        return given

    return parse


def yes_or_no(name: str, given: str) -> bool:
    """True or false."""
    if given.lower() not in ("true", "false", "1", "0"):
        raise NotOneOf(name=name, choices="true, false")
    return given.lower() in ("true", "1")


def url(*schemes: str, example: str) -> Parse[str]:
    """A URL of one of the schemes."""

    def parse(name: str, given: str) -> str:
        try:
            parts = urlsplit(given)
            # Reading the port is what checks it; a path or a query names the host of a socket.
            good = parts.scheme in schemes and bool(parts.hostname or parts.path or parts.query)
            good = good and (parts.port is None or parts.port > 0) and not _spaced(given)
        except ValueError:
            good = False
        if not good:
            raise Misshapen(name=name, example=example)
        return given

    return parse


def origin(name: str, given: str) -> str:
    """The scheme, host and port of a site, without anything behind them."""
    example = "https://app.example.com"
    found = url("http", "https", example=example)(name, given).removesuffix("/")
    parts = urlsplit(found)
    if not parts.hostname or "@" in parts.netloc or f"{parts.scheme}://{parts.netloc}" != found:
        raise Misshapen(name=name, example=example)
    return found


def origins(name: str, given: str) -> tuple[str, ...]:
    """Origins between commas; ``*`` is none, since our answers depend on who asks."""
    return tuple(origin(name, word) for word in words(name, given))


def sender(name: str, given: str) -> str:
    """An e-mail address, with or without a name before it."""
    if "@" not in given or any(ord(letter) < ord(" ") for letter in given):
        raise Misshapen(name=name, example="InventoryAI <stock@example.com>")
    return given


def _spaced(given: str) -> bool:
    return any(letter <= " " for letter in given)


_MOST_BYTES: Final = 2**50
_BYTES: Final = whole(1, _MOST_BYTES)
_LEAST_MEMORY: Final = 256 * 2**20
"""Less, and a process could not even load what it works with."""

DATABASE_URL: Final = Variable(
    "DATABASE_URL",
    url("postgresql", "postgres", example="postgresql://user:password@localhost:5432/inventoryai"),
    "PostgreSQL as the API and the workers log in to it; without it, `up` runs its own",
    secret=True,
)
OWNER_DATABASE_URL: Final = Variable(
    "INVENTORYAI_OWNER_DATABASE_URL",
    url("postgresql", "postgres", example="postgresql://owner:password@localhost:5432/inventoryai"),
    "the same database as its owner, for `migrate`; without it, DATABASE_URL is the owner's",
    secret=True,
)
POOL_SIZE: Final = Variable(
    "INVENTORYAI_POOL_SIZE",
    whole(1, 1000),
    "connections to PostgreSQL for each process; a worker takes more where its jobs need them",
    default="10",
)
REDIS_URL: Final = Variable(
    "REDIS_URL",
    url("redis", "rediss", "unix", example="redis://:password@localhost:6379/0"),
    "Redis or Valkey for the queue; without it, `up` runs its own",
    secret=True,
)
SECRET_KEY: Final = Variable(
    "SECRET_KEY",
    text,
    "what tokens are signed with, at least 32 characters; `up` makes and keeps one where it is not set",
    secret=True,
)
ALGORITHM: Final = Variable(
    "ALGORITHM", one_of("HS256", "HS384", "HS512"), "how tokens are signed", default="HS256"
)
ACCESS_TOKEN_EXPIRE_MINUTES: Final = Variable(
    "ACCESS_TOKEN_EXPIRE_MINUTES", whole(1, 1440), "minutes that an access token lives", default="30"
)
REQUIRE_VERIFIED_EMAIL: Final = Variable(
    "INVENTORYAI_REQUIRE_VERIFIED_EMAIL",
    yes_or_no,
    "whether a login needs a verified e-mail; without it, true where SMTP is configured",
)
SMTP_URL: Final = Variable(
    "INVENTORYAI_SMTP_URL",
    url("smtp", "smtps", example="smtp://user:password@mail.example.com:587"),
    "the mail server: smtp:// (STARTTLS) or smtps://; without it, mails are shown on the console",
    secret=True,
)
MAIL_FROM: Final = Variable("INVENTORYAI_MAIL_FROM", sender, "the sender of mails; needed with SMTP")
PUBLIC_URL: Final = Variable(
    "INVENTORYAI_PUBLIC_URL",
    origin,
    "where people reach the system, for links in mails; without it, the address it serves at",
)
CORS_ORIGINS: Final = Variable(
    "INVENTORYAI_CORS_ORIGINS", origins, "sites whose pages may call the API, between commas", default=""
)
UPLOAD_LIMIT: Final = Variable(
    "INVENTORYAI_UPLOAD_LIMIT", _BYTES, "bytes of the largest file that is taken", default=str(2**30)
)
DATA: Final = Variable(
    "INVENTORYAI_DATA", path, "the data folder; without it, the user's own (see `inventoryai doctor`)"
)
DISABLED_PLUGINS: Final = Variable(
    "INVENTORYAI_DISABLED_PLUGINS", words, "plugins that are never imported, between commas", default=""
)
WORKER_PROCESSES: Final = Variable(
    "INVENTORYAI_WORKER_PROCESSES",
    whole(1, 1024),
    "processes for engines and spreadsheets in each worker; without it, one for each processor",
)
WORKER_MEMORY: Final = Variable(
    "INVENTORYAI_WORKER_MEMORY",
    whole(_LEAST_MEMORY, _MOST_BYTES),
    "bytes that each of those processes may use",
    default=str(2**31),
)
TRAINING_MINUTES: Final = Variable(
    "INVENTORYAI_TRAINING_MINUTES",
    whole(1, 1440),
    "minutes that teaching one model may take, each of the two times",
    default="60",
)
ENVIRONMENT: Final = Variable(
    "INVENTORYAI_ENVIRONMENT",
    one_of("development", "production"),
    "production is stricter and logs JSON",
    default="development",
)
LOG_FORMAT: Final = Variable(
    "INVENTORYAI_LOG_FORMAT",
    one_of("console", "json"),
    "how logs are written; without it, json in production and console in development",
)

VARIABLES: Final[tuple[Variable[Any], ...]] = (
    DATABASE_URL, OWNER_DATABASE_URL, POOL_SIZE, REDIS_URL, SECRET_KEY, ALGORITHM,
    ACCESS_TOKEN_EXPIRE_MINUTES, REQUIRE_VERIFIED_EMAIL, SMTP_URL, MAIL_FROM, PUBLIC_URL, CORS_ORIGINS,
    UPLOAD_LIMIT, DATA, DISABLED_PLUGINS, WORKER_PROCESSES, WORKER_MEMORY,
    TRAINING_MINUTES, ENVIRONMENT, LOG_FORMAT,
)  # fmt: skip
"""All settings, in the order of the documentation."""


def processors() -> int:
    """Processors that this process may use: a container's share, not the whole machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
