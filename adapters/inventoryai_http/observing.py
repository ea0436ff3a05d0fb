"""What surrounds every request, whether or not a route takes it: an id, safe headers, a line in the log."""

import re
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Histogram

REQUEST_ID: Final = b"x-request-id"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SAFE: Final[Mapping[bytes, bytes]] = {
    b"x-content-type-options": b"nosniff",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
}
"""Set on every answer that does not say otherwise: what the API tells is private."""
_INSIST_ON_TLS: Final = b"max-age=31536000; includeSubDomains"


def request_id_of(scope: MutableMapping[str, Any] | Scope) -> str:
    """The id under which a request is logged."""
    return str(scope["state"]["request_id"])


@dataclass(frozen=True, slots=True)
class Metrics:
    """How many requests came, and how long they took; one registry an application."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram

    @classmethod
    def fresh(cls) -> "Metrics":
        """Nothing counted yet."""
        registry = CollectorRegistry()
        labels = ("method", "route")
        return cls(
            registry,
            Counter("inventoryai_requests", "Requests answered.", (*labels, "status"), registry=registry),
            Histogram("inventoryai_request_seconds", "Time to answer.", labels, registry=registry),
        )


@dataclass(frozen=True, slots=True)
class Observed:
    """An ASGI application, watched from outside.

    Attributes:
        app: What answers.
        metrics: Where requests are counted.
        https: Whether browsers are told to insist on TLS.
    """

    app: ASGIApp
    metrics: Metrics
    https: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        # A copy: what is noted of one request must not be there in the next.
        state = scope["state"] = dict(scope.get("state") or {})
        state["request_id"] = _given_id(scope) or uuid4().hex
        seen = _Seen(time.perf_counter())

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                message["headers"] = self._headers(message["headers"], state["request_id"])
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=state["request_id"]):
            try:
                await self.app(scope, receive, send_safely)
            finally:
                self._note(scope, seen)

    def _headers(self, given: Any, request_id: str) -> list[tuple[bytes, bytes]]:
        headers = [(bytes(name).lower(), bytes(value)) for name, value in given]
        names = {name for name, _ in headers}
        headers += [(name, value) for name, value in _SAFE.items() if name not in names]
        if self.https:
            headers.append((b"strict-transport-security", _INSIST_ON_TLS))
        return [*headers, (REQUEST_ID, request_id.encode())]

    def _note(self, scope: Scope, seen: "_Seen") -> None:
        method, route = _method(scope), str(scope.get("path_template") or "unmatched")
        elapsed = time.perf_counter() - seen.began
        self.metrics.requests.labels(method, route, str(seen.status)).inc()
        self.metrics.seconds.labels(method, route).observe(elapsed)
        # The raw path: still percent-encoded, so that no line break in it becomes one of the log.
        path = scope.get("raw_path") or scope["path"].encode("unicode_escape")
        structlog.stdlib.get_logger("inventoryai_http.access").info(
            "request",
            method=method,
            path=path.partition(b"?")[0].decode("ascii", "backslashreplace"),
            status=seen.status,
            ms=round(elapsed * 1_000, 1),
            user_id=str(scope["state"].get("user_id", "")),
        )


@dataclass(slots=True)
class _Seen:
    """What is known of a request so far. Until an answer starts, it is one that never came."""

    began: float
    status: int = HTTPStatus.INTERNAL_SERVER_ERROR


def _method(scope: Scope) -> str:
    """The method, if it is one: a caller must not be able to make up new series of numbers."""
    method = str(scope.get("method", ""))
    return method if method in _METHODS else "OTHER"


def _given_id(scope: Scope) -> str:
    """The id that a proxy gave the request, if it is a plain one; else nothing."""
    for name, value in scope["headers"]:
        if name == REQUEST_ID and _GIVEN_ID.fullmatch(value):
            return value.decode()
    return ""
