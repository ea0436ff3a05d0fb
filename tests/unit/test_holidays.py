"""The holidays that shops of Francophone and Anglophone Africa live by."""

from datetime import date

import pytest

from inventoryai_holidays import CountryHolidays


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def calendar(country: str, first: str = "2025-01-01", until: str = "2026-01-01") -> dict[str, str]:
    found = CountryHolidays().between(country, day(first), day(until))
    return {str(date.fromordinal(one.day + date(1970, 1, 1).toordinal())): one.name for one in found}


@pytest.mark.parametrize(
    ("country", "when", "name"),
    [
        ("CM", "2025-05-20", "National Day"),
        ("CM", "2025-02-11", "Youth Day"),
        ("CM", "2025-03-30", "Eid al-Fitr"),
        ("CM", "2025-06-06", "Eid al-Adha"),
        ("CM", "2025-04-18", "Good Friday"),
        ("SN", "2025-04-04", "Independence Day"),
        ("SN", "2025-04-21", "Easter Monday"),
        ("SN", "2025-03-30", "Eid al-Fitr"),
        ("SN", "2025-06-06", "Eid al-Adha"),
        ("NG", "2025-10-01", "National Day"),
        ("NG", "2025-04-21", "Easter Monday"),
        ("NG", "2025-03-30", "Eid al-Fitr"),
        ("NG", "2025-06-06", "Eid al-Adha"),
        ("CI", "2025-08-07", "Independence Day"),
        ("CI", "2025-04-21", "Easter Monday"),
        ("CI", "2025-03-30", "Eid al-Fitr"),
        ("CI", "2025-06-06", "Eid al-Adha"),
    ],
)
def test_a_country_keeps_its_feasts_and_those_of_its_faiths(country: str, when: str, name: str) -> None:
    assert name in calendar(country)[when]


def test_easter_monday_is_no_holiday_in_cameroon() -> None:
    assert "2025-04-21" not in calendar("CM")


@pytest.mark.parametrize(
    ("country", "year", "easter_monday"),
    [("SN", 2024, "2024-04-01"), ("CI", 2026, "2026-04-06"), ("NG", 2027, "2027-03-29")],
)
def test_easter_moves_with_its_year(country: str, year: int, easter_monday: str) -> None:
    assert calendar(country, f"{year}-01-01", f"{year + 1}-01-01")[easter_monday] == "Easter Monday"


def test_tabaski_is_known_for_years_that_are_still_to_come() -> None:
    after = calendar("SN", "2027-01-01", "2028-01-01")
    assert "Eid al-Adha" in after["2027-05-16"]


def test_only_the_days_asked_for_are_given_in_order_and_each_once() -> None:
    found = CountryHolidays().between("CM", day("2025-05-20"), day("2026-01-01"))
    days = [one.day for one in found]

    assert days[0] == day("2025-05-20")
    assert days[-1] == day("2025-12-25")
    assert days == sorted(set(days))
    assert CountryHolidays().between("CM", day("2025-05-21"), day("2025-05-22")) == []
    assert CountryHolidays().between("CM", day("2025-05-21"), day("2025-05-01")) == []


@pytest.mark.parametrize("country", ["XX", "ZZ", "QQ"])
def test_a_country_that_no_calendar_knows_has_no_holidays(country: str) -> None:
    assert calendar(country) == {}
