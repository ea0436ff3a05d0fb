"""Asking one engine, inside the process that it runs in."""

from collections.abc import Iterator

import numpy as np
import pytest
from plugin_sites import SPEC, Site

from inventoryai.domain.engines import EngineUnknown
from inventoryai.domain.forecasts import AnswerMisshapen, EngineFailed, EngineNotLoaded
from inventoryai.forecasting import Frequency, Panel, running
from inventoryai.forecasting.running import run_engine

PANEL = Panel.of([[1.0, 2.0]], frequency=Frequency.DAY)


@pytest.fixture(autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One plugin, with an engine of each kind."""
    site = Site(tmp_path_factory.mktemp("site"))
    monkeypatch.syspath_prepend(str(site.folder))
    site.install(
        "all",
        SPEC
        + "@hookimpl\ndef inventoryai_engines():\n"
        + "    return [spec('zero'), spec('broken', load=broken),\n"
        + "            spec('wordy', load=lambda options: Wordy()),\n"
        + "            spec('failing', load=lambda options: Failing())]\n",
    )
    monkeypatch.setattr(running, "discover", site.discover)
    forget()
    yield
    forget()  # or whoever runs engines in this process next would find only these


def forget() -> None:
    running._installed.cache_clear()
    running._engine.cache_clear()


def asked(name: str) -> object:
    return run_engine(name, {}, PANEL, 3, (0.1, 0.9), 0, frozenset())


def test_an_engine_is_loaded_and_asked() -> None:
    prediction = run_engine("zero", {}, PANEL, 3, (0.1, 0.9), 0, frozenset())
    assert prediction.quantiles.shape == (1, 3, 2)
    np.testing.assert_array_equal(prediction.levels, [0.1, 0.9])


def test_an_engine_that_is_not_there_is_unknown() -> None:
    with pytest.raises(EngineUnknown):
        asked("crystal_ball")


def test_one_that_cannot_be_loaded_says_why() -> None:
    with pytest.raises(EngineNotLoaded) as caught:
        asked("broken")
    assert caught.value.data["error"] == "ImportError: no module named torch"


def test_one_that_fails_says_why_and_not_at_length() -> None:
    with pytest.raises(EngineFailed) as caught:
        asked("failing")
    error = str(caught.value.data["error"])
    assert error.startswith("ZeroDivisionError: a very long story")
    assert len(error) <= 300


def test_one_that_answers_something_else_is_told() -> None:
    with pytest.raises(AnswerMisshapen):
        asked("wordy")
