"""Pages of other sites may call only where that is configured (S34)."""

from collections.abc import AsyncIterator

import pytest
from callers import Api, Callers

from inventoryai_http import HttpSettings

OURS, THEIRS = "https://app.example.com", "https://evil.example.com"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture
async def open_to_ours(api: Api) -> AsyncIterator[Callers]:
    api.settings = HttpSettings(cors_origins=(OURS,))
    async with api.serving() as callers:
        yield callers


async def test_by_default_no_site_is_let_in(callers: Callers) -> None:
    answer = await callers.client.get("/api/v1/me", headers={"Origin": OURS})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/api/v1/me", "/nowhere", "/api/v1/openapi.json"])
async def test_a_configured_site_is_let_in_on_errors_too(open_to_ours: Callers, path: str) -> None:
    answer = await open_to_ours.client.get(path, headers={"Origin": OURS})
    assert answer.headers["access-control-allow-origin"] == OURS
    assert "access-control-allow-credentials" not in answer.headers
    assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize("origin", [THEIRS, "null", OURS + ".evil.com", "http://app.example.com"])
async def test_another_site_is_not(open_to_ours: Callers, origin: str) -> None:
    answer = await open_to_ours.client.get("/api/v1/me", headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers
    asked = await open_to_ours.client.options("/api/v1/me", headers={"Origin": origin, **PREFLIGHT})
    assert asked.status_code == 400


async def test_the_browser_may_ask_first(open_to_ours: Callers) -> None:
    answer = await open_to_ours.client.options("/api/v1/me", headers={"Origin": OURS, **PREFLIGHT})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == OURS


async def test_a_page_may_read_a_version_and_send_it_back(open_to_ours: Callers) -> None:
    asking = {**PREFLIGHT, "Access-Control-Request-Method": "PATCH"}
    asking["Access-Control-Request-Headers"] = "authorization,if-match"
    asked = await open_to_ours.client.options("/api/v1/products", headers={"Origin": OURS, **asking})
    assert asked.status_code == 204
    answer = await open_to_ours.client.get("/api/v1/me", headers={"Origin": OURS})
    assert "etag" in answer.headers["access-control-expose-headers"].lower()
