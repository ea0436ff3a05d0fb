"""Distributions built as their users get them, and empty environments to put them in."""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """What a command prints; it must end well, and knows nothing of the folders that tests import from."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=_plain_environment() | more,
        capture_output=True,
        encoding="utf-8",
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wheel(project: Path, to: Path) -> Path:
    """A project, built with the tools that are installed here, so that nothing is fetched for it."""
    before = set(to.glob("*.whl"))
    run(*PIP, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", to, project, cwd=to)
    (built,) = set(to.glob("*.whl")) - before
    return built


def install(wheels: Sequence[Path], to: Path) -> Path:
    """Wheels unpacked into a folder that can be put on a path, without what they need; gives the folder."""
    run(*PIP, "install", "--no-deps", "--target", to, *wheels, cwd=to.parent)
    return to


def environment(folder: Path, *requirements: str) -> Path:
    """The Python of a new, empty environment in which nothing but these, and what they need, is installed."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    run(*PIP, "--python", python, "install", "--constraint", CONSTRAINTS, *requirements, cwd=folder)
    return python


def _plain_environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "TMPDIR", "LANG", "PIP_", "SSL_", "HTTP", "http", "NO_PROXY", "no_proxy", "XDG_")
    ours = {name: value for name, value in os.environ.items() if name.startswith(kept)}
    return ours | {"OMP_NUM_THREADS": "1"}
