"""The API while the database or the queue is away, and when it is itself killed or told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil
import pytest
from inside import Inside, until
from system import Person
from trade import two_months

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]


@pytest.fixture
def api(inside: Inside) -> Iterator[httpx.Client]:
    """Somebody who calls from outside, and waits for no longer than people do."""
    with httpx.Client(base_url=inside.system.url, timeout=20, trust_env=False) as client:
        yield client


@contextmanager
def nobody_restarts(inside: Inside) -> Iterator[None]:
    """The supervisor stands still, so that what ends stays ended for as long as the block lasts."""
    supervisor = psutil.Process(inside.system.process.pid)
    supervisor.suspend()
    try:
        yield
    finally:
        supervisor.resume()


def missing(api: httpx.Client) -> list[str]:
    """What readiness says is not there."""
    answer = api.get("/health/ready")
    return [] if answer.status_code == 200 else answer.json()["missing"]


def ended(process: psutil.Process) -> bool:
    """Whether a process is no more, or only its name."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def is_refused_for_now(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "storage.unavailable"


def test_R5_a_database_that_is_away_is_said_and_comes_back_by_itself(
    inside: Inside, shop: Person, api: httpx.Client
) -> None:
    before = shop.get("/products")
    with nobody_restarts(inside):
        postgres = inside.process("postgres")
        postgres.send_signal(signal.SIGINT)  # its fast way to stop
        until(lambda: ended(postgres), "the database stopped")
        login = {"username": shop.email, "password": "a long password"}
        file = {"file": ("v.csv", b"x")}
        is_refused_for_now(shop.client.get("/products"))
        is_refused_for_now(shop.client.post("/forecasts", json={"horizon": 7}))
        is_refused_for_now(shop.client.post("/imports", files=file, data={"kind": "sales"}))
        is_refused_for_now(shop.client.post("/login/token", data=login))
        assert missing(api) == ["database"]
        assert api.get("/health/live").status_code == 200
    until(lambda: missing(api) == [], "everything is there again")
    assert shop.get("/products") == before
    shop.imported(two_months(1, year=2019))


def test_R5_a_database_that_stands_still_is_not_waited_for(
    inside: Inside, shop: Person, api: httpx.Client
) -> None:
    """Connections stay open, and nothing comes of them: as when a disk hangs."""
    before = shop.get("/products")
    processes = [inside.process("postgres")]
    processes += processes[0].children(recursive=True)
    for one in processes:
        one.suspend()
    try:
        is_refused_for_now(shop.client.get("/products"))
        assert missing(api) == ["database"]
    finally:
        for one in reversed(processes):
            one.resume()
    until(lambda: missing(api) == [], "everything is there again")
    assert shop.get("/products") == before


def test_R3_a_database_killed_while_an_import_lands_has_it_whole_in_the_end(
    inside: Inside, shop: Person, api: httpx.Client
) -> None:
    with inside.locked("sales"):
        accepted = shop.upload(two_months(4, year=2012))
        inside.until_somebody_waits_for("sales")
        inside.process("postgres").kill()
    until(lambda: missing(api) == [], "everything is there again")
    inside.let_leases_run_out()
    shop.succeeded(accepted["job"])
    assert inside.value("select count(*) from sales where import_id = $1", accepted["id"]) == 4 * 56


def test_R3_a_queue_that_is_killed_is_missed_by_no_upload(
    inside: Inside, shop: Person, api: httpx.Client
) -> None:
    with nobody_restarts(inside):
        valkey = inside.process("valkey-server")
        valkey.kill()
        until(lambda: ended(valkey), "the queue ended")
        assert missing(api) == ["queue"]
        accepted = [shop.upload(two_months(1, year=year)) for year in (2016, 2017, 2018)]
    for one in accepted:
        shop.succeeded(one["job"])
    until(lambda: missing(api) == [], "everything is there again")
    shop.imported(two_months(1, year=2015))


def test_R3_an_upload_that_was_accepted_survives_the_api(inside: Inside, shop: Person) -> None:
    accepted = shop.upload(two_months(2, year=2014))
    inside.process("serve").kill()
    until(lambda: answers(inside, 200), "the API is there again")
    shop.succeeded(accepted["job"])
    done = shop.get(f"/imports/{accepted['id']}")
    assert (done["rows"], done["accepted"]) == (112, 112)


def test_R9_an_api_told_to_stop_finishes_the_upload_that_is_coming_in(inside: Inside, shop: Person) -> None:
    serve, content = inside.process("serve"), form(two_months(2, year=2013))

    def slowly() -> Iterator[bytes]:
        yield content[:300]
        until(lambda: list(inside.system.folder.uploads.glob(".*.part")) != [], "the upload has begun")
        serve.terminate()
        until(lambda: answers(inside, 0), "the API takes no new calls")
        yield content[300:]

    headers = {"Content-Type": "multipart/form-data; boundary=edge", "Content-Length": str(len(content))}
    accepted = shop.post("/imports", 202, content=slowly(), headers=headers)
    inside.system.wait_for(r"^api +\| ended with code 0;")
    until(lambda: answers(inside, 200), "the API is there again")
    shop.succeeded(accepted["job"])
    assert shop.get(f"/imports/{accepted['id']}")["accepted"] == 112


def form(file: bytes) -> bytes:
    """A multipart form with a file of sales in it."""
    fields = (
        b'--edge\r\nContent-Disposition: form-data; name="kind"\r\n\r\nsales\r\n'
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="v.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n"
    )
    return fields + file + b"\r\n--edge--\r\n"


def answers(inside: Inside, status: int) -> bool:
    """Whether a new call is answered with this status; 0 is a refused connection."""
    try:
        return httpx.get(f"{inside.system.url}/health/live", trust_env=False).status_code == status
    except httpx.ConnectError:
        return status == 0
    except httpx.HTTPError:
        return False
