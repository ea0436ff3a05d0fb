"""Dates as tills and spreadsheets write them.

``03/04/2024`` is two days; which one it is, is decided from the whole column and never guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.files import NO_DAY, DateOrder
from inventoryai.domain.tills import plain
from inventoryai.domain.unreadable import FileDateOrderAmbiguous

_EPOCH: Final = date(1970, 1, 1).toordinal()
_YEARS: Final = range(1970, 2101)
_CENTURY_TURN: Final = 70
_MONTHS: Final = 12
_DAYS: Final = 31
_CLEAR: Final = 20
_CLEAR_OF_ONE: Final = 3
_TIME: Final = re.compile(
    r"[T ,]?\s*(\d{1,2})\s*[:hH]\s*(\d{2})?(?::?(\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII,
)
_PLAIN_TIME: Final = re.compile(r"[T ](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?", re.ASCII)
_DAY: Final = re.compile(
    r"(?P<iso>[0-9]{4}([-/. ])[0-9]{1,2}\2[0-9]{1,2})(?![0-9])"
    r"|(?P<compact>(?:19|20)[0-9]{6})(?![0-9-])"
    r"|(?P<numeric>[0-9]{1,2}([-/. ])[0-9]{1,2}\5(?:[0-9]{4}|[0-9]{2}))(?![0-9])"
    r"|(?P<named>[0-9]{1,2}[-/. ]\s?[^\W\d_]{3,9}\.?[-/. ,]\s?(?:[0-9]{4}|[0-9]{2}))(?![0-9])",
)
_NAMES: Final = (
    ("jan", "janv", "janvier", "january"),
    ("fev", "feb", "fevr", "fevrier", "february"),
    ("mar", "mars", "march"),
    ("avr", "apr", "avril", "april"),
    ("mai", "may"),
    ("jun", "juin", "june"),
    ("jul", "juil", "juillet", "july"),
    ("aou", "aug", "aout", "august"),
    ("sep", "sept", "septembre", "september"),
    ("oct", "octobre", "october"),
    ("nov", "novembre", "november"),
    ("dec", "decembre", "december"),
)
_MONTH_OF: Final = {name: month for month, names in enumerate(_NAMES, start=1) for name in names}


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: its numbers, and whether their order is known.

    Attributes:
        first: The day, where ``ordered``; else the number that stands first.
        second: The month, where ``ordered``; else the number that stands second.
        year: With its century.
        ordered: Whether the text says itself which is which.
    """

    first: int
    second: int
    year: int
    ordered: bool

    def __str__(self) -> str:
        return f"{self.first:02}/{self.second:02}/{self.year:04}"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written, and its offset from UTC."""

    time: time
    offset: timedelta


class Days:
    """The distinct texts of a column as dates.

    Attributes:
        written: The distinct dates among them, as written.
        index: int32[k], which of ``written`` each text has; -1 where it is no date.
        clocks: The texts that name an offset, by their place among the k.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._known: dict[Written, int] = {}
        self._days: dict[str, int] = {}
        self.clocks: dict[int, Clock] = {}
        self.index = np.array(
            [self._place(at, text.strip()) for at, text in enumerate(texts)], dtype=np.int32
        )
        self.written = tuple(self._known)

    def _place(self, at: int, text: str) -> int:
        """Which of the distinct dates a text is, or -1; its clock is noted on the way."""
        found = _DAY.match(text)
        if found is None:
            return -1
        day = found[0]
        if day not in self._days:
            written = _written(day)
            self._days[day] = -1 if written is None else self._known.setdefault(written, len(self._known))
        if found.end() < len(text) and not _PLAIN_TIME.fullmatch(text, found.end()):
            valid, clock = _clock(text[found.end() :].strip())
            if not valid:
                return -1
            if clock is not None:
                self.clocks[at] = clock
        return self._days[day]

    def order(self, asked: DateOrder | None) -> DateOrder | None:
        """The order of day and month in the column; None where every date says it by itself.

        A number over 12 is a day, and the dates that have one decide. Where they contradict each other,
        an order is believed if it has at least three dates against one, or twenty times as many as the
        other: what contradicts it is a typing error then, and a line error each.

        Raises:
            FileDateOrderAmbiguous: The dates decide nothing and may mean two days, or contradict each
                other.
        """
        if asked is not None:
            return asked
        loose = [written for written in self.written if not written.ordered]
        day = sum(_MONTHS < one.first <= _DAYS and one.second <= _MONTHS for one in loose)
        month = sum(_MONTHS < one.second <= _DAYS and one.first <= _MONTHS for one in loose)
        fewer, more = sorted((day, month))
        if more and (more >= _CLEAR * fewer or (fewer == 1 and more >= _CLEAR_OF_ONE)):
            return "day_first" if day > month else "month_first"
        doubtful = [one for one in loose if one.first != one.second and max(one.first, one.second) <= _MONTHS]
        if more or doubtful:
            raise FileDateOrderAmbiguous(example=str((doubtful or loose)[0]))
        return None

    def numbers(self, order: DateOrder | None, zone: str | None) -> NDArray[np.int64]:
        """int64[k], days since 1970-01-01; ``NO_DAY`` where there is none between 1970 and 2100.

        A moment written with an offset is brought to the time zone; any other is the day as written.
        """
        days = np.array([*(_number(written, order) for written in self.written), NO_DAY], dtype=np.int64)
        numbers = days[self.index]
        if zone is not None:
            local = ZoneInfo(zone)
            for at, clock in self.clocks.items():
                if numbers[at] != NO_DAY:
                    numbers[at] = _brought(int(numbers[at]), clock, local)
        return numbers


