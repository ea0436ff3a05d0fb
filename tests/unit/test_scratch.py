"""Folders for a moment."""

import os
import stat
import time
from pathlib import Path

import pytest

from inventoryai_files import TemporaryScratch


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_folder_is_empty_its_owners_alone_and_gone_afterwards(tmp_path: Path) -> None:
    scratch = TemporaryScratch(tmp_path)
    async with scratch() as one, scratch() as other:
        assert one != other
        assert list(one.iterdir()) == []
        assert stat.S_IMODE(one.stat().st_mode) == 0o700
        (one / "done").write_text("1")
    assert left(tmp_path) == set()


async def test_it_is_gone_also_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with TemporaryScratch(tmp_path)():
            raise ZeroDivisionError
    assert left(tmp_path) == set()


async def test_what_a_crash_left_behind_is_removed_by_the_next_and_nothing_else(tmp_path: Path) -> None:
    old = time.time() - 120
    for name in ("inventoryai-scratch-old", "inventoryai-scratch-new", "of-somebody-else"):
        (tmp_path / name).mkdir()
        if not name.endswith("new"):
            os.utime(tmp_path / name, (old, old))
    async with TemporaryScratch(tmp_path)():
        pass
    assert left(tmp_path) == {"inventoryai-scratch-new", "of-somebody-else"}


async def test_a_folder_in_use_is_left_alone_however_old_it_is(tmp_path: Path) -> None:
    old = time.time() - 3 * 24 * 3600
    async with TemporaryScratch(tmp_path)() as used:
        os.utime(used, (old, old))
        async with TemporaryScratch(tmp_path)():
            assert used.exists()
