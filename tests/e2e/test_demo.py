"""``inventoryai up --demo``, which is what ``make run`` starts."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from servers import temporary_folder
from system import Person, System

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def demo() -> Iterator[System]:
    """The system with its demo, asked for a port that somebody else has."""
    with temporary_folder() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        system = System.start(folder, "--demo", port=taken.getsockname()[1])
        system.wait_for(r"^log in as +\S+ +\S+")
        yield system
        assert system.stop() == 0


def test_it_says_which_port_it_took_instead(demo: System) -> None:
    said = next(line for line in demo.output if "is taken" in line)
    assert demo.url.endswith(said.split()[-1])


def test_it_ends_with_the_ten_most_urgent_orders_the_documentation_and_the_login(demo: System) -> None:
    text = "\n".join(demo.output)
    assert len(re.findall(r"[A-ZÀ-Ý]{3}-\d{4} ", text)) == 10
    assert f"{demo.url}/docs" in text
    assert "demo@inventoryai.example" in text


def test_the_demo_company_has_sixty_products_forecast_and_planned(demo: System) -> None:
    with httpx.Client(base_url=f"{demo.url}/api/v1", trust_env=False) as client:
        person = Person(demo, "demo@inventoryai.example", client)
        form = {"username": person.email, "password": "demo-inventoryai"}
        token = person.post("/login/token", 200, data=form)["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        imported = person.get("/imports")["items"][0]
        assert imported["rows"] == imported["accepted"] > 30_000
        assert person.get("/forecasts")["items"][0]["products"] == {"ok": 60, "fallback": 0, "failed": 0}
        assert len(person.everything("/recommendations")) == 60


def test_a_second_one_on_the_same_folder_says_that_it_is_running(demo: System) -> None:
    again = subprocess.run(
        [sys.executable, "-m", "inventoryai_server", "up", "--data", str(demo.folder.path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert again.returncode == 2
    assert demo.url in again.stderr
    assert again.stderr.count("\n") == 1


def test_filling_it_again_changes_nothing(demo: System) -> None:
    again = subprocess.run(
        [sys.executable, "-m", "inventoryai_server", "demo", "--data", str(demo.folder.path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert len(re.findall(r"[A-ZÀ-Ý]{3}-\d{4} ", again.stdout)) == 10
