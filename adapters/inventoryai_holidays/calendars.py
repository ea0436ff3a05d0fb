"""The public holidays of each country that the ``holidays`` library knows."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from holidays import country_holidays

from inventoryai.ports.holidays import PublicHoliday

_FIRST_DAY: Final = date(1970, 1, 1)
_LANGUAGE: Final = "en_US"


class CountryHolidays:
    """Official holidays of whole countries: Easter by its rule, Eid and Tabaski by date.

    The dates of Islamic holidays rest on the sight of the moon. Past ones are on record; those to come
    are estimates that may be a day off, and their names say so.
    """

    def between(self, country: str, first: int, until: int) -> Sequence[PublicHoliday]:
        """The holidays of a country, by day; none for a country that the library does not know."""
        if until <= first:
            return []
        start, end = _date(first), _date(until - 1)
        years = range(start.year, end.year + 1)
        try:
            found = country_holidays(country, years=years, language=_LANGUAGE)
        except NotImplementedError:  # how the library says that it does not know a country
            return []
        return [
            PublicHoliday((day - _FIRST_DAY).days, name)
            for day, name in sorted(found.items())
            if start <= day <= end
        ]


def _date(day: int) -> date:
    return _FIRST_DAY + timedelta(days=day)
