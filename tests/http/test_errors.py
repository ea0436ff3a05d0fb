"""Every error of the product: named once, told in two languages, given a status, documented."""

import re
import string
from collections import Counter
from pathlib import Path

import pytest
from callers import Callers
from error_pages import answered, every_error, page

from inventoryai.domain.errors import Problem
from inventoryai_http.problems import TITLES, status_of

DOCS = Path(__file__).parents[2] / "docs" / "errors.md"
ERRORS = every_error()
every_one = pytest.mark.parametrize("error", ERRORS, ids=[error.code for error in ERRORS])


def test_codes_are_unique() -> None:
    codes = Counter(error.code for error in ERRORS)
    assert [code for code, times in codes.items() if times > 1] == []


@every_one
def test_an_error_is_well_named(error: type[Problem]) -> None:
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", error.code)


@every_one
def test_an_error_is_told_in_both_languages_with_the_same_data(error: type[Problem]) -> None:
    placeholders = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        for text in (error.en, error.fr)
    ]
    assert error.en
    assert error.fr
    assert error.en != error.fr
    assert placeholders[0] == placeholders[1]


@every_one
def test_an_error_that_is_answered_has_a_status_with_a_title(error: type[Problem]) -> None:
    if answered(error):
        assert status_of(error) in TITLES


def test_the_documentation_lists_every_error_as_it_is() -> None:
    assert DOCS.read_text() == page(), "run: python tests/error_pages.py > docs/errors.md"


async def test_the_type_of_an_error_leads_to_where_it_is_explained(callers: Callers) -> None:
    problem = (await callers.client.get("/api/v1/me")).json()
    path, _, anchor = problem["type"].partition("#")
    page = await callers.client.get(path)
    assert page.status_code == 200
    assert f'id="{anchor}"' in page.text
    for error in ERRORS:
        if answered(error):
            assert f'id="{error.code}"' in page.text
