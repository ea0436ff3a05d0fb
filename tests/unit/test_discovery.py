"""Finding engines, and keeping a broken plugin from taking the others down."""

import json
from collections.abc import Collection, Iterator
from importlib.metadata import distributions
from pathlib import Path

import numpy as np
import pytest

from inventoryai.domain.engines import EngineUnknown
from inventoryai.domain.forecasts import AnswerMisshapen, EngineFailed, EngineNotLoaded
from inventoryai.forecasting import Discovery, Frequency, Panel, discover, running
from inventoryai.forecasting.running import run_engine

SPEC = """
from inventoryai.forecasting import CONTRACT_VERSION, EngineSpec, Prediction, hookimpl

class Zero:
    def predict(self, panel, horizon, levels, seed):
        import numpy
        return Prediction.certain(numpy.zeros((len(panel), horizon)), levels)

class Wordy:
    def predict(self, panel, horizon, levels, seed):
        return "no idea"

class Failing:
    def predict(self, panel, horizon, levels, seed):
        raise ZeroDivisionError("a very long story " * 100)

def broken(options):
    raise ImportError("no module named torch")

def spec(name, **more):
    ready = dict(title="T", description="D", load=lambda options: Zero(), contract_version=CONTRACT_VERSION)
    return EngineSpec(name=name, **(ready | more))
"""

GOOD = SPEC + "@hookimpl\ndef inventoryai_engines():\n    return [spec('zero')]\n"


