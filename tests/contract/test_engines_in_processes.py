"""Plugins are imported in real processes, where one that hangs or dies costs itself alone."""

import sys
from pathlib import Path

import pytest
from plugin_sites import install_plugin

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.forecasting.discovery import discover, unusable
from inventoryai.usecases.engines import DescribeEngines
from inventoryai_processes import PooledProcesses

GOOD = """
from inventoryai.forecasting import CONTRACT_VERSION, EngineSpec, hookimpl

def load(options):
    raise NotImplementedError

@hookimpl
def inventoryai_engines():
    return [EngineSpec("good", "Good", "It is.", load, CONTRACT_VERSION)]
"""
UNSPEAKABLE = """
class Unspeakable(Exception):
    def __str__(self):
        raise self

raise Unspeakable
"""
AT_IMPORT = {
    "aborting": ("import os\nos.abort()\n", "takes down the process that imports it (exit code -6)"),
    "endless": ("while True:\n    pass\n", "cannot be imported within 3 seconds"),
    "greedy": ("import numpy\nnumpy.ones(1 << 40)\n", "cannot be imported: MemoryError: "),
    "hoarding": (
        "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))\n",
        "cannot be imported: MemoryError",
    ),
    "leaving": ("import os\nos._exit(3)\n", "takes down the process that imports it (exit code 3)"),
    "raising": (
        "raise RuntimeError('the glass\\nwas\\x00 fragile')\n",
        "RuntimeError: the glass was� fragile",
    ),
    "unspeakable": (UNSPEAKABLE, "cannot be imported: Unspeakable"),
    "waiting": ("import threading\nthreading.Event().wait()\n", "cannot be imported within 3 seconds"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all of these are installed at once, and a good one beside them."""
    folder = tmp_path_factory.mktemp("site")
    for name, (source, _) in AT_IMPORT.items():
        install_plugin(folder, name, source)
    return install_plugin(folder, "good", GOOD)


@pytest.fixture(scope="module")
async def found(site: Path) -> EngineCatalogue:
    """What a worker finds there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        return await described(deadline=3.0)


async def described(*disabled: str, deadline: float = 60.0) -> EngineCatalogue:
    processes = PooledProcesses(2)
    try:
        return await DescribeEngines(processes, deadline, memory=1 << 28)(disabled)
    finally:
        await processes.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("name", AT_IMPORT)
async def test_a_plugin_that_is_trouble_at_import_is_rejected_with_its_reason(
    found: EngineCatalogue, name: str
) -> None:
    (rejected,) = (plugin for plugin in found.rejected if plugin.plugin == name)
    assert rejected.distribution == f"inventoryai-{name}"
    assert AT_IMPORT[name][1] in rejected.reason


async def test_the_others_stay(found: EngineCatalogue) -> None:
    assert {"good", "naive", "empirical"} <= {engine.name for engine in found.engines}
    assert {plugin.plugin for plugin in found.rejected} == set(AT_IMPORT)


async def test_the_rejected_are_imported_no_more(
    found: EngineCatalogue, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(site))
    left = discover(unusable(found))
    assert left.rejected == ()
    assert {"good", "naive"} <= set(left.engines)


async def test_a_disabled_plugin_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "imported"
    install_plugin(tmp_path, "bomb", f"open({str(mark)!r}, 'w').close()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    catalogue = await described("bomb")
    assert "bomb" not in {plugin.plugin for plugin in catalogue.rejected}
    assert not mark.exists()


async def test_a_broken_plugin_that_is_called_like_a_good_one_does_not_take_it_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_plugin(tmp_path, "naive", "raise RuntimeError('an impostor')\n")
    (tmp_path / "inventoryai_naive-1.0.dist-info").rename(tmp_path / "impostor-1.0.dist-info")
    metadata = "Metadata-Version: 2.1\nName: impostor\nVersion: 1.0\n"
    (tmp_path / "impostor-1.0.dist-info" / "METADATA").write_text(metadata)
    monkeypatch.syspath_prepend(str(tmp_path))
    catalogue = await described()
    assert [plugin.distribution for plugin in catalogue.rejected] == ["impostor"]
    assert "naive" in discover(unusable(catalogue)).engines
