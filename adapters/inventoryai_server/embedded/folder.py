"""The data folder: what is in it, who may read it, and that only one system runs on it.

    inventoryai.lock   held for as long as a system runs; the kernel frees it, whatever happens to us
    running.json       where that system is: for `migrate`, `demo` and a second `up`
    secrets.json       passwords and keys, made once
    postgres/ valkey/  the servers' own
    run/               sockets
    uploads/ logs/     files as they came in; what the servers said

Everything is readable by its owner alone. As root the folder itself can be passed through (0711),
since the servers then run as another account; no folder above it is ever changed.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import msgspec
import platformdirs

from inventoryai.domain.errors import Conflict, Invalid
from inventoryai_server.accounts import Account, private
from inventoryai_server.embedded.files import write_private

_LOCK: Final = "inventoryai.lock"
_RUNNING: Final = "running.json"
_NO_STRANGERS: Final = frozenset({"lost+found", "uploads", "outbox"})
"""In a folder that has no lock yet: a new disk brings the first, an API without us the others."""
_FOR_ROOT: Final = Path("/var/lib/inventoryai")


class FolderInUse(Conflict):
    """Another system runs on the same data folder."""

    code = "folder.in_use"
    en = "InventoryAI already runs on {folder}: {url} (process {pid})."
    fr = "InventoryAI tourne déjà sur {folder} : {url} (processus {pid})."


class FolderNotOurs(Invalid):
    """The folder holds something else; making a database among it could only do harm."""

    code = "folder.not_ours"
    en = "{folder} is no data folder of InventoryAI, and not empty: choose another one with --data."
    fr = (
        "{folder} n’est pas un dossier de données d’InventoryAI, et n’est pas vide : choisissez-en un "
        "autre avec --data."
    )


class FolderNotUsable(Invalid):
    """The folder cannot be made, or is none."""

    code = "folder.not_usable"
    en = "{folder} cannot be the data folder ({reason}): choose another one with --data."
    fr = "{folder} ne peut pas être le dossier de données ({reason}) : choisissez-en un autre avec --data."


class FolderOfAnotherUser(Invalid):
    """Somebody else made it: what they keep there is theirs, and we could not read it."""

    code = "folder.of_another_user"
    en = "{folder} belongs to another user: run as that user, or choose another folder with --data."
    fr = (
        "{folder} appartient à un autre utilisateur : lancez la commande sous cet utilisateur, "
        "ou choisissez un autre dossier avec --data."
    )


class FolderOutOfReach(Invalid):
    """As root: the account that runs the servers cannot pass through a parent folder."""

    code = "folder.out_of_reach"
    en = (
        "As root, PostgreSQL runs as another account, and {folder} lies where only root can go: "
        "choose another folder with --data, such as {instead}."
    )
    fr = (
        "Sous root, PostgreSQL tourne sous un autre compte, et {folder} est là où seul root peut aller : "
        "choisissez un autre dossier avec --data, par exemple {instead}."
    )


class RunningSystem(msgspec.Struct, frozen=True):
    """Where a running system is, for the other commands on the same machine.

    Attributes:
        pid: The process of `inventoryai up`.
        url: Where it answers; empty until it serves.
        owner_database_url: For migrations.
        database_url: For everything else.
        redis_url: The queue.
        secret_key: What tokens are signed with.
    """

    pid: int
    url: str = ""
    owner_database_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = ""

    def __repr__(self) -> str:
        return f"RunningSystem(pid={self.pid}, url={self.url!r})"

    def environment(self) -> dict[str, str]:
        """The settings under which another command joins this system; the owner's is for `migrate`."""
        return {
            "INVENTORYAI_OWNER_DATABASE_URL": self.owner_database_url,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": self.secret_key,
        }


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where a system keeps everything it must not lose."""

    path: Path
    account: Account | None

    @classmethod
    def at(cls, path: Path | None = None) -> Self:
        """The folder given, or else the user's own; nothing is made yet.

        Raises:
            FolderOutOfReach: We are root, and the servers' account could not get there.
            NoAccount: We are root, and there is no such account.
        """
        account = Account.to_lend()
        chosen = (path or Path(platformdirs.user_data_dir("inventoryai"))).expanduser().resolve()
        if account is not None and not account.reaches(chosen):
            if path is not None:
                raise FolderOutOfReach(folder=str(chosen), instead=str(_FOR_ROOT))
            chosen = _FOR_ROOT
        return cls(chosen, account)

    @property
    def postgres(self) -> Path:
        """Belongs to PostgreSQL."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """Belongs to Valkey."""
        return self.path / "valkey"

    @property
    def sockets(self) -> Path:
        """Holds the sockets of the servers."""
        return self.path / "run"

    @property
    def uploads(self) -> Path:
        """Holds files as they came in."""
        return self.path / "uploads"

    @property
    def logs(self) -> Path:
        """Holds what the embedded servers said."""
        return self.path / "logs"

    def prepare(self) -> None:
        """Makes what is missing and tightens what is there; the servers' folders are made by them.

        Raises:
            FolderNotUsable: It cannot be made, or is no folder.
            FolderOfAnotherUser: Its owner is not us.
            FolderNotOurs: There is something else in it.
        """
        mode = 0o700 if self.account is None else 0o711
        try:
            self._make(mode)
            if self.path.stat().st_uid != os.geteuid():
                raise FolderOfAnotherUser(folder=str(self.path))
            here = {found.name for found in self.path.iterdir()}
            if _LOCK not in here and not here <= _NO_STRANGERS:
                raise FolderNotOurs(folder=str(self.path))
            self.path.chmod(mode)
            (self.path / _LOCK).touch(mode=0o600)  # from now on the folder is known to be ours
            for ours in (self.uploads, self.logs):
                private(ours, None)
            private(self.sockets, self.account)
        except OSError as error:
            raise FolderNotUsable(folder=str(self.path), reason=error.strerror or str(error)) from error

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the folder for this process alone.

        Raises:
            FolderInUse: Another process holds it.
        """
        with (self.path / _LOCK).open("a") as file:
            os.fchmod(file.fileno(), 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._in_use() from None
            note = self.path / _RUNNING
            note.unlink(missing_ok=True)  # of one that was killed
            try:
                yield
            finally:
                note.unlink(missing_ok=True)

    def announce(self, system: RunningSystem) -> None:
        """Tells the other commands where the system that holds this folder is."""
        write_private(self.path / _RUNNING, msgspec.json.encode(system))

    def running(self) -> RunningSystem | None:
        """The system that holds this folder now, if there is one; left-over notes do not count."""
        try:
            with (self.path / _LOCK).open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._noted() or RunningSystem(pid=0)
        except OSError:
            return None
        return None

    def _noted(self) -> RunningSystem | None:
        try:
            return msgspec.json.decode((self.path / _RUNNING).read_bytes(), type=RunningSystem)
        except (OSError, msgspec.DecodeError):
            return None

    def _in_use(self) -> FolderInUse:
        system = self._noted() or RunningSystem(pid=0)
        return FolderInUse(folder=str(self.path), url=system.url or "starting", pid=system.pid or "?")

    def _make(self, mode: int) -> None:
        for missing in reversed([self.path, *self.path.parents]):
            if not missing.exists():
                missing.mkdir(mode=mode)
                missing.chmod(mode)  # the umask may have taken a bit away
