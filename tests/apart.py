"""The API and a worker as processes of their own, that need not have the same things installed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from inside import until
from servers import running_servers, temporary_folder
from system import System

from inventoryai_server.embedded import Stack
from inventoryai_server.supervision import free_port


@contextmanager
def apart(only_the_worker: Path) -> Iterator[System]:
    """A system whose worker finds a folder on its path that the API does not find.

    Args:
        only_the_worker: Where plugins are installed.
    """
    with temporary_folder() as folder, running_servers(folder) as stack:
        port = free_port()
        ours = _settings(stack)
        subprocess.run(_command("migrate"), env=ours, check=True, capture_output=True)
        with (
            _running(ours, "serve", "--port", str(port)) as api,
            _running(ours | {"PYTHONPATH": str(only_the_worker)}, "worker") as worker,
        ):
            system = System(folder, api, f"http://127.0.0.1:{port}")
            until(lambda: _ready(system, worker), "the API and the worker are ready")
            try:
                yield system
            finally:
                for client in system.clients:
                    client.close()


def _settings(stack: Stack) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INVENTORYAI_")}
    return kept | {
        "DATABASE_URL": stack.database.app,
        "INVENTORYAI_OWNER_DATABASE_URL": stack.database.owner,
        "REDIS_URL": stack.redis_url,
        "SECRET_KEY": "a key for tests, long enough for anybody",
        "INVENTORYAI_DATA": str(stack.folder.path),
    }


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "inventoryai_server", *words]


@contextmanager
def _running(environment: dict[str, str], *words: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        _command(*words), env=environment, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def _ready(system: System, worker: "subprocess.Popen[str]") -> bool:
    """Whether it answers, and the worker has said what it can do."""
    for process in (system.process, worker):
        assert process.poll() is None, f"it ended with {process.returncode}: {process.args!r}"
    try:
        answer = httpx.get(f"{system.url}/health/ready", timeout=10, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
