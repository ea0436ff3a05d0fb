"""Dates as tills and spreadsheets write them.

``03/04/2024`` is two days; which one it is, is decided from the whole column and never guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from inventoryai.domain.files import DateOrder
from inventoryai.domain.tills import plain
from inventoryai.domain.unreadable import FileDateOrderAmbiguous

_EPOCH: Final = date(1970, 1, 1).toordinal()
_YEARS: Final = range(1970, 2101)
_CENTURY_TURN: Final = 70
_MONTHS: Final = 12
_DAYS: Final = 31
_REMEMBERED: Final = 1 << 16
_CLEAR: Final = 20
_CLEAR_OF_ONE: Final = 3
_TIME: Final = re.compile(
    r"[T ,]?\s*(\d{1,2})\s*[:hH]\s*(\d{2})?(?::?(\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII,
)
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


@dataclass(frozen=True, slots=True)
class Moment:
    """A text cut into date and time: the day as written, the time of day, and the offset if any."""

    written: Written
    clock: time
    offset: timedelta | None


@dataclass(slots=True)
class _Votes:
    day_first: set[Written] = field(default_factory=set)
    month_first: set[Written] = field(default_factory=set)
    undecided: dict[Written, str] = field(default_factory=dict)


def parse(text: str) -> Moment | None:
    """A text as a moment; None when it is none. Whether the day exists is not looked at yet."""
    text = text.strip()
    found = _DAY.match(text)
    if found is None:
        return None
    written = _written(found[0])
    rest = text[found.end() :].strip()
    if written is None or not rest:
        return None if written is None else Moment(written, time(), None)
    timed = _TIME.fullmatch(rest)
    if timed is None:
        return None
    try:
        return Moment(written, _clock(timed), _offset(timed[5]))
    except ValueError:
        return None


def decide(texts: Iterable[tuple[str, Moment | None]], asked: DateOrder | None) -> DateOrder | None:
    """The order of day and month in a column; None where every date says it by itself.

    A number over 12 is a day, and the dates that have one decide. Where they contradict each other, an
    order is believed if it has at least three dates against one, or twenty times as many as the other:
    what contradicts it is a typing error then, and a line error each.

    Raises:
        FileDateOrderAmbiguous: The dates decide nothing and may mean two days, or contradict each other.
    """
    if asked is not None:
        return asked
    votes = _count(texts)
    day, month = len(votes.day_first), len(votes.month_first)
    fewer, more = sorted((day, month))
    if more and (more >= _CLEAR * fewer or (fewer == 1 and more >= _CLEAR_OF_ONE)):
        return "day_first" if day > month else "month_first"
    if more or votes.undecided:
        example = next(iter(votes.undecided.values()), "")
        raise FileDateOrderAmbiguous(example=example or _an_example(votes))
    return None


def day_number(moment: Moment, order: DateOrder | None, zone: str | None) -> int | None:
    """Days since 1970-01-01; None where the day does not exist or lies outside 1970 to 2100.

    A moment written with an offset is brought to the time zone; any other is the day as written.
    """
    written = moment.written
    day, month = written.first, written.second
    if not written.ordered and order == "month_first":
        day, month = month, day
    number = _number(written.year, month, day)
    if number is None or moment.offset is None or zone is None:
        return number
    local = datetime.combine(date.fromordinal(number + _EPOCH), moment.clock, timezone(moment.offset))
    return local.astimezone(ZoneInfo(zone)).date().toordinal() - _EPOCH


def _count(texts: Iterable[tuple[str, Moment | None]]) -> _Votes:
    votes = _Votes()
    for text, moment in texts:
        if moment is None or moment.written.ordered:
            continue
        written = moment.written
        if _DAYS >= written.first > _MONTHS >= written.second:
            votes.day_first.add(written)
        elif _DAYS >= written.second > _MONTHS >= written.first:
            votes.month_first.add(written)
        elif written.first != written.second and max(written.first, written.second) <= _MONTHS:
            votes.undecided.setdefault(written, text)
    return votes


def _an_example(votes: _Votes) -> str:
    written = min(votes.month_first, key=lambda one: (one.year, one.first, one.second))
    return f"{written.first:02}/{written.second:02}/{written.year}"


@lru_cache(_REMEMBERED)
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


@lru_cache(_REMEMBERED)
def _number(year: int, month: int, day: int) -> int | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None


def _clock(timed: re.Match[str]) -> time:
    hour, minute, second = int(timed[1]), int(timed[2] or 0), int(timed[3] or 0)
    if timed[4] and 1 <= hour <= _MONTHS:
        hour = hour % _MONTHS + (_MONTHS if timed[4][0] in "Pp" else 0)
    return time(hour, minute, second)


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text[0] not in "+-":
        return timedelta()
    clock = time(int(text[1:3]), int(text[-2:]) if len(text) > len("+01") else 0)
    offset = timedelta(hours=clock.hour, minutes=clock.minute)
    return -offset if text[0] == "-" else offset
