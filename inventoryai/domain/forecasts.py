"""Forecasts: what may be asked, what each product got, and which engines there are to ask."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from inventoryai.domain.errors import Invalid, Locale, Problem, explain
from inventoryai.domain.periods import Frequency

AUTO: Final = "auto"
"""The plan of the host that chooses an engine for each product; no engine may take this name."""

DEFAULT_LEVELS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)
LOWEST_LEVEL: Final = 0.001
HIGHEST_LEVEL: Final = 0.999
MOST_LEVELS: Final = 50
LONGEST_HORIZON: Final = {Frequency.DAY: 366, Frequency.WEEK: 104, Frequency.MONTH: 36}


class EngineUnknown(Invalid):
    """No running worker has this engine."""

    code = "engine.unknown"
    en = "There is no engine called {engine}. Known: {known}."
    fr = "Il n’y a pas de moteur appelé {engine}. Connus : {known}."


class EngineOptionsInvalid(Invalid):
    """The options do not fit what the engine says it takes."""

    code = "engine.options_invalid"
    en = "The option {option} of the engine {engine} is not valid: {detail}."
    fr = "L’option {option} du moteur {engine} n’est pas valable : {detail}."


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


class ForecastReason(Invalid):
    """Why a product got the forecast it got; stored beside it, never raised to a caller."""


class HistoryEmpty(ForecastReason):
    """The product has no sales line yet."""

    code = "forecast.history_empty"
    en = "Nothing is known of this product’s sales yet."
    fr = "On ne sait encore rien des ventes de cet article."


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


class AnswerInvalid(ForecastReason):
    """The engine's numbers cannot be a forecast of demand."""

    code = "forecast.answer_invalid"
    en = "The engine {engine} gave an answer that cannot be used: {flaw}."
    fr = "Le moteur {engine} a donné une réponse inutilisable : {flaw}."


class ChosenByDefault(ForecastReason):
    """Nothing was compared; the engine is the first of the host's order of preference."""

    code = "forecast.chosen_by_default"
    en = "{engine} is the first choice of the automatic plan."
    fr = "{engine} est le premier choix du plan automatique."


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
        engine: What made it: an engine's name, or the host's ``fallback.seasonal_naive`` and
            ``fallback.mean``; empty when it failed.
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


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """An engine as it is shown and chosen by: everything but the code that runs it.

    Attributes:
        minimum_history: Known periods below which the host does not ask the engine.
        options: JSON schema of what it takes.
        plugin: Name of the entry point that brought it.
        distribution: What was installed, and in which ``version``.
    """

    name: str
    title: str
    description: str
    minimum_history: int
    options: Mapping[str, object]
    trainable: bool
    contract_version: int
    plugin: str
    distribution: str
    version: str


@dataclass(frozen=True, slots=True)
class RejectedPlugin:
    """A plugin that is installed and not used, and why, in words for whoever wrote or installed it."""

    plugin: str
    distribution: str
    reason: str


@dataclass(frozen=True, slots=True)
class EngineCatalogue:
    """The engines that one worker can run, and the plugins that it refused."""

    engines: tuple[EngineInfo, ...]
    rejected: tuple[RejectedPlugin, ...] = ()

    def get(self, name: str) -> EngineInfo:
        """The engine of that name.

        Raises:
            EngineUnknown: There is none.
        """
        for engine in self.engines:
            if engine.name == name:
                return engine
        raise EngineUnknown(engine=name, known=", ".join(sorted(engine.name for engine in self.engines)))
