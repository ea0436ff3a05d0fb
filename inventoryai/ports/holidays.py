"""Which days of a country are holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PublicHoliday:
    """A day on which a country rests, or that its shops prepare for.

    Attributes:
        day: Days since 1970-01-01.
        name: In English; several that fall on one day are one name.
    """

    day: int
    name: str


class Holidays(Protocol):
    """Calendars of public holidays, the movable ones worked out or looked up."""

    def between(self, country: str, first: int, until: int) -> Sequence[PublicHoliday]:
        """The holidays of a country, by day, each day once.

        Args:
            country: ISO 3166 code of two letters. A country that no calendar is known of has none.
            first: The first day looked at. Both in days since 1970-01-01.
            until: The first day that is not looked at any more.
        """
        ...
