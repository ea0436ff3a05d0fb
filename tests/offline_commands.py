"""The offline commands as processes."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

COMMAND = (sys.executable, "-m", "inventoryai_server")


def environment(**more: str) -> dict[str, str]:
    """Ours, without a language, and where everything is that this test run has imported."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | more


def in_front_of_ours(folder: Path) -> str:
    """The path of this test run, with a folder before everything else."""
    return os.pathsep.join([str(folder), *(path for path in sys.path if path)])


def ran(folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *args],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def fine(folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    done = ran(folder, *args, **more)
    assert done.returncode == 0, done.stderr
    return done


def small_file(folder: Path) -> Path:
    """The folder, with a file of three products, one of which is named like a formula."""
    first = date(2024, 1, 1)
    lines = [
        f"{first + timedelta(days=day)},{sku},{2 + day % 3}"
        for sku in ("=A", "007", "B")
        for day in range(60)
    ]
    (folder / "sales.csv").write_text("\n".join(["date,sku,quantity", *lines]) + "\n", encoding="utf-8")
    return folder
