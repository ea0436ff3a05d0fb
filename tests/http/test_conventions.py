"""What holds for every call: problems, languages, query parameters, bodies and headers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from callers import Api, Caller, Callers
from memory.storage import MemoryUnitOfWork, MemoryWork

from inventoryai.ports.storage import Scope, StorageUnavailable
from inventoryai_http import HttpSettings

PROBLEM = {"type", "title", "status", "detail", "code", "instance"}


class Failing(MemoryUnitOfWork):
    """Storage that raises instead of opening."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    @asynccontextmanager
    async def __call__(self, scope: Scope) -> AsyncIterator[MemoryWork]:
        async with super().__call__(scope) as work:
            yield work
            raise self.error


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "route.not_found"),
        ("GET", "/api/v1/nowhere", 404, "route.not_found"),
        ("GET", "/api/v1/products/1", 404, "route.not_found"),
        ("GET", "/api/v1/products/%00", 404, "route.not_found"),
        ("GET", "/docs/openapi.json", 404, "route.not_found"),
        ("PUT", "/api/v1/products", 405, "route.method_not_allowed"),
        ("GET", "/api/v1/register", 405, "route.method_not_allowed"),
        ("BREW", "/api/v1/register", 405, "route.method_not_allowed"),
        ("GET", "/api/v1/me", 401, "token.missing"),
        ("POST", "/api/v1/register", 400, "request.body_missing"),
    ],
)
async def test_every_error_is_a_problem(
    callers: Callers, method: str, path: str, status: int, code: str
) -> None:
    answer = await callers.client.request(method, path)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem) == PROBLEM
    assert problem["type"] == f"/docs/errors#{code}"


async def test_a_wrong_method_is_told_the_right_ones(callers: Callers) -> None:
    answer = await callers.client.put("/api/v1/products")
    assert answer.headers["allow"] == "GET, OPTIONS, POST"


@pytest.mark.parametrize(
    ("accepted", "account", "language"),
    [
        (None, "en", "en"),
        (None, "fr", "fr"),
        ("*", "fr", "fr"),
        ("de", "fr", "fr"),
        ("fr", "en", "fr"),
        ("fr-CM,fr;q=0.9,en;q=0.8", "en", "fr"),
        ("en;q=0.1,fr;q=0.2", "en", "fr"),
        ("en,fr", "fr", "en"),
        ("fr;q=0", "fr", "fr"),
        ("x" * 100_000, "en", "en"),
    ],
)
async def test_problems_speak_the_callers_language(
    callers: Callers, accepted: str | None, account: str, language: str
) -> None:
    ama = await callers.register(locale=account)
    await ama.found()
    headers = {} if accepted is None else {"Accept-Language": accepted}
    answer = await ama.post("/products", {"sku": 1, "name": "A"}, headers=headers)
    problem = answer.json()
    assert answer.headers["content-language"] == language
    assert (problem["title"], problem["errors"][0]["message"]) == {
        "en": ("Not valid", "This must be a text."),
        "fr": ("Non valable", "Cette valeur doit être un texte."),
    }[language]


@pytest.mark.parametrize("query", ["q=rice", "sort=name", "limit=1&Limit=2", "company_id=1"])
async def test_an_unknown_filter_is_refused(callers: Callers, query: str) -> None:
    ama = await callers.founder()
    answer = await ama.get(f"/products?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "query.unknown")
    assert "cursor, limit" in answer.json()["detail"]


async def test_a_doubled_filter_is_refused(callers: Callers) -> None:
    ama = await callers.founder()
    answer = await ama.get("/products?limit=1&limit=2")
    assert (answer.status_code, answer.json()["code"]) == (400, "query.doubled")


async def post(ama: Caller, body: bytes, kind: str = "application/json") -> tuple[int, str]:
    answer = await ama.call("POST", "/products", content=body, headers={"Content-Type": kind})
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"{}}", b"nonsense", b'{"sku": NaN}', b"\xff\xfe", b'{"sku": "\xff"}', b'{"sku": 5, "name"'],
)
async def test_what_is_not_json_is_malformed(callers: Callers, body: bytes) -> None:
    assert await post(await callers.founder(), body) == (400, "request.not_json")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"sku":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"sku": "A", "name": "A", "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
async def test_a_body_nested_without_end_is_malformed(callers: Callers, body: bytes) -> None:
    """S32."""
    assert await post(await callers.founder(), body) == (400, "request.too_deep")


@pytest.mark.parametrize("body", [b"[]", b"1", b'"A"', b"null", b"true"])
async def test_another_kind_of_json_is_not_valid(callers: Callers, body: bytes) -> None:
    assert await post(await callers.founder(), body) == (422, "request.invalid")


async def test_another_type_of_body_is_not_read(callers: Callers) -> None:
    ama = await callers.founder()
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "text/json; x=y"):
        assert await post(ama, b"{}", kind) == (415, "request.media_type_unsupported")
    assert (await post(ama, b"{}", "application/json; charset=utf-8"))[0] == 422


async def test_a_large_body_is_refused_with_and_without_its_length(callers: Callers) -> None:
    """S26."""
    ama = await callers.founder()
    body = b'{"sku": "' + b"A" * HttpSettings().body_limit + b'"}'
    assert await post(ama, body) == (413, "request.too_large")

    async def pieces() -> object:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    answer = await ama.call("POST", "/products", content=pieces())
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


@pytest.mark.parametrize("path", ["/api/v1/me", "/nowhere", "/api/v1/openapi.json", "/health/live"])
async def test_every_answer_is_safe_for_a_browser(callers: Callers, path: str) -> None:
    """S35."""
    headers = (await callers.client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


async def test_browsers_are_told_to_insist_on_tls_where_there_is_some(api: Api) -> None:
    api.settings = HttpSettings(https=True)
    async with api.serving() as callers:
        headers = (await callers.client.get("/nowhere")).headers
        assert headers["strict-transport-security"].startswith("max-age=31536000")


async def test_a_crash_shows_an_id_and_nothing_else(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """S37."""
    api.begin = Failing(RuntimeError("password=hunter2 at /srv/place.py: SELECT * FROM users"))
    async with api.serving() as callers:
        account = {"email": "ama@example.com", "password": "a long password", "full_name": "Ama"}
        answer = await callers.client.post("/api/v1/register", json=account)
    request_id = answer.headers["x-request-id"]
    assert answer.json() == {
        "type": "/docs/errors#server.error",
        "title": "Error on our side",
        "status": 500,
        "detail": f"Something went wrong on our side. It was logged under {request_id}.",
        "code": "server.error",
        "instance": "/api/v1/register",
        "request_id": request_id,
    }
    (record,) = [one for one in caplog.records if one.name.startswith("inventoryai_http")]
    assert record.__dict__["request_id"] == request_id
    assert "hunter2" in str(record.exc_info)


async def test_without_storage_one_may_try_again(api: Api) -> None:
    api.begin = Failing(StorageUnavailable())
    async with api.serving() as callers:
        answer = await callers.client.post(
            "/api/v1/login/token", data={"username": "a@b.cm", "password": "x"}
        )
    assert (answer.status_code, answer.json()["code"]) == (503, "storage.unavailable")
    assert int(answer.headers["retry-after"]) > 0
