"""A machine without torch has every other engine, and is told what to do."""

import json
import subprocess
import sys

import pytest

from inventoryai.forecasting import discover
from inventoryai_lstm import inventoryai_engines

LISTED = """
import json, sys
from inventoryai_lstm import inventoryai_engines
print(json.dumps([[spec.name for spec in inventoryai_engines()], sorted(sys.modules)]))
"""


@pytest.fixture
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it had never been installed: it is neither found nor imported."""
    monkeypatch.setitem(sys.modules, "torch", None)


@pytest.mark.usefixtures("without_torch")
def test_the_plugin_is_rejected_with_one_sentence_that_says_what_to_do() -> None:
    found = discover()

    assert "lstm" not in found.engines
    assert {"naive", "empirical"} <= set(found.engines)
    (rejected,) = (plugin for plugin in found.rejected if plugin.plugin == "lstm")
    assert rejected.reason.startswith("cannot be used: ImportError: torch is missing: pip install '")
    assert "inventoryai-lstm[torch]" in rejected.reason
    assert rejected.reason.endswith("compute platform CPU"), "it is too long to be shown"


@pytest.mark.usefixtures("without_torch")
def test_what_the_hook_raises_is_an_import_error() -> None:
    with pytest.raises(ImportError, match="torch is missing"):
        inventoryai_engines()


def test_listing_the_engine_imports_no_torch() -> None:
    pytest.importorskip("torch", reason="torch is not installed: see the README of the plugin")
    listed = subprocess.run(
        [sys.executable, "-c", LISTED], capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    names, loaded = json.loads(listed.stdout)

    assert names == ["lstm"]
    assert set(loaded) & {"torch", "safetensors", "inventoryai_lstm.engine"} == set()
