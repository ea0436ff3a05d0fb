"""Imports over HTTP, over a real database, with a worker that does the jobs when a test says so."""

from uuid import uuid4

import httpx
import pytest
from callers import Api, Caller, Callers
from working import Worker

SALES = (
    "Date de vente;Référence;Qté;Prix unitaire;Désignation\n"
    "02/01/2024;RIZ-25;3;16 500;Riz parfumé\n"
    "13/01/2024;RIZ-25;2;16 500;Riz parfumé\n"
    "14/01/2024;;1;500;Sans référence\n"
    "15/01/2024;SEL;abc;500;Sel\n"
).encode()
IMPORT = {
    "id",
    "kind",
    "filename",
    "size",
    "state",
    "rows",
    "accepted",
    "rejected",
    "ignored",
    "ignored_by_code",
    "products_created",
    "first_day",
    "last_day",
    "dialect",
    "stages",
    "created_at",
    "job",
}


@pytest.fixture
def worker(stored: Callers) -> Worker:
    return Worker(stored.api)


async def send(ama: Caller, content: bytes = SALES, **fields: str) -> httpx.Response:
    files = {"file": ("ventes.csv", content, "text/csv")}
    return await ama.call("POST", "/imports", data={"kind": "sales", **fields}, files=files)


def kept(api: Api) -> list[str]:
    return [one.name for one in api.folder.iterdir()]


async def test_a_file_is_taken_in_and_read_later(stored: Callers, worker: Worker) -> None:
    ama = await stored.founder()
    sent = await send(ama)
    assert sent.status_code == 202, sent.text
    taken = sent.json()
    assert set(taken) == IMPORT
    assert (taken["kind"], taken["filename"], taken["state"]) == ("sales", "ventes.csv", "queued")
    assert taken["job"] == {"id": taken["job"]["id"], "state": "queued", "progress": 0.0, "error": None}
    assert sent.headers["location"] == f"/api/v1/jobs/{taken['job']['id']}"

    await worker.work()
    done = (await ama.get(f"/imports/{taken['id']}")).json()
    assert (done["state"], done["job"]["progress"]) == ("succeeded", 1.0)
    assert (done["rows"], done["accepted"], done["rejected"], done["ignored"]) == (4, 2, 2, 0)
    assert (done["products_created"], done["first_day"], done["last_day"]) == (1, "2024-01-02", "2024-01-13")
    assert done["dialect"]["delimiter"] == ";"
    job = (await ama.call("GET", sent.headers["location"].removeprefix("/api/v1"))).json()
    assert (job["kind"], job["state"], job["progress"], job["error"]) == ("import", "succeeded", 1.0, None)
    assert [one["id"] for one in (await ama.get("/imports")).json()["items"]] == [taken["id"]]


async def test_lines_that_were_not_taken_are_listed_in_the_callers_language(
    stored: Callers, worker: Worker
) -> None:
    ama = await stored.founder()
    taken = (await send(ama)).json()
    await worker.work()
    path = f"/imports/{taken['id']}/errors"
    page = (await ama.get(path, headers={"Accept-Language": "fr"})).json()
    assert [(one["line"], one["column"], one["value"], one["code"]) for one in page["items"]] == [
        (4, "Référence", "", "line.sku_missing"),
        (5, "Qté", "abc", "line.quantity_not_a_number"),
    ]
    assert page["items"][1]["message"].startswith("La quantité")
    first = (await ama.get(f"{path}?limit=1")).json()
    second = (await ama.get(f"{path}?limit=1&cursor={first['next_cursor']}")).json()
    assert [one["line"] for one in first["items"] + second["items"]] == [4, 5]
    assert second["next_cursor"] is None


async def test_the_same_bytes_again_are_the_first_import(stored: Callers, worker: Worker) -> None:
    ama = await stored.founder()
    first = (await send(ama)).json()
    await worker.work()
    again = await send(ama)
    assert again.status_code == 200
    assert (again.json()["id"], again.json()["state"]) == (first["id"], "succeeded")
    assert "location" not in again.headers
    assert len(kept(stored.api)) == 1


