"""Workers that are killed, stopped and called off in the middle of a job that they have begun to land."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from inside import Inside, all_gone, kill_with_all_below, until
from system import Person
from trade import two_months

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of work.

    Attributes:
        start: Asks for it; the answer has an id and a job.
        table: Where its last rows go.
        rows: How many of them are counted for the id that is put in.
        expected: How many there are when it took effect once.
    """

    start: Callable[[Person], Json]
    table: str
    rows: str
    expected: int


CASES = {
    "import": Case(
        lambda shop: shop.upload(two_months(4, year=2024)),
        "sales",
        "select count(*) from sales where import_id = $1",
        4 * 56,
    ),
    "forecast": Case(
        lambda shop: shop.post("/forecasts", 202, json={"horizon": 14}),
        "forecasts",
        "select count(*) from forecasts where forecast_id = $1",
        5,
    ),
    "plan": Case(
        lambda shop: shop.post("/plans", 202, json={}),
        "recommendations",
        "select count(*) from recommendations where plan_id = $1",
        5,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_R3_a_worker_killed_while_it_lands_loses_nothing_and_doubles_nothing(
    inside: Inside, shop: Person, case: Case
) -> None:
    if case.table == "recommendations":
        shop.succeeded(shop.post("/forecasts", 202, json={"horizon": 28})["job"])
    with inside.locked(case.table):
        asked = case.start(shop)
        inside.until_somebody_waits_for(case.table)
        helpers = kill_with_all_below(inside.process("worker"))
        assert helpers, "engines and parsers run in processes of their own"
        assert all_gone(helpers), "nothing outlives its worker"
    inside.let_leases_run_out()
    shop.succeeded(asked["job"])
    assert inside.value(case.rows, asked["id"]) == case.expected
    tries = "select max(attempt) from jobs where id = $1::uuid or parent_id = $1::uuid"
    assert inside.value(tries, asked["job"]["id"]) == 2


def test_R9_a_worker_told_to_stop_gives_its_job_back_at_once(inside: Inside, shop: Person) -> None:
    """The next worker has it before the lease could have run out, and the attempt does not count."""
    tries = "select (attempt, forgiven, state) = (2, 1, 'running') from jobs where id = $1"
    with inside.locked("sales"):
        asked = shop.upload(two_months(3, year=2023))
        inside.until_somebody_waits_for("sales")
        inside.process("worker").terminate()
        inside.system.wait_for(r"^worker +\| ended with code 0;")
        until(lambda: inside.value(tries, asked["job"]["id"]), "another worker took the job")
    job = shop.succeeded(asked["job"])
    assert job["attempts"] == 1
    assert inside.value("select count(*) from sales where import_id = $1", asked["id"]) == 3 * 56


def test_an_import_is_cancelled_while_its_file_is_read(inside: Inside, shop: Person) -> None:
    """Reading never ends, as the file is exchanged for a pipe that nobody writes to."""
    worker = inside.process("worker")
    worker.suspend()
    asked = shop.upload(two_months(2, year=2022))
    name = inside.value("select stored_as from imports where id = $1", asked["id"])
    file = inside.system.folder.uploads / name
    file.unlink()
    os.mkfifo(file)
    worker.resume()
    until(lambda: shop.get(f"/jobs/{asked['job']['id']}")["state"] == "running", "the import runs")
    shop.call("DELETE", f"/jobs/{asked['job']['id']}", 200)
    assert shop.finished(asked["job"])["state"] == "cancelled"
    assert inside.value("select count(*) from sales where import_id = $1", asked["id"]) == 0
    shop.call("DELETE", f"/jobs/{asked['job']['id']}", 409)
    shop.succeeded(shop.upload(two_months(2, year=2021))["job"])


def test_a_forecast_is_cancelled_with_the_parts_that_run(inside: Inside, shop: Person) -> None:
    part = "select state from jobs where parent_id = $1"
    with inside.locked("sales", "access exclusive"):
        asked = shop.post("/forecasts", 202, json={"horizon": 14})
        inside.until_somebody_waits_for("sales")
        cancelled = shop.call("DELETE", f"/jobs/{asked['job']['id']}", 200)
        assert cancelled["state"] == "cancelled"
        until(lambda: inside.value(part, asked["job"]["id"]) == "cancelled", "the part stopped")
    assert inside.value("select count(*) from forecasts where forecast_id = $1", asked["id"]) == 0
