"""Health over HTTP."""

from callers import Callers


async def test_a_process_that_answers_lives(callers: Callers) -> None:
    callers.api.missing.names = ("database",)
    answer = await callers.client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


async def test_ready_when_nothing_is_missing(callers: Callers) -> None:
    answer = await callers.client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_what_is_missing_is_named(callers: Callers) -> None:
    callers.api.missing.names = ("queue", "workers")
    answer = await callers.client.get("/health/ready")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["queue", "workers"])
    assert answer.json()["detail"] == "Not ready; missing: queue, workers."
    assert "retry-after" in answer.headers
