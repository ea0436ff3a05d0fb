"""What one plugin announces, checked before anybody relies on it."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from typing import Final

import pluggy

from inventoryai.domain.engines import AUTO, misfit
from inventoryai.forecasting import hookspecs
from inventoryai.forecasting.engine import CONTRACT_VERSION, EngineSpec

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED: Final = (AUTO, "fallback")
_LONGEST_MESSAGE: Final = 300
_LONGEST_SPEC: Final = 20_000
"""Bytes that an engine may say of itself: every worker writes them down every few seconds."""


class Refused(Exception):
    """A plugin breaks a rule; the message says which, to its author."""


def announced(point: EntryPoint) -> list[EngineSpec]:
    """The engines of one plugin, which is imported for it.

    Raises:
        Refused: It cannot be imported, or breaks the contract.
    """
    with _refusing("cannot be imported"):
        plugin = point.load()
    with _refusing("cannot be used"):
        found = _ask(plugin, point.name)
        for spec in found:
            check_spec(spec)
        _check_names([spec.name for spec in found])
    return found


def words(error: BaseException) -> str:
    """An error in one line of bounded length that can be stored and shown, whatever it is made of."""
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - an exception's own code runs here, and may do anything
        message = ""
    return legible(f"{type(error).__name__}: {message}".removesuffix(": "))


def legible(text: str) -> str:
    """A text in one line of bounded length, with nothing that a terminal or a database stumbles over."""
    short = " ".join(text[: 4 * _LONGEST_MESSAGE].split())[:_LONGEST_MESSAGE]
    return "".join(letter if letter.isprintable() else "�" for letter in short)


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """Turns whatever a plugin raises, SystemExit included, into a refusal that says it."""
    try:
        yield
    except (Refused, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise Refused(f"{what}: {words(error)}") from error


def _ask(plugin: object, name: str) -> list[EngineSpec]:
    """What the plugin's hook returns; each plugin is asked in a manager of its own."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, name)
    manager.check_pending()
    answers = manager.hook.inventoryai_engines()
    if not answers:
        raise Refused("has no function inventoryai_engines marked with @hookimpl")
    return [spec for answer in answers for spec in answer]


def check_spec(spec: object) -> None:
    """That it is an engine which this version can run, list and store.

    Raises:
        Refused: It is not; the message says why, to its author.
    """
    if not isinstance(spec, EngineSpec):
        raise Refused(f"inventoryai_engines() gave a {type(spec).__qualname__} where an EngineSpec belongs")
    if spec.contract_version != CONTRACT_VERSION:
        raise Refused(
            f"engine {spec.name!r} was written for contract version {spec.contract_version}; "
            f"this is version {CONTRACT_VERSION}"
        )
    if not _NAME.fullmatch(spec.name) or spec.name in _RESERVED:
        raise Refused(f"engine name {spec.name!r} is not allowed")
    for attribute, good in _rules(spec).items():
        if not good:
            raise Refused(f"engine {spec.name!r}: {attribute}")
    texts = [spec.title, spec.description, dict(spec.options), sorted(spec.covariates)]
    said = json.dumps(texts, allow_nan=False, ensure_ascii=False)
    if len(said.encode()) > _LONGEST_SPEC or "\\u0000" in said:
        raise Refused(f"engine {spec.name!r} says what cannot be stored: NUL, or over {_LONGEST_SPEC} bytes")


def _rules(spec: EngineSpec) -> Mapping[str, bool]:
    """What must be true of the attributes, by what to say where it is not."""
    # Nobody checked the types before: a plugin's author need not use a type checker.
    texts: tuple[object, ...] = (spec.title, spec.description)
    history: object = spec.minimum_history
    covariates: object = spec.covariates
    return {
        "title and description must be texts": all(isinstance(text, str) for text in texts),
        "load is not a function": callable(spec.load),
        "minimum_history must be a whole number, at least 1": type(history) is int and history >= 1,
        "options must be a JSON schema with properties": _is_schema(spec.options),
        "the default of an option must fit it": _keeps_its_schema(spec.options),
        "covariates must be a set of names": isinstance(covariates, frozenset | set)
        and all(isinstance(name, str) for name in covariates),
    }


def _is_schema(options: object) -> bool:
    """Whether options can be checked by it: a mapping, and one of mappings in its ``properties``."""
    if not isinstance(options, Mapping):
        return False
    properties = options.get("properties", {})
    return isinstance(properties, Mapping) and all(isinstance(rule, Mapping) for rule in properties.values())


def _keeps_its_schema(options: object) -> bool:
    """Whether every option's own default would be taken: what is shown as usual must not be refused."""
    if not _is_schema(options) or not isinstance(options, Mapping):
        return True
    rules = options.get("properties", {}).values()
    return not any("default" in rule and misfit(rule, rule["default"]) for rule in rules)


def _check_names(names: list[str]) -> None:
    """Raises Refused for a name that occurs twice."""
    for place, name in enumerate(names):
        if name in names[:place]:
            raise Refused(f"engine name {name!r} is used twice")
