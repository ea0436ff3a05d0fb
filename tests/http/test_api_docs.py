"""docs/api.md speaks of every call there is, and of no other."""

import re
from pathlib import Path

from callers import Api

from inventoryai.domain.imports import ImportKind, OnDuplicate, OnUnknownSku
from inventoryai.domain.paging import DEFAULT_LIMIT, MAX_LIMIT
from inventoryai_http import HttpSettings
from inventoryai_http.openapi import operations
from inventoryai_http.schemas.imports import ImportForm

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_the_table_of_calls_is_complete(api: Api) -> None:
    listed = set(re.findall(r"^\| `([A-Z]+ /\S+)` \|", DOCS, re.MULTILINE))
    calls = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, method, _ in operations(api.app())}
    assert listed == calls


def test_the_fields_of_an_upload_are_documented_with_their_values() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCS, re.MULTILINE))
    assert set(listed) == set(ImportForm.__struct_fields__)
    for field, choice in (
        ("kind", ImportKind),
        ("on_duplicate", OnDuplicate),
        ("on_unknown_sku", OnUnknownSku),
    ):
        assert re.findall(r"`(\w+)`", listed[field]) == [one.value for one in choice]


def test_limits_are_as_documented() -> None:
    assert f"`?limit=` is 1 to {MAX_LIMIT}, {DEFAULT_LIMIT} when left out" in DOCS
    assert HttpSettings().body_limit == 1 << 20
    assert "at most 1 MiB" in DOCS
