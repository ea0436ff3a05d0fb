"""Companies: what is usual in a country stands in for what is left unsaid."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from inventoryai.domain.companies import (
    HABITS,
    AdminRequired,
    Company,
    CompanyId,
    CountryUnknown,
    Membership,
    NewCompany,
    Role,
    TimeZoneUnknown,
)
from inventoryai.domain.errors import Invalid, InvalidFields
from inventoryai.domain.identity import LocaleUnknown, UserId
from inventoryai.domain.money import CurrencyUnknown, amount, as_currency, exponent
from inventoryai.domain.text import TextEmpty, TextHasControlCharacters, TextTooLong

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID = CompanyId(UUID(int=1))


def found(**said: str) -> Company:
    return NewCompany(**{"name": "Boutique", **said}).found(ID, NOW)


def test_a_company_of_which_only_the_name_is_said_is_in_cameroon() -> None:
    company = found()
    assert (company.country, company.currency, company.time_zone, company.locale) == (
        "CM",
        "XAF",
        "Africa/Douala",
        "fr",
    )


def test_what_is_said_wins_over_what_is_usual() -> None:
    company = found(country="NG", currency="XOF", locale="fr")
    assert (company.currency, company.time_zone, company.locale) == ("XOF", "Africa/Lagos", "fr")


@pytest.mark.parametrize("country", sorted(HABITS))
def test_the_habits_of_every_country_are_real(country: str) -> None:
    assert found(country=country).country == country


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"name": "  "}, TextEmpty),
        ({"name": "x" * 201}, TextTooLong),
        ({"name": "a\r\nb"}, TextHasControlCharacters),
        ({"country": "Cameroun"}, CountryUnknown),
        ({"country": "cm"}, CountryUnknown),
        ({"currency": "FCFA"}, CurrencyUnknown),
        ({"time_zone": "Douala"}, TimeZoneUnknown),
        ({"time_zone": "../../etc/passwd"}, TimeZoneUnknown),
        ({"locale": "de"}, LocaleUnknown),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(said: dict[str, str], problem: type[Invalid]) -> None:
    with pytest.raises(InvalidFields) as refused:
        found(**said)
    ((field, code),) = ((one.field, one.problem.code) for one in refused.value.problems)
    assert {field} == said.keys()
    assert code == problem.code


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidFields) as refused:
        found(name="", currency="FCFA", locale="de")
    assert [one.field for one in refused.value.problems] == ["locale", "name", "currency"]


def test_money_is_written_as_its_currency_is() -> None:
    assert str(amount(1_500, as_currency("XAF"))) == "1500"
    assert str(amount(1_500, as_currency("NGN"))) == "15.00"
    assert exponent(as_currency("TND")) == 3


def test_only_an_admin_passes() -> None:
    Membership(ID, UserId(UUID(int=2)), Role.ADMIN, NOW).require_admin()
    with pytest.raises(AdminRequired):
        Membership(ID, UserId(UUID(int=2)), Role.MEMBER, NOW).require_admin()
