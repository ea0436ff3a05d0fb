"""Everything is killed at once, and started again on what is left of it."""

from contextlib import suppress

import psutil
import pytest
from inside import Inside, all_gone
from servers import temporary_folder
from system import Person, System, running
from trade import two_months

pytestmark = [pytest.mark.chaos, pytest.mark.e2e]


def kill_everything(system: System) -> None:
    """Kills the supervisor and all that it started, in the order of their age."""
    supervisor = psutil.Process(system.process.pid)
    everything = supervisor.children(recursive=True)
    for one in (supervisor, *everything):
        with suppress(psutil.NoSuchProcess):  # told by the kernel that we are gone, it was quicker
            one.kill()
    system.process.wait()
    assert all_gone(everything)


def test_R6_whatever_was_accepted_is_done_after_everything_was_killed() -> None:
    """One import was being landed, one had not begun, nor had a forecast and the plan that waits for it."""
    with temporary_folder() as folder:
        with running(folder) as before, Inside.of(before) as inside:
            owner = Person.register(before, "restart@shop.example")
            company = owner.found("Boutique Renaissance")
            owner.imported(two_months(3))
            with inside.locked("sales"):
                accepted = [owner.upload(two_months(3, year=2025))]
                inside.until_somebody_waits_for("sales")
                inside.process("worker").suspend()
                accepted.append(owner.upload(two_months(2, year=2024)))
                accepted.append(owner.post("/forecasts", 202, json={"horizon": 28}))
                accepted.append(owner.post("/plans", 202, json={"forecast_id": accepted[-1]["id"]}))
                kill_everything(before)
        with running(folder) as after, Inside.of(after) as inside:
            inside.let_leases_run_out()
            owner = Person.who_comes_back(after, owner.email, company)
            for asked in accepted:
                owner.succeeded(asked["job"])
            landed = "select count(*) from sales where import_id = $1"
            assert [inside.value(landed, one["id"]) for one in accepted[:2]] == [3 * 56, 2 * 56]
            assert len(owner.everything("/recommendations")) == 3
