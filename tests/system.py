"""The whole system as a process, and somebody who uses it over HTTP."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import Any, Self

import httpx

from inventoryai_server.embedded import DataFolder
from inventoryai_server.supervision import free_port

START_WITHIN = 180.0
ENDED = {"succeeded", "failed", "cancelled"}


@dataclass
class System:
    """``inventoryai up`` on a data folder of its own."""

    folder: DataFolder
    process: subprocess.Popen[str]
    url: str = ""
    output: list[str] = field(default_factory=list)
    clients: list[httpx.Client] = field(default_factory=list)
    _lines: Queue[str | None] = field(default_factory=Queue)

    @classmethod
    def start(cls, folder: DataFolder, *options: str, port: int | None = None) -> Self:
        """Starts it, and returns when it says that it is ready."""
        asked = ("--data", str(folder.path), "--port", str(port or free_port()), *options)
        ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "INVENTORYAI_OWNER_DATABASE_URL"}
        process = subprocess.Popen(
            [sys.executable, "-m", "inventoryai_server", "up", *asked],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={name: value for name, value in os.environ.items() if name not in ours},
            cwd=folder.path.parent,
            start_new_session=True,
        )
        system = cls(folder, process)
        threading.Thread(target=system._listen, daemon=True).start()
        try:
            system.url = system.wait_for(r"^ready (http://\S+)$")
        except BaseException:
            process.kill()
            process.wait()
            raise
        return system

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
            self._lines.put(self.output[-1])
        self.process.stdout.close()
        self._lines.put(None)

    def wait_for(self, pattern: str, within: float = START_WITHIN) -> str:
        """The first group of the next line that fits."""
        until = time.monotonic() + within
        while True:
            try:
                line = self._lines.get(timeout=max(0.1, until - time.monotonic()))
            except Empty:
                line = None
            if line is None:
                raise AssertionError("\n".join(["it did not say so; its last words:", *self.output[-40:]]))
            if found := re.search(pattern, line):
                return str(found.group(found.re.groups and 1))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stops it, and gives its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=90)

    def mails(self, to: str) -> list[str]:
        """The texts of the messages in the console outbox to somebody, oldest first."""
        texts = [path.read_text() for path in sorted((self.folder.path / "outbox").glob("*.eml"))]
        return [text for text in texts if f"To: {to}" in text]

    def token(self, to: str) -> str:
        """The token of the latest message to somebody."""
        return str(re.findall(r"^([\w-]{43})$", self.mails(to)[-1], re.MULTILINE)[0])


@contextmanager
def running(folder: DataFolder, *options: str) -> Iterator[System]:
    """The system for as long as a block lasts."""
    system = System.start(folder, *options)
    try:
        yield system
    finally:
        for client in system.clients:
            client.close()
        if system.process.poll() is None:
            system.stop()


@dataclass
class Person:
    """Somebody with an account, who calls the API."""

    system: System
    email: str
    client: httpx.Client

    @classmethod
    def register(cls, system: System, email: str, *, verified: bool = True) -> Self:
        """A new account, logged in, its address proved unless told otherwise."""
        client = httpx.Client(base_url=f"{system.url}/api/v1", timeout=60, trust_env=False)
        system.clients.append(client)
        person = cls(system, email, client)
        account = {"email": email, "password": "a long password", "full_name": "Une Personne"}
        person.post("/register", 201, json=account)
        if verified:
            person.post("/email/verify", 204, json={"token": system.token(email)})
        person.log_in()
        return person

    @classmethod
    def who_comes_back(cls, system: System, email: str, company: str) -> Self:
        """Somebody who has an account, and a company, in a system that was started again."""
        client = httpx.Client(base_url=f"{system.url}/api/v1", timeout=60, trust_env=False)
        system.clients.append(client)
        person = cls(system, email, client)
        person.log_in()
        client.headers["X-Company-ID"] = company
        return person

    def log_in(self) -> dict[str, Any]:
        form = {"username": self.email, "password": "a long password"}
        answer: dict[str, Any] = self.post("/login/token", 200, data=form)
        self.client.headers["Authorization"] = f"Bearer {answer['access_token']}"
        return answer

    def found(self, name: str, **said: str) -> str:
        """A company of theirs, which their calls are in from now on."""
        company: str = self.post("/company/", 201, json={"name": name, **said})["id"]
        self.client.headers["X-Company-ID"] = company
        return company

    def call(self, method: str, path: str, status: int, **options: Any) -> Any:
        """The JSON of an answer that must have this status."""
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        return answer.json() if answer.content else None

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        return self.call("GET", path, status, **options)

    def post(self, path: str, status: int, **options: Any) -> Any:
        return self.call("POST", path, status, **options)

    def upload(self, content: bytes, status: int = 202, filename: str = "ventes.csv", **form: str) -> Any:
        """An import, as it was accepted."""
        return self.post(
            "/imports",
            status,
            files={"file": (filename, content, "text/csv")},
            data={"kind": "sales", **form},
        )

    def finished(self, job: Mapping[str, Any], within: float = 300) -> dict[str, Any]:
        """A job once it has ended."""
        until = time.monotonic() + within
        while True:
            now: dict[str, Any] = self.get(f"/jobs/{job['id']}")
            if now["state"] in ENDED:
                return now
            assert time.monotonic() < until, f"still {json.dumps(now)}"
            time.sleep(0.1)

    def succeeded(self, job: Mapping[str, Any], within: float = 300) -> dict[str, Any]:
        """A job that must end well."""
        ended = self.finished(job, within)
        assert ended["state"] == "succeeded", ended
        return ended

    def imported(self, content: bytes, **form: str) -> dict[str, Any]:
        """An import that must end well, as it is then."""
        accepted = self.upload(content, 202, "ventes.csv", **form)
        self.succeeded(accepted["job"])
        done: dict[str, Any] = self.get(f"/imports/{accepted['id']}")
        return done

    def everything(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        while True:
            page = self.get(path, params={"limit": 200, **params, **cursor})
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}
