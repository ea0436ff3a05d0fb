"""What is written behind options, understood as people write it."""

from decimal import Decimal

import pytest

from inventoryai.domain.errors import Problem
from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.domain.money import CurrencyUnknown
from inventoryai.domain.planning import ReviewDaysInvalid, ServiceLevelInvalid
from inventoryai_server.language import language, legible
from inventoryai_server.offline import arguments
from inventoryai_server.offline.naming import ProblemWith


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_CM.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LC_ALL": "", "LANG": "fr"}, "fr"),
        ({"LC_ALL": "C.UTF-8", "LANG": "fr_FR"}, "en"),
        ({"LC_MESSAGES": "fr_FR", "LANG": "en_US"}, "fr"),
    ],
)
def test_the_language_is_the_terminal_s(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected


def test_what_would_steer_a_terminal_is_not_shown() -> None:
    assert legible("a\x1b[31mb\x07\nété") == "a�[31mb�\nété"


def test_a_mapping_is_field_and_header() -> None:
    given = ["sku = Code article", "date=Jour=1", "category="]
    assert arguments.mapping("--mapping", given) == {"sku": "Code article", "date": "Jour=1", "category": ""}


@pytest.mark.parametrize("given", ["sku", "=Code", " =x", ""])
def test_a_mapping_of_another_shape_is_refused(given: str) -> None:
    with pytest.raises(arguments.MappingMisshapen, match="--mapping"):
        arguments.mapping("--mapping", [given])


def test_levels_are_numbers_between_commas() -> None:
    assert arguments.levels(None) == DEFAULT_LEVELS
    assert arguments.levels(" 0.1, 0.5;0.9 0.95") == (0.1, 0.5, 0.9, 0.95)
    with pytest.raises(arguments.OptionNotANumber, match="half"):
        arguments.levels("0.1,half")


def test_a_decimal_comma_is_a_decimal_point() -> None:
    assert arguments.terms("2,5", 3, "0,9").service_level == Decimal("0.9")
    assert arguments.terms("2,5", 3, "0,9").lead_time_days == Decimal("2.5")


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        (("x", 7, "0.95"), arguments.OptionNotANumber),
        (("-1", 7, "0.95"), ProblemWith),
        (("nan", 7, "0.95"), ProblemWith),
        (("7", 0, "0.95"), ReviewDaysInvalid),
        (("7", 7, "1.5"), ServiceLevelInvalid),
        (("7", 7, "nan"), ServiceLevelInvalid),
    ],
)
def test_terms_that_cannot_be_are_refused(terms: tuple[str, int, str], problem: type[Problem]) -> None:
    with pytest.raises(problem):
        arguments.terms(*terms)


def test_a_problem_names_its_option_in_both_languages() -> None:
    with pytest.raises(ProblemWith) as refused:
        arguments.terms("400", 7, "0.95")
    assert refused.value.message("en") == "--lead-time-days: This must be between 0 and 365."
    assert refused.value.message("fr").startswith("--lead-time-days : Cette valeur doit")


def test_the_currency_decides_the_decimals() -> None:
    assert arguments.reading({}, None, "xaf").currency_exponent == 0
    assert arguments.reading({}, "day_first", "EUR").currency_exponent == 2
    with pytest.raises(CurrencyUnknown):
        arguments.reading({}, None, "ABC")
