"""Request ids, the access log and the metrics."""

import logging

import pytest
from callers import Callers
from structlog.testing import capture_logs


async def test_every_answer_carries_an_id_of_its_own(callers: Callers) -> None:
    answers = [await callers.client.get(path) for path in ("/nowhere", "/health/live", "/docs", "/api/v1/me")]
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


@pytest.mark.parametrize(("given", "kept"), [("proxy-1.a_b", True), ("x" * 65, False), ("a b", False)])
async def test_a_plain_id_of_a_proxy_is_kept(callers: Callers, given: str, *, kept: bool) -> None:
    answer = await callers.client.get("/health/live", headers={"X-Request-ID": given})
    assert (answer.headers["x-request-id"] == given) is kept


async def test_a_request_is_one_line_without_secrets(callers: Callers) -> None:
    """S38."""
    ama = await callers.founder()
    with capture_logs() as lines:
        await ama.get("/products?cursor=a-secret", headers={"Cookie": "session=1"})
    (line,) = lines
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/products", 400)
    assert line["user_id"]
    assert set(line) == {"event", "log_level", "method", "path", "status", "ms", "user_id"}


async def test_a_line_break_in_a_path_stays_on_its_line(callers: Callers) -> None:
    with capture_logs() as lines:
        await callers.client.get("/nowhere%0d%0afake: line")
    assert lines[0]["path"] == "/nowhere%0d%0afake:%20line"


async def test_requests_are_counted_by_route_and_not_by_path(callers: Callers) -> None:
    for path in ("/api/v1/me", "/nowhere/1", "/nowhere/2"):
        await callers.client.get(path)
    await callers.client.request("BREW", "/nowhere")
    answer = await callers.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    counted = answer.text
    assert 'inventoryai_requests_total{method="GET",route="/api/v1/me",status="401"} 1.0' in counted
    assert 'inventoryai_requests_total{method="GET",route="unmatched",status="404"} 2.0' in counted
    assert 'method="OTHER"' in counted
    assert "nowhere" not in counted
    assert "inventoryai_request_seconds_bucket" in counted


async def test_a_crash_is_logged_with_the_id_that_was_shown(
    callers: Callers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = await callers.client.get("/health/live")
    assert answer.status_code == 200
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
