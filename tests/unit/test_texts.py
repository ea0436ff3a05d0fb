import json
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from inventoryai_postgres.texts import from_json, keepable, to_json


def test_what_postgresql_cannot_keep_is_replaced() -> None:
    assert keepable("a\x00b") == "a\N{REPLACEMENT CHARACTER}b"
    assert keepable("a\udcffb") == "a?b"
    assert keepable("Référence ✓ \N{GRINNING FACE}") == "Référence ✓ \N{GRINNING FACE}"


def test_json_is_cleaned_all_the_way_down() -> None:
    value = MappingProxyType({"a\x00": [{"b": ("\x00", 1.5, None, True)}], "backslash": "\\u0000"})
    odd = "\N{REPLACEMENT CHARACTER}"
    expected = {f"a{odd}": [{"b": [odd, 1.5, None, True]}], "backslash": "\\u0000"}
    assert from_json(to_json(value)) == expected


def test_what_json_has_no_word_for_is_its_text() -> None:
    value = {"cost": Decimal("1.50"), "day": date(2024, 1, 2), "mean": float("nan")}
    assert json.loads(to_json(value)) == {"cost": "1.50", "day": "2024-01-02", "mean": "nan"}


def test_nothing_stays_nothing() -> None:
    assert from_json(None) is None
