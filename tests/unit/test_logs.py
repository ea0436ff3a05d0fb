"""S38: no password, token or Authorization in logs, and no line that a value has made up."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from inventoryai_server.logs import STRUCK_OUT, clean, configure, strike_out

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0"


@pytest.fixture
def json_log() -> Iterator[io.StringIO]:
    yield from _configured("json")


@pytest.fixture
def console_log() -> Iterator[io.StringIO]:
    yield from _configured("console")


def _configured(how: str) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    # Not through basicConfig(force=True): that would close pytest's own handlers.
    root.handlers = []
    configure("json" if how == "json" else "console", to=stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "SECRET_KEY", "refresh_token", "Authorization", "cookie", "api_key", "otp"],
)
def test_S38_a_value_with_a_secret_name_is_struck_out(name: str) -> None:
    event = strike_out(None, "info", {"event": "x", name: "hush", "inner": {"deep": [{name: "hush"}]}})
    assert "hush" not in repr(event)
    assert event[name] == STRUCK_OUT


@pytest.mark.parametrize("name", ["token_type", "token_count", "footprint", "company_id", "sku"])
def test_harmless_names_stay(name: str) -> None:
    assert strike_out(None, "info", {name: "bearer"})[name] == "bearer"


@pytest.mark.parametrize(
    "text",
    [
        f"refused {TOKEN}",
        "Authorization: Bearer hush-hush-hush-hush",
        "basic aHVzaC1odXNoOmh1c2gtaHVzaA==hush",
        "cannot reach postgresql://owner:hush@db:5432/inventoryai",
        "cannot reach redis://:hush@127.0.0.1:6379/0",
        "POST /login/token username=a&password=hush&x=1",
        '{"password": "hush", "email": "a@b.c"}',
        "SECRET_KEY=hush",
    ],
)
def test_S38_a_secret_inside_a_text_is_struck_out(text: str) -> None:
    found = clean(text)
    assert "hush" not in found
    assert TOKEN not in found
    assert STRUCK_OUT in found


@pytest.mark.parametrize(
    "text", ["Tokens of 30 minutes", "sku=AB-12 quantity=3", "https://example.com/a:b@c"]
)
def test_plain_texts_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x1b[2J", "\x0b", "\x85", "\u2028", "\x00"])
def test_S38_one_value_stays_on_one_line(mark: str) -> None:
    found = clean(f"file{mark}2026-01-01 [info] all is well")
    assert len(found.splitlines()) == 1
    assert "\x1b" not in found
    assert "\x00" not in found


def test_S38_our_own_events_are_clean(json_log: io.StringIO) -> None:
    structlog.get_logger("test").warning(
        "login refused\nfake", password="hush", headers={"authorization": "bearer hush"}, tries=3
    )
    (line,) = json_log.getvalue().splitlines()
    event = json.loads(line)
    assert event["event"] == "login refused\\x0afake"
    assert event["password"] == STRUCK_OUT
    assert event["tries"] == 3
    assert event["level"] == "warning"
    assert event["logger"] == "test"
    assert "hush" not in line


def test_S38_what_libraries_log_is_clean_too(json_log: io.StringIO) -> None:
    logging.getLogger("library").error("cannot reach %s\n", "redis://:hush@queue/0")
    (line,) = json_log.getvalue().splitlines()
    assert json.loads(line)["event"] == f"cannot reach redis://:{STRUCK_OUT}@queue/0\\x0a"


def _refuse(message: str) -> None:
    raise ValueError(message)


@pytest.mark.parametrize("how", ["json", "console"])
def test_S38_a_traceback_is_clean_and_forges_nothing(how: str, request: pytest.FixtureRequest) -> None:
    stream: io.StringIO = request.getfixturevalue(f"{how}_log")
    try:
        _refuse("bad\n2026-01-01 [info] forged password=hush")
    except ValueError:
        logging.getLogger("library").exception("it failed")
        structlog.get_logger("ours").exception("it failed")
    text = stream.getvalue()
    assert text.count("ValueError") >= 2
    assert "hush" not in text
    assert not any(line.startswith("2026-01-01 [info] forged") for line in text.splitlines())


def test_what_is_not_important_enough_is_not_written(json_log: io.StringIO) -> None:
    structlog.get_logger("test").debug("detail")
    logging.getLogger("httpx").info("HTTP Request: GET …")
    assert json_log.getvalue() == ""


@pytest.mark.parametrize("how", ["json", "console"])
def test_what_is_told_beside_an_event_is_written_and_clean(how: str, request: pytest.FixtureRequest) -> None:
    stream: io.StringIO = request.getfixturevalue(f"{how}_log")
    extra = {"reason": "ConnectionError", "password": "hush", "color_message": "in \x1b[36mcolours"}
    logging.getLogger("inventoryai_workers.queue").warning("no worker could be woken", extra=extra)
    (line,) = stream.getvalue().splitlines()
    assert "ConnectionError" in line
    assert "hush" not in line
    assert "colours" not in line


def test_a_console_is_spared_requests_and_parts(json_log: io.StringIO, console_log: io.StringIO) -> None:
    """The console is set up last, and so it is what holds."""
    for name in ("inventoryai_http.access", "inventoryai_workers.parts"):
        logging.getLogger(name).info("done")
    logging.getLogger("inventoryai_workers.telling").info("job ended")
    assert json_log.getvalue() == ""
    assert [line.split("] ")[1].split()[:2] for line in console_log.getvalue().splitlines()] == [
        ["job", "ended"]
    ]
