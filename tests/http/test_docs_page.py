"""Swagger UI at /docs: its own files, its own policy, and in a real browser."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from browser import Browser, browser, installed
from callers import PASSWORD, Api, Callers


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
async def test_the_page_names_only_files_of_its_own(callers: Callers, path: str) -> None:
    page = await callers.client.get(path)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "//" not in page.text.replace("<!doctype html>", "")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js", "favicon-32x32.png"):
        file = await callers.client.get(f"/docs/{name}")
        assert file.status_code == 200
        assert file.headers["x-content-type-options"] == "nosniff"


async def test_the_page_may_load_scripts_from_here_alone(callers: Callers) -> None:
    """S35."""
    policy = (await callers.client.get("/docs")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


@contextmanager
def served(api: Api) -> Iterator[str]:
    """The application on a port of its own, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(cast("Any", api.app()), log_config=None, access_log=False))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def fill(page: Browser, selector: str, text: str) -> None:
    """Types into a field; the page's framework hears only of values set the browser's own way."""
    page.run(
        f"""{{
        const field = document.querySelector({selector!r});
        const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
        own.set.call(field, {text!r});
        field.dispatchEvent(new Event("input", {{bubbles: true}}));
        }}"""
    )


def click(page: Browser, selector: str) -> None:
    page.wait_for(f"document.querySelector({selector!r})")
    page.run(f"document.querySelector({selector!r}).click()")


@pytest.mark.skipif(installed() is None, reason="no Chromium is installed")
def test_authorize_logs_in_and_calls_then_work(api: Api) -> None:
    with served(api) as url, browser() as page:
        account = {"email": "ama@example.com", "password": PASSWORD, "full_name": "Ama"}
        assert httpx.post(f"{url}/api/v1/register", json=account, trust_env=False).status_code == 201

        page.open(f"{url}/docs")
        page.wait_for("document.querySelectorAll('.opblock').length > 30")
        click(page, ".btn.authorize")
        page.wait_for("document.querySelector('#oauth_username')")
        fill(page, "#oauth_username", "ama@example.com")
        fill(page, "#oauth_password", PASSWORD)
        click(page, ".auth-btn-wrapper .authorize")
        page.wait_for("document.querySelector('.auth-btn-wrapper').textContent.includes('Logout')")
        click(page, ".auth-btn-wrapper .btn-done")

        click(page, "#operations-Accounts-getProfile .opblock-summary-control")
        click(page, "#operations-Accounts-getProfile .try-out__btn")
        click(page, "#operations-Accounts-getProfile .execute")
        page.wait_for("document.querySelector('.live-responses-table .response-col_status')")
        shown = page.run("document.querySelector('.live-responses-table tbody').textContent")
        assert "200" in shown
        assert "ama@example.com" in shown

        assert page.complaints() == []
        assert {urlsplit(one).netloc for one in page.requested()} - {""} == {urlsplit(url).netloc}
