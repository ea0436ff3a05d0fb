"""The embedded servers, really killed.

R3 and R7: what was accepted is there after any kill, and the next start needs no help.
"""

import asyncio
import os
import signal

import psutil
import pytest
from embedded_systems import answers, notes, stray, system, until, write
from redis import Redis
from servers import temporary_folder

from inventoryai.domain.errors import LOCALES
from inventoryai_server.embedded import DataFolder, FolderInUse, Given, PostgresUrls, embedded
from inventoryai_server.embedded.credentials import credentials
from inventoryai_server.embedded.orphans import servers_of
from inventoryai_server.embedded.postgres import Postgres

pytestmark = pytest.mark.chaos


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
async def test_R3_a_killed_server_comes_back_under_the_same_url(folder: DataFolder, name: str) -> None:
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
async def test_R7_a_killed_system_starts_again_at_once(folder: DataFolder, also: tuple[str, ...]) -> None:
    with system(folder.path) as (process, where):
        await write(where["owner"], "accepted")
        for name in also:
            os.kill(where[name], signal.SIGKILL)
        process.kill()
        process.wait()
        async with embedded(folder) as stack:
            assert await notes(stack.database.owner) == ["accepted"]


async def test_R7_an_orphan_of_this_folder_is_stopped_and_no_other(folder: DataFolder) -> None:
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


async def test_R7_a_left_over_pid_that_is_somebody_elses_now_is_no_obstacle(folder: DataFolder) -> None:
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