def _brought(day: int, clock: Clock, zone: ZoneInfo) -> int:
    there = datetime.combine(date.fromordinal(day + _EPOCH), clock.time, timezone(clock.offset))
    return there.astimezone(zone).date().toordinal() - _EPOCH


def _number(written: Written, order: DateOrder | None) -> int:
    day, month = written.first, written.second
    if not written.ordered and order == "month_first":
        day, month = month, day
    try:
        return date(written.year, month, day).toordinal() - _EPOCH if written.year in _YEARS else NO_DAY
    except ValueError:
        return NO_DAY


def _written(text: str) -> Written | None:
    if text.isdigit():
        return Written(int(text[6:]), int(text[4:6]), int(text[:4]), ordered=True)
    first, second, third = (part for part in re.split(r"[-/. ,]+", text) if part)
    if len(first) == len("2024"):
        return Written(int(third), int(second), int(first), ordered=True)
    year = int(third) if len(third) == len("2024") else _with_century(int(third))
    if second.isdigit():
        return Written(int(first), int(second), year, ordered=False)
    month = _MONTH_OF.get(plain(second))
    return None if month is None else Written(int(first), month, year, ordered=True)


def _with_century(year: int) -> int:
    """Two digits up to 69 are of this century, others of the last, as POSIX has it."""
    return year + (2000 if year < _CENTURY_TURN else 1900)


def _clock(rest: str) -> tuple[bool, Clock | None]:
    """Whether what follows a date is a time of day, and the clock where it names an offset."""
    timed = _TIME.fullmatch(rest)
    if timed is None:
        return False, None
    hour, minute, second = int(timed[1]), int(timed[2] or 0), int(timed[3] or 0)
    if timed[4] and 1 <= hour <= _MONTHS:
        hour = hour % _MONTHS + (_MONTHS if timed[4][0] in "Pp" else 0)
    try:
        moment = time(hour, minute, second)
        return True, Clock(moment, _offset(timed[5])) if timed[5] else None
    except ValueError:
        return False, None


def _offset(text: str) -> timedelta:
    if text[0] not in "+-":
        return timedelta()
    clock = time(int(text[1:3]), int(text[-2:]) if len(text) > len("+01") else 0)
    offset = timedelta(hours=clock.hour, minutes=clock.minute)
    return -offset if text[0] == "-" else offset
