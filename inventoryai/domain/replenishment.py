"""What to order, by when and why: a forecast, the stock and the terms of supply made into orders.

Everything here is a plain function over columns, called by the stored plans and by the offline command
alike. The definitions are those of ``docs/replenishment.md``: periodic review with protection interval
P = lead time + days between reviews, order up to the service level's quantile of demand over P.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import numpy as np

from inventoryai.domain.demand import Demand, Outlook, outlooks
from inventoryai.domain.errors import Invalid
from inventoryai.domain.explanations import Basis, Case, Json, explanation, order_cost, order_day, unexplained
from inventoryai.domain.forecasts import DEFAULT_LEVELS, LONGEST_HORIZON, Reason
from inventoryai.domain.lead_times import LeadTimes
from inventoryai.domain.measures import Measures
from inventoryai.domain.order_quantities import Situation
from inventoryai.domain.periods import Frequency
from inventoryai.domain.planning import Policy
from inventoryai.domain.positions import Positions, StockColumns
from inventoryai.domain.quantities import quantity, rounded
from inventoryai.domain.supply_terms import SupplyTerms


class HorizonTooShort(Invalid):
    """Orders cannot be planned over days that were not forecast."""

    code = "plan.horizon_too_short"
    en = (
        "The longest lead time and the days between reviews take {needed} days together,"
        " and the forecast goes only {horizon} days ahead."
    )
    fr = (
        "Le plus long délai de livraison et l’intervalle entre revues font ensemble {needed} jours,"
        " alors que la prévision ne couvre que {horizon} jours."
    )


class LeadTimeTooLong(Invalid):
    """Recorded with a product whose lead time no forecast reaches; raised to nobody."""

    code = "plan.lead_time_too_long"
    en = "Lead time and days between reviews take {needed} days; no forecast goes further than {longest}."
    fr = "Délai et intervalle entre revues font {needed} jours ; aucune prévision ne dépasse {longest} jours."


class RecommendationStatus(StrEnum):
    """Whether there is a recommendation, or demand is unknown: then every number is, and none is 0."""

    OK = "ok"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to order of one product. What follows from an unknown demand is None.

    Attributes:
        product: Its place in the columns of the plan.
        status: Whether its demand is known.
        order_quantity: Units to order, 0 for none.
        order_by: The last day to order on; None if it lies beyond the forecast.
        urgent: Whether to order, and today.
        reorder_point: Units: the position at which an order placed today still comes in time.
        safety_stock: Units that the order-up-to level holds above the expected demand.
        order_up_to: Units to fill the position up to.
        on_hand: Units on the shelf.
        on_order: Units arriving within the protection interval.
        days_of_cover: Days that the units on hand last on average, at most the forecast's horizon.
        stockout_risk: Probability of running out within the protection interval if nothing is ordered.
        cost: Of the order, in the company's currency; None if a unit's cost is not known.
        explanation: JSON from which every number above can be recomputed.
    """

    product: int
    status: RecommendationStatus
    order_quantity: Decimal | None
    order_by: date | None
    urgent: bool
    reorder_point: Decimal | None
    safety_stock: Decimal | None
    order_up_to: Decimal | None
    on_hand: Decimal
    on_order: Decimal
    days_of_cover: int | None
    stockout_risk: float | None
    cost: Decimal | None
    explanation: Json


def most_urgent_first(recommendations: Iterable[Recommendation]) -> list[Recommendation]:
    """Those to order today, then by last day to order, and by risk, cost and quantity, largest first."""
    return sorted(
        recommendations,
        key=lambda one: (
            not one.urgent,
            one.order_by or date.max,
            -(one.stockout_risk or 0.0),
            -(one.cost or 0),
            -(one.order_quantity or 0),
            one.product,
        ),
    )


def horizon_needed(terms: SupplyTerms, review_days: int) -> int:
    """Days of forecast that a plan needs; products that no forecast could serve do not count.

    It reaches as far as the longest lead time reckoned with, which for an uncertain one lies well above
    its mean, and the days between reviews after that.
    """
    lead_times = LeadTimes.of(terms.lead_time_days, terms.lead_time_sd)
    needs = (one.last + review_days for one in lead_times.distinct)
    return max((need for need in needs if need <= LONGEST_HORIZON[Frequency.DAY]), default=review_days)


