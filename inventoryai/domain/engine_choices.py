"""Why the automatic plan took the engines it took for a product: stored beside its forecast, in words."""

from collections.abc import Mapping, Sequence
from typing import Final

from inventoryai.domain.demand_classes import DemandClass
from inventoryai.domain.forecasts import ForecastReason, Reason


class ChosenForSmooth(ForecastReason):
    """Demand comes nearly every period, and varies little."""

    code = "forecast.chosen_for_smooth"
    en = "Demand is steady. Weighed on {windows} past windows, also of its likes: {engines}."
    fr = "La demande est régulière. Pesés sur {windows} essais, aussi de ses semblables : {engines}."


class ChosenForErratic(ForecastReason):
    """Demand comes nearly every period, and varies much."""

    code = "forecast.chosen_for_erratic"
    en = "Demand is erratic. Weighed on {windows} past windows, also of its likes: {engines}."
    fr = "La demande est irrégulière. Pesés sur {windows} essais, aussi de ses semblables : {engines}."


class ChosenForIntermittent(ForecastReason):
    """Demand comes seldom, in sizes that are alike."""

    code = "forecast.chosen_for_intermittent"
    en = "Demand comes seldom. Weighed on {windows} past windows, also of its likes: {engines}."
    fr = "La demande est rare. Pesés sur {windows} essais, aussi de ses semblables : {engines}."


class ChosenForLumpy(ForecastReason):
    """Demand comes seldom, in sizes that differ."""

    code = "forecast.chosen_for_lumpy"
    en = "Demand is seldom and unequal. Weighed on {windows} past windows, also of its likes: {engines}."
    fr = "La demande est rare et inégale. Pesés sur {windows} essais, aussi de ses semblables : {engines}."


class ChosenForYoung(ForecastReason):
    """The product is too young, or sold too seldom, to say what kind of demand it has."""

    code = "forecast.chosen_for_young"
    en = "Little is known of this product yet. Weighed on similar products: {engines}."
    fr = "On sait encore peu de cet article. Pesés sur des articles semblables : {engines}."


_REASONS: Final[Mapping[DemandClass, type[ForecastReason]]] = {
    DemandClass.SMOOTH: ChosenForSmooth,
    DemandClass.ERRATIC: ChosenForErratic,
    DemandClass.INTERMITTENT: ChosenForIntermittent,
    DemandClass.LUMPY: ChosenForLumpy,
    DemandClass.YOUNG: ChosenForYoung,
}


def choice(kind: DemandClass, parts: Sequence[tuple[str, float]], windows: int) -> Reason:
    """Why a product got the forecast it got from the automatic plan.

    Args:
        kind: Its demand.
        parts: The engines that have a part in it, and which, the largest first.
        windows: On how many past windows the product itself was judged.
    """
    engines = ", ".join(f"{engine} {share:.0%}" for engine, share in parts)
    if windows == 0:
        return Reason.of(ChosenForYoung(engines=engines))
    return Reason.of(_REASONS[kind](engines=engines, windows=windows))
