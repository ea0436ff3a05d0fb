"""What was written behind the options, understood, or told what is wrong with it."""

import os
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from inventoryai.domain.errors import Invalid, Locale
from inventoryai.domain.files import DateOrder
from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.domain.money import as_currency, exponent
from inventoryai.domain.planning import PlanningDefaults
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_server import language
from inventoryai_server.offline.naming import ProblemWith
from inventoryai_server.system import SystemClock


class OptionNotANumber(Invalid):
    """An option that takes a number was given something else."""

    code = "option.not_a_number"
    en = "{option} takes a number, which {given} is not."
    fr = "{option} attend un nombre, et {given} n’en est pas un."


class MappingMisshapen(Invalid):
    """A mapping without an equals sign, or without a field."""

    code = "option.mapping_misshapen"
    en = "{option} takes FIELD=HEADER, such as sku=Code; {given} is not that."
    fr = "{option} attend CHAMP=EN-TÊTE, par exemple sku=Code ; {given} n’a pas cette forme."


def locale() -> Locale:
    """The language of this terminal."""
    return language.language(os.environ)


def today() -> date:
    """The day it is on this machine."""
    return SystemClock().now().astimezone().date()


def mapping(option: str, given: Sequence[str]) -> dict[str, str]:
    """Field to header; ``category=`` says that the file has no such column.

    Raises:
        MappingMisshapen: One is not FIELD=HEADER.
    """
    pairs = {}
    for one in given:
        field, equals, header = one.partition("=")
        if not equals or not field.strip():
            raise MappingMisshapen(option=option, given=one)
        pairs[field.strip()] = header.strip()
    return pairs


def reading(pairs: dict[str, str], date_order: DateOrder | None, currency: str) -> ReadOptions:
    """How files are read.

    Raises:
        CurrencyUnknown: There is no such currency.
    """
    decimals = exponent(as_currency(currency.strip().upper()))
    return ReadOptions(mapping=pairs, date_order=date_order, currency_exponent=decimals)


def levels(given: str | None) -> tuple[float, ...]:
    """Quantile levels between commas or spaces; the usual ones where none are given.

    Raises:
        OptionNotANumber: One is no number.
    """
    if given is None:
        return DEFAULT_LEVELS
    return tuple(float(number("--levels", one)) for one in re.split(r"[,;\s]+", given.strip()))


def number(option: str, given: str) -> Decimal:
    """A number with a decimal point, or a decimal comma.

    Raises:
        OptionNotANumber: It is none.
    """
    try:
        return Decimal(given.strip().replace(",", "."))
    except InvalidOperation:
        raise OptionNotANumber(option=option, given=given) from None


def terms(lead_time_days: str, review_days: int, service_level: str) -> PlanningDefaults:
    """On what terms every product is bought.

    Raises:
        OptionNotANumber, ProblemWith: One of them cannot be.
    """
    lead_time = number("--lead-time-days", lead_time_days)
    level = number("--service-level", service_level)
    try:
        PlanningDefaults(lead_time_days=lead_time)
    except Invalid as problem:
        raise ProblemWith("--lead-time-days", problem) from problem
    return PlanningDefaults(lead_time_days=lead_time, review_days=review_days, service_level=level)