def levels_needed(terms: SupplyTerms) -> tuple[float, ...]:
    """Quantile levels to forecast for a plan: the usual ones, and service levels that lie outside them."""
    usual = set(DEFAULT_LEVELS)
    outside = {
        float(level) for level in np.unique(terms.service_level) if not min(usual) <= level <= max(usual)
    }
    extremes = {min(outside), max(outside)} if outside else set()
    return tuple(sorted(usual | extremes))


def recommend(
    demand: Demand, stock: StockColumns, terms: SupplyTerms, policy: Policy
) -> tuple[Recommendation, ...]:
    """What to order of each of n products, in their order.

    A product without a forecast gets a recommendation without numbers that says why; it never counts
    as demand of 0.

    Raises:
        HorizonTooShort: The forecast ends before the longest lead time and the review after it.
        ServiceLevelUnsupported: A service level is outside the forecast's quantile levels.
        ValueError: The columns are not equally long.
    """
    if not len(demand) == len(stock) == len(terms):
        raise ValueError("demand, stock and terms must speak of the same products")
    terms.check_levels(demand.levels)
    lead_times = LeadTimes.of(terms.lead_time_days, terms.lead_time_sd)
    plannable = demand.without(_too_long(lead_times, policy.review_days))
    _check_horizon(plannable, horizon_needed(terms, policy.review_days))
    positions = Positions.of(stock, terms.lead_days() + policy.review_days)
    basis = Basis(policy, positions, terms, lead_times)
    found = {one.product: one for one in _recommendations(plannable, basis)}
    return tuple(
        found.get(product) or _unknown(basis, product, plannable.failure(product))
        for product in range(len(demand))
    )


def _check_horizon(demand: Demand, needed: int) -> None:
    if needed > demand.horizon:
        raise HorizonTooShort(needed=needed, horizon=demand.horizon)


def _too_long(lead_times: LeadTimes, review_days: int) -> dict[int, Reason]:
    """Why those products cannot be planned whose lead time lies beyond every forecast."""
    longest = LONGEST_HORIZON[Frequency.DAY]
    needs = np.array([one.last + review_days for one in lead_times.distinct], dtype=np.int64)
    needed = needs[lead_times.which]
    return {
        int(product): Reason.of(LeadTimeTooLong(needed=int(needed[product]), longest=longest))
        for product in np.flatnonzero(needed > longest)
    }


def _recommendations(demand: Demand, basis: Basis) -> Iterator[Recommendation]:
    for outlook in outlooks(demand, basis.lead_times):
        measures = Measures.of(outlook, _situation(outlook, basis))
        for row in range(len(outlook.products)):
            yield _recommendation(Case(basis, outlook, measures, row))


def _situation(outlook: Outlook, basis: Basis) -> Situation:
    products, positions, terms = outlook.products, basis.positions, basis.terms
    return Situation(
        on_hand=positions.stock.on_hand[products],
        position=positions.position[products],
        moq=terms.moq[products],
        pack_size=terms.pack_size[products],
        service_level=terms.service_level[products],
        review_days=basis.policy.review_days,
    )


def _recommendation(case: Case) -> Recommendation:
    measures, row, positions = case.measures, case.row, case.basis.positions
    ordered, order_by = quantity(measures.orders.final[row]), order_day(case)
    return Recommendation(
        product=case.product,
        status=RecommendationStatus.OK,
        order_quantity=ordered,
        order_by=order_by,
        urgent=ordered > 0 and order_by is not None and order_by <= case.basis.policy.as_of,
        reorder_point=rounded(measures.reorder_point[row]),
        safety_stock=quantity(measures.safety_stock()[row]),
        order_up_to=rounded(measures.order_up_to[row]),
        on_hand=quantity(positions.stock.on_hand[case.product]),
        on_order=quantity(positions.on_order[case.product]),
        days_of_cover=int(measures.cover[row]),
        stockout_risk=float(measures.risk[row]),
        cost=order_cost(case),
        explanation=explanation(case),
    )


def _unknown(basis: Basis, product: int, reason: Reason) -> Recommendation:
    positions = basis.positions
    return Recommendation(
        product=product,
        status=RecommendationStatus.UNKNOWN,
        order_quantity=None,
        order_by=None,
        urgent=False,
        reorder_point=None,
        safety_stock=None,
        order_up_to=None,
        on_hand=quantity(positions.stock.on_hand[product]),
        on_order=quantity(positions.on_order[product]),
        days_of_cover=None,
        stockout_risk=None,
        cost=None,
        explanation=unexplained(basis, product, reason),
    )
