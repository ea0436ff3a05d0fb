"""``inventoryai up``: everything at once, on one machine, as supervised processes."""

import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from inventoryai_postgres import migrate
from inventoryai_server import variables
from inventoryai_server.embedded import DataFolder, Given, PostgresUrls, Stack, embedded
from inventoryai_server.settings import Settings
from inventoryai_server.supervision import Child, free_port

EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on
ASK_WITHIN: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """What ``up`` is told on the command line.

    Attributes:
        data: The data folder; None is the settings', or else the user's own.
        host: Where to listen.
        port: Where to listen, if it is free; else another port is found and said.
        workers: How many worker processes.
        when_ready: Done once everything serves, with its URL.
    """

    data: Path | None
    host: str
    port: int
    workers: int
    when_ready: Callable[[str], Awaitable[None]]


async def up(settings: Settings, options: UpOptions) -> int:
    """Runs the system until a signal ends it.

    Raises:
        FolderInUse: It runs already on this folder; the message says where.
        ChildDidNotStart: A part of it did not come up.
    """
    folder = DataFolder.at(options.data or settings.files.data)
    async with embedded(folder, _given(settings)) as stack:
        await migrate(stack.database.owner, app_login(stack.database))
        port = free_port(options.port, options.host)
        if port != options.port:
            print(f"port {options.port} is taken; using {port}", flush=True)  # noqa: T201 - the console of `up`
        url = f"http://{'127.0.0.1' if options.host in EVERYWHERE else bracketed(options.host)}:{port}"
        environment = child_environment(stack, settings, url)
        for child in _children(options, port, url, environment):
            await stack.supervisor.start(child)
        stack.announce(url)
        print(f"data in {folder.path}\nready {url}", flush=True)  # noqa: T201 - as above
        await options.when_ready(url)
        await stack.supervisor.failure()
    return 1


def _given(settings: Settings) -> Given:
    """The servers and the secret that the settings name; what they do not is run by us."""
    database = settings.database
    urls = PostgresUrls(database.owner_url(), database.url()) if database.given_url else None
    secret = settings.tokens.secret_key() if settings.tokens.given_secret_key else None
    return Given(urls, settings.queue.given_url, secret)


def app_login(urls: PostgresUrls) -> str | None:
    """The weak login that migrations grant the application's roles; None where there is one login only."""
    owner, app = urlsplit(urls.owner).username, urlsplit(urls.app).username
    return app if app != owner else None


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def child_environment(stack: Stack, settings: Settings, url: str) -> dict[str, str]:
    """What the API and the workers are told; the owner's password is not among it."""
    told = {
        variables.DATABASE_URL.name: stack.database.app,
        variables.REDIS_URL.name: stack.redis_url,
        variables.SECRET_KEY.name: stack.secret_key,
        variables.DATA.name: str(stack.folder.path),
        variables.PUBLIC_URL.name: settings.http.public_url or url,
    }
    # Empty rather than absent: what a .env file says must not come back.
    return {**os.environ, **told, variables.OWNER_DATABASE_URL.name: ""}


def _children(options: UpOptions, port: int, url: str, environment: dict[str, str]) -> list[Child]:
    """In the order in which they start; they stop in reverse."""
    ourselves = (sys.executable, "-m", "inventoryai_server")

    async def serves() -> bool:
        return await answers(f"{url}/health/live")

    async def all_there() -> bool:
        return await answers(f"{url}/health/ready")

    names = ["worker"] if options.workers == 1 else [f"worker-{i + 1}" for i in range(options.workers)]
    serve = (*ourselves, "serve", "--host", options.host, "--port", str(port))
    return [
        Child("api", serve, env=environment, ready=serves),
        *(Child(name, (*ourselves, "worker"), env=environment, ready=all_there) for name in names),
        Child("schedule", (*ourselves, "schedule"), env=environment),
    ]


async def answers(url: str) -> bool:
    """Whether a page of ours is there and says that all is well."""
    async with httpx.AsyncClient(timeout=ASK_WITHIN, trust_env=False) as client:
        try:
            return (await client.get(url)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False
