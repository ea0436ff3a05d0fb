"""The lines of the README, typed into a shell beside a running system, end in orders."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from servers import temporary_folder
from system import running

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's lines need curl")
def test_the_lines_of_the_readme_end_in_orders_and_may_be_typed_twice() -> None:
    with temporary_folder() as folder, running(folder) as system:
        for _ in range(2):
            ran = subprocess.run(
                ["sh", "docs/examples/first_forecast.sh"],
                cwd=ROOT,
                env={**os.environ, "INVENTORYAI_URL": system.url, "no_proxy": "127.0.0.1"},
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
            said = ran.stdout.splitlines()
            assert said[:4] == ['{"email":"awa@example.com"}', "succeeded", "succeeded", "succeeded"]
            ordered = {line.split()[0] for line in said if " order " in line}
            assert ordered == {"RIZ-25", "HUI-5", "SAV-400", "LAI-PIL"}
