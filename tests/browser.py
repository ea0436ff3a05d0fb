"""A real browser without a window, driven over its debugging pipe."""

import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 60.0
"""Seconds until a browser that does not answer is taken to be broken."""


def installed() -> str | None:
    """The path of a browser, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Browser:
    """One page. ``events`` is everything that the browser told on its own."""

    to_browser: int
    from_browser: int
    session: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    _sent: int = 0
    _rest: bytes = b""

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """A command, and its result."""
        self._sent += 1
        message: dict[str, Any] = {"id": self._sent, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._sent:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.from_browser], [], [], PATIENCE)
            assert ready, "the browser does not answer"
            piece = os.read(self.from_browser, 1 << 20)
            assert piece, "the browser is gone"
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def run(self, script: str) -> Any:
        """What an expression comes to; a promise is waited for."""
        result = self.tell("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Waits until an expression is true of the page."""
        self.run(
            "new Promise((done, give_up) => {"
            f"setTimeout(() => give_up(new Error({json.dumps(condition)})), {PATIENCE * 500});"
            f"const look = () => ({condition}) ? done() : setTimeout(look, 20); look(); }})"
        )

    def open(self, url: str) -> None:
        """Goes to a page."""
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.tell(f"{domain}.enable")
        self.tell("Page.navigate", url=url)

    def complaints(self) -> list[str]:
        """What the browser logged as an error: scripts that failed, things that were blocked."""
        logged = [event["entry"]["text"] for event in self._told("Log.entryAdded") if _is_error(event)]
        return logged + [json.dumps(event) for event in self._told("Runtime.exceptionThrown")]

    def requested(self) -> list[str]:
        """The addresses that the page asked for."""
        return [event["request"]["url"] for event in self._told("Network.requestWillBeSent")]

    def _told(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.events if event.get("method") == method]


def _is_error(event: dict[str, Any]) -> bool:
    return bool(event["entry"]["level"] == "error")


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with one empty page."""
    path = installed()
    assert path is not None
    into, ours = os.pipe()
    mine, out = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # The browser speaks on its descriptors 3 and 4.
        script = f'exec 3<&{into} 4>&{out}; exec "$0" "$@"'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        options += ["--no-first-run", "--disable-background-networking", "--remote-debugging-pipe"]
        process = subprocess.Popen(
            ["/bin/bash", "-c", script, path, *options, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(into, out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(into)
        os.close(out)
        try:
            page = Browser(ours, mine)
            target = page.tell("Target.createTarget", url="about:blank")["targetId"]
            attached = page.tell("Target.attachToTarget", targetId=target, flatten=True)
            page.session = attached["sessionId"]
            yield page
        finally:
            process.terminate()
            process.wait()
            os.close(ours)
            os.close(mine)
