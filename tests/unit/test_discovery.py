"""Finding engines, and keeping a broken plugin from taking the others down."""

import json

import pytest
from plugin_sites import GOOD, SPEC, Site

from inventoryai.domain.engines import EngineOptionsInvalid, EngineUnknown
from inventoryai.forecasting import discover
from inventoryai.forecasting.discovery import unneeded


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
    "NaN": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', options={'a': float('nan')})]\n",
        "Out of range float values are not JSON compliant",
    ),
    "NUL": (SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', title='a\\0')]\n", "NUL"),
    "half a letter": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', title='\\ud800')]\n",
        "UnicodeEncodeError",
    ),
    "a novel": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', description='a' * 30000)]\n",
        "20000 bytes",
    ),
    "no title": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', title=None)]\n",
        "title and description must be texts",
    ),
    "no history": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', minimum_history=0)]\n",
        "minimum_history must be a whole number, at least 1",
    ),
    "no schema": (
        SPEC
        + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', options={'properties': {'a': 1}})]\n",
        "options must be a JSON schema",
    ),
    "a default that does not fit": (
        SPEC
        + "rule = {'type': 'integer', 'minimum': 5, 'default': 1}\n"
        + "@hookimpl\ndef inventoryai_engines():\n"
        + "    return [spec('zero', options={'properties': {'a': rule}})]\n",
        "the default of an option must fit it",
    ),
    "a covariate for a set of them": (
        SPEC + "@hookimpl\ndef inventoryai_engines(): return [spec('zero', covariates='holiday')]\n",
        "covariates must be a set of names",
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
    assert caught.value.data == {"engine": "crystal_ball", "known": "auto, zero"}


def test_who_runs_an_engine_imports_its_plugin_alone(site: Site) -> None:
    site.install("good", GOOD)
    site.install("better", GOOD.replace("'zero'", "'one'"))
    site.install("broken", "")
    others = unneeded(site.discover().catalogue(), "zero")
    assert others == {"inventoryai-better:better", "inventoryai-broken:broken"}
    assert site.discover(others).catalogue().engines == (site.discover().infos["zero"],)


def test_a_distribution_without_metadata_takes_nobody_along(site: Site) -> None:
    site.install("good", GOOD)
    site.install("broken", "raise RuntimeError('torn')")
    site.metadata("broken", "METADATA").unlink()
    found = site.discover()
    assert list(found.engines) == ["zero"]
    assert [one.plugin for one in found.rejected] == ["broken"]


def test_a_torn_list_of_entry_points_takes_nobody_along(site: Site) -> None:
    site.install("broken", "")
    site.metadata("broken", "entry_points.txt").write_text("[inventoryai]\nno equals sign\n")
    assert "naive" in discover().engines


def test_the_engines_of_this_project_are_found_by_the_same_door() -> None:
    found = discover()
    assert {"naive", "seasonal_naive", "mean", "window_mean", "empirical"} <= set(found.engines)
    assert found.infos["empirical"].distribution == "inventoryai-naive"


def test_an_option_of_several_types_is_left_to_the_engine(site: Site) -> None:
    rule = "{'type': ['integer', 'null'], 'minimum': 1, 'default': None}"
    site.install(
        "a",
        SPEC + "@hookimpl\ndef inventoryai_engines():\n"
        f"    return [spec('zero', options={{'properties': {{'a': {rule}}}}})]\n",
    )
    info = site.discover().infos["zero"]
    info.check({"a": None})
    with pytest.raises(EngineOptionsInvalid):
        info.check({"a": 0})
