"""Whom the embedded servers run as.

An ordinary user runs them as themselves. PostgreSQL refuses to run as root, so root lends both
servers an account that may do nothing else: the system account ``inventoryai`` where the operator
made one, else ``nobody``. No account is made, and no file outside the data folder is changed.
"""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from inventoryai.domain.errors import Invalid

_NAMES: Final = ("inventoryai", "nobody")


class NoAccount(Invalid):
    """Root has nobody to run PostgreSQL as."""

    code = "account.missing"
    en = "PostgreSQL does not run as root, and there is no account {names}: run as an ordinary user instead."
    fr = (
        "PostgreSQL ne tourne pas sous root, et il n’y a pas de compte {names} : lancez la commande sous "
        "un utilisateur ordinaire."
    )


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system, without its groups."""

    uid: int
    gid: int

    @classmethod
    def to_lend(cls) -> Self | None:
        """The account that root lends; None for an ordinary user, who needs none.

        Raises:
            NoAccount: We are root, and neither account exists.
        """
        if os.geteuid() != 0:
            return None
        for name in _NAMES:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise NoAccount(names=" / ".join(_NAMES))

    def for_subprocess(self) -> dict[str, Any]:
        """The keywords that make ``subprocess`` run a program as this account and in no group else."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this account may pass through every folder above ``path``."""
        return all(self._may_enter(folder) for folder in path.absolute().parents)

    def _may_enter(self, folder: Path) -> bool:
        try:
            found = folder.stat()
        except FileNotFoundError:
            return True  # it will be ours to make
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def private(folder: Path, account: Account | None) -> Path:
    """Makes a folder that is 0700 and belongs to the account, or to us; gives it back.

    Existing ones are tightened, and handed over when they were restored by root from a backup.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if account is not None and folder.stat().st_uid != account.uid:
        give(folder, account)
    return folder


def give(folder: Path, account: Account) -> None:
    """Makes the account own a folder and everything in it, never following a link out of it."""
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent, name), account.uid, account.gid, follow_symlinks=False)


def programs(site: Path, parts: tuple[str, ...], kept: Path, account: Account | None) -> Path:
    """Where an account can run the programs of a wheel: where they were installed, or a copy.

    A virtual environment under ``/root`` is out of everybody else's reach; rather than opening
    ``/root``, its servers are copied into the data folder once for each version.

    Args:
        site: The folder that packages are installed in.
        parts: The folders below it that hold the programs and their libraries; some may not exist.
        kept: Where the copy is made if one is needed, named ``program-version``; copies of other
            versions are removed.
        account: Who will run them; None is ourselves, who installed them.

    Returns:
        The folder that the parts are below: the site itself, or the copy.
    """
    if account is None or account.reaches(site / "any"):
        return site
    if not kept.exists():
        private(kept.parent, account)
        for other in kept.parent.glob(f"{kept.name.split('-')[0]}-*"):
            shutil.rmtree(other)
        half = kept.with_name(kept.name + ".part")
        for part in parts:
            if (site / part).exists():
                shutil.copytree(site / part, half / part, symlinks=True)
        give(half, account)
        half.rename(kept)
    return kept
