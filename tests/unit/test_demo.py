"""The demo shop: the same every time, and with everything that demand does."""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta

import pytest

from inventoryai_server.demo.shop import DAYS, NEW_FOR, assortment, sales_file

LAST_DAY = date(2026, 6, 30)


def day_of(written: str) -> date:
    day, month, year = written.split("/")
    return date(int(year), int(month), int(day))


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    text = sales_file(assortment(60), LAST_DAY).decode("cp1252")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_it_is_the_same_every_time() -> None:
    assert sales_file(assortment(60), LAST_DAY) == sales_file(assortment(60), LAST_DAY)


def test_it_covers_two_years_of_sixty_products_up_to_the_last_day(rows: list[list[str]]) -> None:
    days = [day_of(row[0]) for row in rows[1:]]
    assert max(days) == LAST_DAY
    assert min(days) == LAST_DAY - timedelta(days=DAYS - 1)
    assert len({row[1] for row in rows[1:]}) == 60


def test_skus_are_unique_however_many_there_are() -> None:
    products = assortment(500)
    assert len({one.sku for one in products}) == 500
    assert len({one.name for one in products}) == 500


def test_saturdays_are_strong_and_new_products_are_new(rows: list[list[str]]) -> None:
    sold: dict[int, int] = defaultdict(int)
    first: dict[str, date] = {}
    for written, sku, _, _, quantity, _ in rows[1:]:
        day = day_of(written)
        sold[day.weekday()] += int(quantity)
        first.setdefault(sku, day)
    assert sold[5] > 1.5 * sold[0]
    new = [sku for sku, day in first.items() if day > LAST_DAY - timedelta(days=NEW_FOR)]
    assert len(new) >= 4
