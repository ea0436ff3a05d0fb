"""Days, weeks and months as whole numbers."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventoryai.domain.periods import Frequency

EPOCH = date(1970, 1, 1)


def day(year: int, month: int, number: int) -> int:
    return (date(year, month, number) - EPOCH).days


def test_seasons_are_those_of_sales() -> None:
    assert [frequency.season for frequency in Frequency] == [7, 52, 12]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_a_week_runs_from_monday_to_sunday(when: date) -> None:
    monday = Frequency.WEEK.first_day(Frequency.WEEK.of_day((when - EPOCH).days))
    assert EPOCH + timedelta(days=monday) == when - timedelta(days=when.weekday())


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_a_month_is_named_by_its_year_and_number(when: date) -> None:
    ordinal = Frequency.MONTH.of_day((when - EPOCH).days)
    assert ordinal == when.year * 12 + when.month - 1
    assert EPOCH + timedelta(days=Frequency.MONTH.first_day(ordinal)) == when.replace(day=1)


def test_week_0_holds_the_first_day_of_1970() -> None:
    assert Frequency.WEEK.of_days([-4, -3, 0, 3, 4]).tolist() == [-1, 0, 0, 0, 1]


@pytest.mark.parametrize("frequency", list(Frequency))
def test_columns_of_any_shape_are_converted_and_back(frequency: Frequency) -> None:
    days = np.arange(day(2023, 12, 25), day(2024, 3, 5)).reshape(1, -1)
    ordinals = frequency.of_days(days)
    first, after = frequency.first_days(ordinals), frequency.first_days(ordinals + 1)
    assert ordinals.shape == days.shape
    assert ((first <= days) & (days < after)).all()
