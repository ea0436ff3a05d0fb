"""Systems in processes of their own, which can be killed, and what was kept by them."""

import asyncio
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import asyncpg
import psutil
from redis import Redis
from redis.exceptions import RedisError

from inventoryai_server.embedded import DataFolder, Stack
from inventoryai_server.embedded.orphans import servers_of


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


@contextmanager
def stray(folder: DataFolder, *argv: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the servers' account that nobody supervises."""
    account = folder.account.for_subprocess() if folder.account else {}
    with subprocess.Popen(argv, stderr=subprocess.DEVNULL, **account) as process:
        try:
            yield process
        finally:
            process.kill()
