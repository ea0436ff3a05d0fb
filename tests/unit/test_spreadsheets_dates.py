"""Dates as people write them, and how a column decides between day and month."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import lines, problems, read_sales

from inventoryai.domain.files import NO_DAY, DateOrder
from inventoryai.domain.periods import as_date
from inventoryai.domain.unreadable import FileDateOrderAmbiguous
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets.dates import Days

DAY = date(2024, 1, 5)


def day(text: str, order: DateOrder = "day_first", zone: str | None = None) -> date | None:
    number = int(Days([text]).numbers(order, zone)[0])
    return None if number == NO_DAY else as_date(number)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05",
        "2024/01/05",
        "2024.1.5",
        "20240105",
        " 2024-01-05 ",
        "2024-01-05 08:26",
        "2024-01-05T08:26:59",
        "2024-01-05T08:26:59.123456",
        "2024-01-05T08:26:59Z",
        "2024-01-05T08:26:59+01:00",
        "2024-01-05 08:26:59 +0100",
        "05/01/2024",
        "5/1/2024",
        "05-01-2024",
        "05.01.2024",
        "05 01 2024",
        "05/01/24",
        "05/01/2024 8:26",
        "05/01/2024 08h26",
        "05/01/2024 8:26:59 PM",
        "05/01/2024 12:00 a.m.",
        "05/01/2024, 08:26",
        "5 janvier 2024",
        "05-janv-24",
        "05 janv. 2024",
        "5-Jan-2024",
        "5 January 2024 08:26",
    ],
)
def test_the_fifth_of_january(text: str) -> None:
    assert day(text) == DAY


@pytest.mark.parametrize(
    ("text", "month"), [("1 févr. 24", 2), ("1 août 2024", 8), ("01-déc-24", 12), ("1 Sept 2024", 9)]
)
def test_months_by_name(text: str, month: int) -> None:
    assert day(text) == date(2024, month, 1)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2024",
        "29/02/2023",
        "00/01/2024",
        "2024-13-01",
        "2024-00-10",
        "20241301",
        "1/2",
        "1/2/345",
        "1/2/20245",
        "1/2-2024",
        "2024-01-05 25:00",
        "2024-01-05 10:61",
        "2024-01-05 later",
        "2024-01-05T10:00+99:00",
        "12 foo 2024",
        "45296",
        "yesterday",
        "1969-12-31",
        "2101-01-01",
        "0001-01-01",
        "9999-12-31",
        "١/٢/٢٠٢٤",
        "",
    ],
)
def test_no_day(text: str) -> None:
    assert day(text) is None


def test_two_digits_of_a_year_are_of_this_century_up_to_69() -> None:
    assert (day("01/01/69"), day("01/01/70")) == (date(2069, 1, 1), date(1970, 1, 1))


def test_a_moment_with_an_offset_is_brought_to_the_shop() -> None:
    assert day("2024-01-05T23:30:00Z", zone="Africa/Douala") == date(2024, 1, 6)
    assert day("2024-01-05T00:30:00+03:00", zone="Africa/Abidjan") == date(2024, 1, 4)
    assert day("2024-01-05T23:30:00", zone="Africa/Douala") == DAY
    assert day("2024-01-05T23:30:00Z") == DAY


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["01/02/2024", "13/02/2024"], "day_first"),
        (["01/02/2024", "02/13/2024"], "month_first"),
        (["13/02/2024"], "day_first"),
        (["01/01/2024", "02/02/2024"], None),
        (["2024-01-02"], None),
        (["5 mars 2024", "2024-01-02"], None),
        (["13/01/2024", "14/01/2024", "15/01/2024", "12/25/2024"], "day_first"),
        (["13/01/2024", "31/02/2024", "32/01/2024", "01/32/2024", "40/50/2024"], "day_first"),
    ],
)
def test_a_number_over_12_decides_for_the_column(texts: list[str], order: DateOrder | None) -> None:
    assert Days(texts).order(None) == order


@pytest.mark.parametrize(
    "texts",
    [
        ["01/02/2024"],
        ["01/02/2024", "2024-05-05", "03/03/2024"],
        ["13/01/2024", "01/13/2024"],
        ["13/01/2024", "14/01/2024", "12/25/2024"],
        ["13/01/2024", "14/01/2024", "15/01/2024", "16/01/2024", "12/25/2024", "12/26/2024"],
    ],
)
def test_what_can_be_read_two_ways_is_not_guessed(texts: list[str]) -> None:
    with pytest.raises(FileDateOrderAmbiguous) as caught:
        Days(texts).order(None)
    assert "/" in str(caught.value.data["example"])


def test_the_sender_may_say_which(tmp_path: Path) -> None:
    content = "date,sku,qty\n01/02/2024,A,1\n"
    with pytest.raises(FileDateOrderAmbiguous, match="01/02/2024"):
        read_sales(tmp_path, content)
    for order, month in (("day_first", 2), ("month_first", 1)):
        parsed = read_sales(tmp_path, content, ReadOptions(date_order=order))  # type: ignore[arg-type] # one of two
        assert lines(parsed)[0][2].month == month
        assert parsed.dialect.date_order == order


def test_a_typing_error_costs_its_line(tmp_path: Path) -> None:
    texts = ["13/01/2024", "14/01/2024", "15/01/2024", "12/25/2024", "31/02/2024", "02/01/2024"]
    parsed = read_sales(tmp_path, "date,sku,qty\n" + "".join(f"{text},A,1\n" for text in texts))
    assert [line[2].day for line in lines(parsed)] == [13, 14, 15, 2]
    assert problems(parsed) == [
        (5, "date", "12/25/2024", "line.date_invalid"),
        (6, "date", "31/02/2024", "line.date_invalid"),
    ]


DATES = st.dates(date(1970, 1, 1), date(2100, 12, 31))


@given(st.lists(DATES, min_size=1), st.sampled_from("-/. "), st.booleans())
def test_dates_written_in_any_order_read_back(dates: list[date], mark: str, day_first: bool) -> None:  # noqa: FBT001 # hypothesis fills it
    pattern = mark.join(("%d", "%m", "%Y") if day_first else ("%m", "%d", "%Y"))
    decisive = [*dates, date(2024, 1, 13)]
    days = Days([one.strftime(pattern) for one in decisive])
    order = days.order(None)
    assert order == ("day_first" if day_first else "month_first")
    assert [as_date(number) for number in days.numbers(order, None).tolist()] == decisive


@given(DATES, st.times(), st.integers(-12, 14))
def test_an_offset_moves_at_most_one_day(one: date, clock: object, hours: int) -> None:
    text = f"{one}T{clock}{hours:+03}:00"
    there = day(text, zone="Africa/Lagos")
    assert there is not None
    assert abs(there - one) <= timedelta(days=1)


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    Days([text]).numbers("month_first", "Africa/Douala")