class Site:
    """A folder of installed distributions, each a module of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, source: str) -> None:
        module = f"{self.folder.name}_{name}".replace("-", "_")
        (self.folder / f"{module}.py").write_text(source)
        info = self.folder / f"{name}-1.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: inventoryai-{name}\nVersion: 1.5\n")
        (info / "entry_points.txt").write_text(f"[inventoryai]\n{name} = {module}\n[other]\nx = y\n")

    def discover(self, disabled: Collection[str] = ()) -> Discovery:
        found = distributions(path=[str(self.folder)])
        points = [point for dist in found for point in dist.entry_points if point.group == "inventoryai"]
        return discover(disabled, points)


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Site:
    folder = tmp_path_factory.mktemp("site")
    monkeypatch.syspath_prepend(str(folder))
    return Site(folder)


def test_engines_are_found_with_where_they_come_from(site: Site) -> None:
    site.install("good", GOOD)
    info = site.discover().infos["zero"]
    assert (info.plugin, info.distribution, info.version) == ("good", "inventoryai-good", "1.5")
    assert site.discover().get("zero").title == "T"


BROKEN = {
    "import error": ("import nothing_like_this", "cannot be imported: ModuleNotFoundError"),
    "syntax": ("def", "cannot be imported: SyntaxError"),
    "exit": ("raise SystemExit(0)", "cannot be imported: SystemExit: 0"),
    "no hook": ("", "has no function inventoryai_engines"),
    "unmarked": ("def inventoryai_engines(): return []", "has no function inventoryai_engines"),
    "misspelt": (
        GOOD + "@hookimpl\ndef inventoryai_engine(): return []\n",
        "unknown hook 'inventoryai_engine'",
    ),
    "arguments": (SPEC + "@hookimpl\ndef inventoryai_engines(company): return []\n", "company"),
    "raises": (SPEC + "@hookimpl\ndef inventoryai_engines(): return 1 / 0\n", "ZeroDivisionError"),
    "exits": (SPEC + "@hookimpl\ndef inventoryai_engines(): raise SystemExit\n", "SystemExit"),
    "generator": (
        SPEC + "@hookimpl\ndef inventoryai_engines():\n    yield spec('one')\n    raise OSError('disk')\n",
        "OSError: disk",
    ),
    "not a list": (SPEC + "@hookimpl\ndef inventoryai_engines(): return 7\n", "TypeError"),
    "not a spec": (SPEC + "@hookimpl\ndef inventoryai_engines(): return ['zero']\n", "gave a str"),
    "too new": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', contract_version=99)]\n",
        "contract version 99",
    ),
    "bad name": (SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('Zero!')]\n", "not allowed"),
    "reserved": (SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('auto')]\n", "not allowed"),
    "no name": (SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec(7)]\n", "TypeError"),
    "no load": (SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', load=None)]\n", "load"),
    "no JSON": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', options={'type': {1}})]\n",
        "JSON",
    ),
    "twice": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('one'), spec('one')]\n",
        "'one' is used twice",
    ),
}


@pytest.mark.parametrize(("source", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_plugin_is_rejected_with_its_reason_and_the_others_live(
    site: Site, source: str, reason: str
) -> None:
    site.install("broken", source)
    site.install("good", GOOD)
    found = site.discover()
    assert list(found.engines) == ["zero"]
    assert [(one.plugin, one.distribution) for one in found.rejected] == [("broken", "inventoryai-broken")]
    assert reason in found.rejected[0].reason


def test_a_name_belongs_to_who_comes_first(site: Site) -> None:
    site.install("a", GOOD)
    site.install("b", SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('one'), spec('zero')]\n")
    found = site.discover()
    assert {name: info.plugin for name, info in found.infos.items()} == {"zero": "a"}
    assert found.rejected[0].reason == "engine name 'zero' is already used by plugin 'a'"


@pytest.mark.parametrize("name", ["bomb", "inventoryai-bomb"])
def test_a_disabled_plugin_is_not_even_imported(site: Site, name: str) -> None:
    mark = site.folder / "imported"
    site.install("bomb", f"open({str(mark)!r}, 'w').close()")
    site.install("good", GOOD)
    found = site.discover([name])
    assert (list(found.engines), found.rejected) == (["zero"], ())
    assert not mark.exists()


def test_an_interrupt_is_not_a_broken_plugin(site: Site) -> None:
    site.install("slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        site.discover()


def test_a_catalogue_can_be_stored(site: Site) -> None:
    site.install("good", GOOD)
    site.install("broken", "")
    catalogue = site.discover().catalogue()
    assert json.dumps(dict(catalogue.engines[0].options))
    assert catalogue.get("zero").contract_version == 1
    with pytest.raises(EngineUnknown) as caught:
        catalogue.get("crystal_ball")
    assert caught.value.data == {"engine": "crystal_ball", "known": "zero"}


class TestRunning:
    panel = Panel.of([[1.0, 2.0]], frequency=Frequency.DAY)

    @pytest.fixture(autouse=True)
    def installed(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        site.install(
            "all",
            SPEC
            + "@hookimpl\ndef inventoryai_engines():\n"
            + "    return [spec('zero'), spec('broken', load=broken),\n"
            + "            spec('wordy', load=lambda options: Wordy()),\n"
            + "            spec('failing', load=lambda options: Failing())]\n",
        )
        monkeypatch.setattr(running, "discover", site.discover)
        self.forget()
        yield
        self.forget()  # or whoever runs engines in this process next would find only these

    def forget(self) -> None:
        running._installed.cache_clear()
        running._engine.cache_clear()

    def run(self, name: str) -> object:
        return run_engine(name, {}, self.panel, 3, (0.1, 0.9), 0, frozenset())

    def test_an_engine_is_loaded_and_asked(self) -> None:
        prediction = run_engine("zero", {}, self.panel, 3, (0.1, 0.9), 0, frozenset())
        assert prediction.quantiles.shape == (1, 3, 2)
        np.testing.assert_array_equal(prediction.levels, [0.1, 0.9])

    def test_an_engine_that_is_not_there_is_unknown(self) -> None:
        with pytest.raises(EngineUnknown):
            self.run("crystal_ball")

    def test_one_that_cannot_be_loaded_says_why(self) -> None:
        with pytest.raises(EngineNotLoaded) as caught:
            self.run("broken")
        assert caught.value.data["error"] == "ImportError: no module named torch"

    def test_one_that_fails_says_why_and_not_at_length(self) -> None:
        with pytest.raises(EngineFailed) as caught:
            self.run("failing")
        error = str(caught.value.data["error"])
        assert error.startswith("ZeroDivisionError: a very long story")
        assert len(error) <= 300

    def test_one_that_answers_something_else_is_told(self) -> None:
        with pytest.raises(AnswerMisshapen):
            self.run("wordy")


def test_the_engines_of_this_project_are_found_by_the_same_door() -> None:
    found = discover()
    assert {"naive", "seasonal_naive", "mean", "window_mean", "empirical"} <= set(found.engines)
    assert found.infos["empirical"].distribution == "inventoryai-naive"
