"""The page of the offline commands names every error of theirs, and its lines do what they say."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from error_pages import every_error
from typer.testing import CliRunner

from inventoryai_server.cli import app

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (DOCS / "offline.md", DOCS / "fr" / "offline.md")
both = pytest.mark.parametrize("page", PAGES, ids=["en", "fr"])


@both
def test_every_error_is_named(page: Path) -> None:
    modules = ("inventoryai_server.offline", "inventoryai.usecases.offline")
    codes = {problem.code for problem in every_error() if problem.__module__.startswith(modules)}

    assert len(codes) > 10
    assert [code for code in sorted(codes) if f"`{code}`" not in page.read_text(encoding="utf-8")] == []


@both
def test_its_lines_do_what_they_say(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(DOCS / "examples" / "sales.csv", tmp_path)
    (tmp_path / "stock.csv").write_text("sku,stock\nRIZ-25,12\nHUI-5,30\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    block = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)

    for line in block[0].splitlines():
        command, *args = shlex.split(line)
        assert command == "inventoryai"
        done = CliRunner().invoke(app, args, catch_exceptions=False)
        assert done.exit_code == 0, done.output

    assert {path.name for path in tmp_path.iterdir()} == {
        "sales.csv",
        "stock.csv",
        "orders.csv",
        "forecast.csv",
        "scores.csv",
    }
