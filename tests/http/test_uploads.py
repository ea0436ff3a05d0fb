"""Forms with a file: taken in piece by piece, refused whole, and nothing left behind."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from callers import UPLOAD_LIMIT, Caller, Callers
from multipart import MultipartSegment

from inventoryai_http.uploads import filename_of

FILE = b"date,sku,quantity\n2024-01-02,A,1\n"


def kept(callers: Callers) -> list[str]:
    """What lies in the folder of uploads."""
    return [one.name for one in callers.api.folder.iterdir()]


def form(*parts: bytes, boundary: bytes = b"xYz") -> dict[str, Any]:
    """A form as it travels, from its parts' heads and bodies."""
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return {
        "content": body + b"--" + boundary + b"--\r\n",
        "headers": {"Content-Type": f"multipart/form-data; boundary={boundary.decode()}"},
    }


def text(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def file(content: bytes = FILE, filename: str = "ventes.csv", name: str = "file") -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
    return head.encode() + content


async def faults(ama: Caller, *parts: bytes) -> list[tuple[str, str]]:
    """What a form is refused for: each field and code."""
    answer = await ama.call("POST", "/imports", **form(*parts))
    assert answer.status_code == 422, answer.text
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize("first", ["fields", "file"])
async def test_every_wrong_field_is_named_and_the_file_forgotten(callers: Callers, first: str) -> None:
    ama = await callers.founder()
    wrong = {
        "kind": "gossip",
        "mapping": "[1]",
        "date_order": "year_first",
        "on_duplicate": "ignore",
        "on_unknown_sku": "guess",
        "all_or_nothing": "maybe",
        "dry_run": "2",
    }
    fields = [text(name, value) for name, value in wrong.items()]
    parts = [*fields, file()] if first == "fields" else [file(), *fields]
    assert await faults(ama, *parts) == [
        ("kind", "import.kind_unknown"),
        ("mapping", "import.mapping_invalid"),
        ("date_order", "field.not_a_choice"),
        ("on_duplicate", "field.not_a_choice"),
        ("on_unknown_sku", "field.not_a_choice"),
        ("all_or_nothing", "field.not_boolean"),
        ("dry_run", "field.not_boolean"),
    ]
    assert kept(callers) == []


@pytest.mark.parametrize(
    "mapping", ["nonsense", '{"date": 1}', '"x"', "[" * 100_0, '{"date": "Vendu le"', "null"]
)
async def test_a_mapping_is_an_object_of_texts(callers: Callers, mapping: str) -> None:
    parts = (text("kind", "sales"), text("mapping", mapping), file())
    assert await faults(await callers.founder(), *parts) == [("mapping", "import.mapping_invalid")]


async def test_kind_is_required(callers: Callers) -> None:
    assert await faults(await callers.founder(), file()) == [("kind", "field.missing")]


async def test_unknown_and_doubled_fields_are_refused(callers: Callers) -> None:
    """S22."""
    ama = await callers.founder()
    parts = (text("kind", "sales"), text("company_id", "1"), file())
    assert await faults(ama, *parts) == [("company_id", "field.unknown")]
    parts = (text("kind", "sales"), text("kind", "stock"), file())
    assert await faults(ama, *parts) == [("kind", "field.doubled")]
    assert kept(callers) == []


async def test_there_is_one_file(callers: Callers) -> None:
    ama = await callers.founder()
    assert await faults(ama, text("kind", "sales")) == [("file", "field.missing")]
    assert await faults(ama, text("kind", "sales"), file(), file()) == [("file", "field.doubled")]
    assert kept(callers) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"--xYz\r\n",
        b"--xYz\r\n" + file(),
        b"--xYz\r\n" + file() + b"\r\n--xYz\r\n" + text("kind", "sales"),
        b"--xYz\r\nContent-Disposition: attachment\r\n\r\nx\r\n--xYz--\r\n",
        b"--xYz\r\n" + b"X: " + b"y" * 10_000 + b"\r\n\r\nx\r\n--xYz--\r\n",
        b"--xYz\r\n" + text("kind", "x" * 70_000) + b"\r\n--xYz--\r\n",
        b"".join(b"--xYz\r\n" + text(f"f{number}", "1") + b"\r\n" for number in range(30)) + b"--xYz--\r\n",
        b"--xYz\r\n" + text("kind", "sales").replace(b"sales", b"\xff") + b"\r\n--xYz--\r\n",
    ],
    ids=[
        "empty",
        "no boundary",
        "only a boundary",
        "a file cut short",
        "fields cut short",
        "no form data",
        "a long header",
        "a long field",
        "many fields",
        "not text",
    ],
)
async def test_a_broken_form_is_malformed_and_leaves_nothing(callers: Callers, body: bytes) -> None:
    ama = await callers.founder()
    headers = {"Content-Type": "multipart/form-data; boundary=xYz"}
    answer = await ama.call("POST", "/imports", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.form_malformed"), answer.text
    assert kept(callers) == []


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary="])
async def test_a_form_without_a_boundary_is_malformed(callers: Callers, kind: str) -> None:
    ama = await callers.founder()
    answer = await ama.call("POST", "/imports", content=b"x", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.form_malformed")


@pytest.mark.parametrize("kind", ["text/csv", "application/json", "multipart/mixed; boundary=x"])
async def test_another_type_of_body_is_not_an_upload(callers: Callers, kind: str) -> None:
    ama = await callers.founder()
    answer = await ama.call("POST", "/imports", content=FILE, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "request.media_type_unsupported")


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_file_over_the_limit_is_refused(callers: Callers, *, chunked: bool) -> None:
    """S26."""
    ama = await callers.founder()
    sent = form(text("kind", "sales"), file(b"x" * (UPLOAD_LIMIT + 1)))
    if chunked:
        sent["content"] = pieces(sent["content"])
    answer = await ama.call("POST", "/imports", **sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "file.too_large")
    assert answer.json()["errors"][0]["field"] == "file"
    assert kept(callers) == []


async def test_a_length_far_over_the_limit_is_refused_before_anything_is_read(callers: Callers) -> None:
    ama = await callers.founder()
    sent = form(text("kind", "sales"), file())
    sent["headers"]["Content-Length"] = str(1 << 40)
    answer = await ama.call("POST", "/imports", **sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "file.too_large")


async def test_fields_cannot_be_used_to_get_around_the_limit(callers: Callers) -> None:
    ama = await callers.founder()
    flood = b"--xYz\r\n" + text("kind", "x" * 60_000) + b"\r\n"
    body = flood * 50
    headers = {"Content-Type": "multipart/form-data; boundary=xYz"}
    answer = await ama.call("POST", "/imports", content=pieces(body), headers=headers)
    assert answer.status_code in {400, 413}


@pytest.mark.parametrize(
    ("given", "kept_as"),
    [
        ("ventes.csv", "ventes.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\ventes.csv", "ventes.csv"),
        ("", "file"),
        ("..", ".."),
        ("a\x00b\x1b[31m.csv", "ab[31m.csv"),
        ("é\u202efdp.csv", "éfdp.csv"),
        ("x" * 300, "x" * 255),
    ],
)
def test_a_file_name_is_data_and_nothing_else(given: str, kept_as: str) -> None:
    """S29, S30."""
    segment = MultipartSegment([("Content-Disposition", "form-data")])
    segment.filename = given
    assert filename_of(segment) == kept_as


async def hang_up(callers: Callers, path: str, kind: str, start: bytes) -> list[dict[str, Any]]:
    """Sends the start of a body and leaves; what the application answered into the void."""
    ama = await callers.founder()
    headers = {**ama.headers, "Content-Type": kind}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
    }
    events: list[dict[str, Any]] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": start, "more_body": True},
    ]
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return events.pop()

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    app: Any = callers.api.app()
    await app(scope, receive, send)
    return answered


@pytest.mark.parametrize(
    ("path", "kind", "start"),
    [
        ("/api/v1/imports", "multipart/form-data; boundary=xYz", b"--xYz\r\n" + file()),
        ("/api/v1/products", "application/json", b'{"sku": '),
        ("/api/v1/login/token", "application/x-www-form-urlencoded", b"username="),
    ],
)
async def test_hanging_up_is_no_error_of_ours_and_leaves_nothing(
    callers: Callers, caplog: pytest.LogCaptureFixture, path: str, kind: str, start: bytes
) -> None:
    answered = await hang_up(callers, path, kind, start)
    assert answered[0]["status"] == 400
    assert b"request.cut_short" in answered[1]["body"]
    assert kept(callers) == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
