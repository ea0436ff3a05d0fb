"""Forecasting engines as they are shown, chosen and asked; the code that runs them is elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inventoryai.domain.errors import Invalid

AUTO: Final = "auto"
"""The plan of the host that chooses an engine for each product; no engine may take this name."""


_TYPES: Final[Mapping[object, tuple[type, ...]]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
}


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


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """An engine as it is shown and chosen by: everything but the code that runs it.

    Attributes:
        minimum_history: Known periods below which the host does not ask the engine.
        options: JSON schema of what it takes.
        plugin: Name of the entry point that brought it.
        distribution: What was installed, and in which ``version``.
        automatic: Whether the automatic plan may try it.
        covariates: What it makes use of beside demand: ``holiday``, ``promotion``.
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
    automatic: bool = False
    covariates: tuple[str, ...] = ()

    def check(self, options: Mapping[str, object]) -> None:
        """Compare options with the schema: unknown names, types, ``minimum``, ``maximum``, ``enum``.

        What else a schema may say is left to the engine itself.

        Raises:
            EngineOptionsInvalid: One does not fit.
        """
        properties = self.options.get("properties")
        known = properties if isinstance(properties, Mapping) else {}
        for option, value in options.items():
            detail = misfit(known[option], value) if option in known else "there is no such option"
            if detail:
                raise EngineOptionsInvalid(engine=self.name, option=option, detail=detail)


def misfit(rule: Mapping[str, object], value: object) -> str:
    """What is wrong with a value by its part of the schema; empty when it fits."""
    kind = rule.get("type")
    # A schema may name several types in a list, which is left to the engine, too.
    wanted = _TYPES.get(kind) if isinstance(kind, str) else None
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean")):
        return f"not of type {kind}"
    allowed = rule.get("enum")
    if isinstance(allowed, list | tuple) and value not in allowed:
        return "not one of " + ", ".join(str(choice) for choice in allowed)
    lowest, highest = rule.get("minimum"), rule.get("maximum")
    if isinstance(value, int | float):
        if isinstance(lowest, int | float) and not value >= lowest:
            return f"below {lowest}"
        if isinstance(highest, int | float) and not value <= highest:
            return f"above {highest}"
    return ""


def check_automatic(options: Mapping[str, object]) -> None:
    """The automatic plan takes no options, as it chooses what would take them.

    Raises:
        EngineOptionsInvalid: There are some.
    """
    for option in options:
        raise EngineOptionsInvalid(engine=AUTO, option=option, detail="it takes no options")


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

    def asked(self, name: str) -> tuple[EngineInfo, ...]:
        """The engine of a request, or those, maybe none, among which the automatic plan chooses.

        Raises:
            EngineUnknown: There is no such engine.
        """
        if name == AUTO:
            return tuple(engine for engine in self.engines if engine.automatic)
        return (self.get(name),)

    def get(self, name: str) -> EngineInfo:
        """The engine of that name.

        Raises:
            EngineUnknown: There is none.
        """
        for engine in self.engines:
            if engine.name == name:
                return engine
        raise EngineUnknown(
            engine=name, known=", ".join([AUTO, *sorted(engine.name for engine in self.engines)])
        )
