"""How a company plans where neither the plan nor the product says otherwise, and what one plan is told."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from inventoryai.domain.errors import Invalid
from inventoryai.domain.products import LONGEST_LEAD_TIME, MOST_QUANTITY, QUANTITY_EXPONENT, bounded

LONGEST_REVIEW: Final = 365
_SMALLEST_PACK: Final = Decimal("0.001")
_FRESH_DAYS: Final = 7


class ServiceLevelInvalid(Invalid):
    """A service level is a probability."""

    code = "plan.service_level_invalid"
    en = "A service level lies between 0 and 1, such as 0.95; {service_level} does not."
    fr = "Un niveau de service est compris entre 0 et 1, par exemple 0,95 ; {service_level} ne l’est pas."


class ReviewDaysInvalid(Invalid):
    """Stock is reviewed at least daily and at most yearly."""

    code = "plan.review_days_invalid"
    en = "The days between two reviews must be a whole number from 1 to {longest}; {review_days} is not."
    fr = "Le nombre de jours entre deux revues est un entier de 1 à {longest} ; {review_days} ne l’est pas."


def checked_service_level(level: Decimal) -> Decimal:
    """The level, if it is a probability.

    Raises:
        ServiceLevelInvalid: It is not strictly between 0 and 1.
    """
    if not level.is_finite() or not 0 < level < 1:
        raise ServiceLevelInvalid(service_level=str(level))
    return level


def checked_review_days(days: int) -> int:
    """The days between two reviews, if there can be so many.

    Raises:
        ReviewDaysInvalid: Below 1 or above 365.
    """
    if not 1 <= days <= LONGEST_REVIEW:
        raise ReviewDaysInvalid(review_days=days, longest=LONGEST_REVIEW)
    return days


@dataclass(frozen=True, slots=True)
class PlanningDefaults:
    """What a company plans with where neither the plan nor the product says otherwise.

    Attributes:
        lead_time_days: Days from an order to its goods, taken as certain.
        review_days: Days between two occasions to order.
        moq: Smallest quantity that can be ordered; 0 for none.
        pack_size: What is ordered is a whole number of these.
        service_level: Chance, per order cycle, of not running out.

    Raises:
        NumberOutOfRange, NumberTooPrecise: A number cannot be what it is said to be.
        ReviewDaysInvalid, ServiceLevelInvalid: These have names of their own.
    """

    lead_time_days: Decimal = Decimal(7)
    review_days: int = 7
    moq: Decimal = Decimal(0)
    pack_size: Decimal = Decimal(1)
    service_level: Decimal = Decimal("0.95")

    def __post_init__(self) -> None:
        bounded(self.lead_time_days, QUANTITY_EXPONENT, Decimal(0), LONGEST_LEAD_TIME)
        bounded(self.moq, QUANTITY_EXPONENT, Decimal(0), MOST_QUANTITY)
        bounded(self.pack_size, QUANTITY_EXPONENT, _SMALLEST_PACK, MOST_QUANTITY)
        checked_review_days(self.review_days)
        checked_service_level(self.service_level)


@dataclass(frozen=True, slots=True)
class Policy:
    """What one plan is told.

    Attributes:
        as_of: Its today: the first day of the forecast.
        review_days: Days between two occasions to order.
        money_decimals: Decimals of the company's currency, to which costs are rounded.

    Raises:
        ReviewDaysInvalid: Below 1 or above 365.
    """

    as_of: date
    review_days: int
    money_decimals: int = 2

    def __post_init__(self) -> None:
        checked_review_days(self.review_days)


def days_behind(as_of: date, today: date) -> int | None:
    """How many days ago the data ends, if that is more than a week; a plan says so.

    Args:
        as_of: The day after the last day with data.
        today: The real today, in the company's time zone.
    """
    behind = (today - as_of).days + 1
    return behind if behind > _FRESH_DAYS else None
