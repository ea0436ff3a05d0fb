"""Forecasts: what may be asked, and what each product got."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from inventoryai.domain.engines import AUTO
from inventoryai.domain.errors import Invalid, Locale, Problem, explain
from inventoryai.domain.periods import Frequency

DEFAULT_LEVELS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)
LOWEST_LEVEL: Final = 0.001
HIGHEST_LEVEL: Final = 0.999
MOST_LEVELS: Final = 50
LONGEST_HORIZON: Final = {Frequency.DAY: 366, Frequency.WEEK: 104, Frequency.MONTH: 36}


class HorizonOutOfRange(Invalid):
    """A forecast of no period at all, or of more than anybody can know."""

    code = "forecast.horizon_out_of_range"
    en = "The horizon must be between 1 and {longest} periods; it is {horizon}."
    fr = "L’horizon doit être compris entre 1 et {longest} périodes ; il est de {horizon}."


class LevelsInvalid(Invalid):
    """Quantile levels that no distribution could be asked for."""

    code = "forecast.levels_invalid"
    en = "Give between 1 and {most} quantile levels, each from {lowest} to {highest}."
    fr = "Donnez entre 1 et {most} niveaux de quantile, chacun de {lowest} à {highest}."


class NoProductsNamed(Invalid):
    """An empty list would be a forecast of nothing."""

    code = "forecast.no_products_named"
    en = "Name at least one product, or leave products out for a forecast of all."
    fr = "Nommez au moins un produit, ou omettez products pour une prévision de tous."


class ForecastReason(Invalid):
    """Why a product got the forecast it got; stored beside it, never raised to a caller."""


class HistoryEmpty(ForecastReason):
    """The product has no sales line yet, or only such as lie in a period that is not over."""

    code = "forecast.history_empty"
    en = "Nothing is known of a whole period of this product’s sales yet."
    fr = "On ne connaît encore aucune période entière des ventes de cet article."


class DemandUnknown(ForecastReason):
    """The product was out of stock in every period, so what would have sold is not known."""

    code = "forecast.demand_unknown"
    en = "This product was out of stock the whole time; its demand is unknown."
    fr = "Cet article était en rupture tout le temps ; sa demande est inconnue."


class HistoryTooShort(ForecastReason):
    """The engine wants more periods than the product has."""

    code = "forecast.history_too_short"
    en = "{engine} needs {needed} known periods of history; there are {known}."
    fr = "{engine} demande {needed} périodes d’historique connues ; il y en a {known}."


class EngineFailed(ForecastReason):
    """The engine raised an error."""

    code = "forecast.engine_failed"
    en = "The engine {engine} failed: {error}."
    fr = "Le moteur {engine} a échoué : {error}."


class EngineNotLoaded(ForecastReason):
    """The engine could not be made: a library is missing, or an option does not fit."""

    code = "forecast.engine_not_loaded"
    en = "The engine {engine} could not be started: {error}."
    fr = "Le moteur {engine} n’a pas pu démarrer : {error}."


class AnswerMisshapen(ForecastReason):
    """What the engine returned is not one number for every product, step and level asked."""

    code = "forecast.answer_misshapen"
    en = "The engine {engine} returned something that is not a forecast of what was asked: {detail}."
    fr = "Le moteur {engine} a renvoyé autre chose que la prévision demandée : {detail}."


class AnswerNotFinite(ForecastReason):
    """The engine's forecast of the product holds NaN or infinity."""

    code = "forecast.answer_not_finite"
    en = "The engine {engine} returned numbers that are not finite."
    fr = "Le moteur {engine} a renvoyé des nombres qui ne sont pas finis."


class AnswerNegative(ForecastReason):
    """The engine forecast a demand below 0."""

    code = "forecast.answer_negative"
    en = "The engine {engine} forecast a negative demand."
    fr = "Le moteur {engine} a prévu une demande négative."


class AnswerCrossing(ForecastReason):
    """A higher quantile lies below a lower one."""

    code = "forecast.answer_crossing"
    en = "The engine {engine} returned quantiles that cross."
    fr = "Le moteur {engine} a renvoyé des quantiles qui se croisent."


class AnswerTooLarge(ForecastReason):
    """The engine forecast more than any order could be for, as a trend that runs away does."""

    code = "forecast.answer_too_large"
    en = "The engine {engine} forecast a demand too large to be true."
    fr = "Le moteur {engine} a prévu une demande trop grande pour être vraie."


class NoEngine(ForecastReason):
    """The automatic plan has nothing to choose from."""

    code = "forecast.no_engine"
    en = "No engine that the automatic plan knows is installed."
    fr = "Aucun moteur connu du plan automatique n’est installé."


class ForecastStatus(StrEnum):
    """Whether a product's forecast is the engine's, the host's, or nothing to rely on."""

    OK = "ok"
    FALLBACK = "fallback"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its data, so that it can be read in any language long after it was stored."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """The reason that an error stands for."""
        return cls(problem.code, dict(problem.data))

    def text(self, locale: Locale = "en") -> str:
        """The reason in words."""
        return explain(self.code, self.data, locale)


@dataclass(frozen=True, slots=True)
class ForecastOutcome:
    """What became of one product.

    Attributes:
        status: Whose forecast it is.
        engine: What made it: an engine's name, or the host's ``fallback.seasonal_naive``,
            ``fallback.mean`` and ``cold_start``; empty when it failed.
        reason: Why, where there is something to say.
    """

    status: ForecastStatus
    engine: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """What is asked of an engine, for however many products.

    Attributes:
        horizon: Periods ahead, from 1 to what the frequency allows.
        engine: An engine's name, or ``auto``.
        frequency: What one period is.
        levels: Quantile levels, kept sorted and without repeats.
        options: Handed to the engine as they are.

    Raises:
        HorizonOutOfRange: The horizon is below 1 or too long.
        LevelsInvalid: No levels, too many, or one out of range.
    """

    horizon: int
    engine: str = AUTO
    frequency: Frequency = Frequency.DAY
    levels: tuple[float, ...] = DEFAULT_LEVELS
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        longest = LONGEST_HORIZON[self.frequency]
        if not 1 <= self.horizon <= longest:
            raise HorizonOutOfRange(horizon=self.horizon, longest=longest)
        object.__setattr__(self, "levels", sorted_levels(self.levels))


def sorted_levels(levels: tuple[float, ...]) -> tuple[float, ...]:
    """Levels in rising order, each once.

    Raises:
        LevelsInvalid: None, too many, or one that is not within 0.001 to 0.999.
    """
    within = all(math.isfinite(level) and LOWEST_LEVEL <= level <= HIGHEST_LEVEL for level in levels)
    distinct = tuple(sorted(set(levels)))
    if not within or not 1 <= len(distinct) <= MOST_LEVELS:
        raise LevelsInvalid(most=MOST_LEVELS, lowest=LOWEST_LEVEL, highest=HIGHEST_LEVEL)
    return distinct