async def test_fields_may_stand_behind_the_file(stored: Callers) -> None:
    ama = await stored.founder()
    body = b"--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\n" + SALES
    body += b'\r\n--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nsales\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await ama.call("POST", "/imports", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.json()["size"] == len(SALES)


async def test_empty_fields_mean_nothing(stored: Callers) -> None:
    ama = await stored.founder()
    nothing = dict.fromkeys(("mapping", "date_order", "on_duplicate", "all_or_nothing", "dry_run"), "")
    assert (await send(ama, SALES, **nothing)).status_code == 202


async def test_a_file_that_cannot_be_read_fails_its_job_and_says_why(stored: Callers, worker: Worker) -> None:
    ama = await stored.founder()
    contents = {
        "file.empty": b"",
        "file.no_rows": b"date,sku,quantity\n",
        "file.not_text": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "file.no_date_column": b"colour,sku,quantity\nred,A,1\n",
    }
    for code, content in contents.items():
        taken = (await send(ama, content)).json()
        await worker.work()
        headers = {"Accept-Language": "fr"}
        failed = (await ama.get(f"/imports/{taken['id']}", headers=headers)).json()
        assert (failed["state"], failed["job"]["error"]["code"]) == ("failed", code)
        assert failed["job"]["error"]["message"] not in {"", code}
        assert (await ama.get("/products")).json()["items"] == []


async def test_deleting_an_import_takes_it_away(stored: Callers, worker: Worker) -> None:
    ama = await stored.founder()
    taken = (await send(ama)).json()
    await worker.work()
    path = f"/imports/{taken['id']}"
    assert (await ama.call("DELETE", path)).status_code == 204
    assert kept(stored.api) == []
    gone = await ama.get(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "import.not_found")
    assert (await ama.call("DELETE", path)).status_code == 404


async def test_an_import_of_another_company_is_as_unknown_as_any(stored: Callers) -> None:
    """S18."""
    ama, eve = await stored.founder(), await stored.founder()
    taken = (await send(ama)).json()
    for method, path in (("GET", ""), ("GET", "/errors"), ("DELETE", "")):
        foreign = await eve.call(method, f"/imports/{taken['id']}{path}")
        unknown = await eve.call(method, f"/imports/{uuid4()}{path}")
        assert foreign.status_code == unknown.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert (await eve.get(f"/jobs/{taken['job']['id']}")).status_code == 404
    assert (await eve.call("DELETE", f"/jobs/{taken['job']['id']}")).status_code == 404
    assert (await ama.get(f"/jobs/{taken['job']['id']}")).json()["state"] == "queued"


async def test_a_waiting_job_can_be_cancelled_once(stored: Callers) -> None:
    ama = await stored.founder()
    taken = (await send(ama)).json()
    path = f"/jobs/{taken['job']['id']}"
    cancelled = await ama.call("DELETE", path)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    again = await ama.call("DELETE", path)
    assert (again.status_code, again.json()["code"]) == (409, "job.finished")
    assert [one["id"] for one in (await ama.get("/jobs")).json()["items"]] == [taken["job"]["id"]]


@pytest.mark.parametrize("cursor", ["QQ", "MDE5MzVjNmU", "e30"])
async def test_a_made_up_cursor_of_ids_is_refused(stored: Callers, cursor: str) -> None:
    ama = await stored.founder()
    for path in ("/imports", "/jobs", "/forecasts", "/plans"):
        answer = await ama.get(f"{path}?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (400, "page.cursor_invalid")


async def test_a_name_with_quotes_reaches_no_header(stored: Callers) -> None:
    """S30."""
    ama = await stored.founder()
    name = 'a\\"; x=1\r\nSet-Cookie: y=2'
    body = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + SALES
    body += b'\r\n--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nsales\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await ama.call("POST", "/imports", content=body, headers=headers)
    assert answer.status_code in {202, 400}
    assert "set-cookie" not in answer.headers
