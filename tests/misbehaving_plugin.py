"""A plugin whose engines are good until they meet a product that sold 666 at once; then each has its own way.

It is read as text by tests, which install it; nobody imports it from here.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from inventoryai.forecasting import Engine, EngineSpec, Panel, Prediction, hookimpl

POISON = 666.0


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise self


class Odd(Prediction):
    """Of a kind that the host cannot import."""


def hang() -> None:
    while True:
        pass


def eat() -> None:
    np.ones(1 << 40)


def hoard() -> None:
    kept = []
    while True:
        kept.append(bytearray(1 << 24))


def fall() -> None:
    ctypes.string_at(0)


def fail() -> None:
    raise RuntimeError("the glass\nwas fragile " * 1000)


def fail_unspeakably() -> None:
    raise Unspeakable


def recurse() -> None:
    recurse()


def spoilt(answer: Prediction, poisoned: Any, **numbers: float) -> Prediction:
    """With one number in the last step and level of the poisoned products."""
    for name, number in numbers.items():
        array = getattr(answer, name).copy()
        array[poisoned, -1, ...] = number
        answer = replace(answer, **{name: array})
    return answer


def crossed(answer: Prediction, poisoned: Any) -> Prediction:
    quantiles = answer.quantiles.copy()
    quantiles[poisoned] = quantiles[poisoned, :, ::-1] * [[1, 0.5, 0.1]]
    return replace(answer, quantiles=quantiles)


def shapeless(answer: Prediction, _poisoned: Any) -> Prediction:
    object.__setattr__(answer, "mean", np.zeros(1))
    return answer


ENDS: Mapping[str, Callable[[], object]] = {
    "aborting": os.abort,
    "eating": eat,
    "failing": fail,
    "falling": fall,
    "hanging": hang,
    "hoarding": hoard,
    "leaving": lambda: os._exit(3),
    "quitting": sys.exit,
    "recursing": recurse,
    "unspeakable": fail_unspeakably,
}
"""What ends the call."""

ANSWERS: Mapping[str, Callable[[Prediction, Any], object]] = {
    "crossing": crossed,
    "endless": lambda answer, poisoned: spoilt(answer, poisoned, mean=np.inf),
    "exaggerating": lambda answer, poisoned: spoilt(answer, poisoned, totals=1e18),
    "falling_short": lambda answer, _: replace(
        answer, mean=answer.mean[:, 1:], quantiles=answer.quantiles[:, 1:], totals=answer.totals[:, 1:]
    ),
    "nameless": lambda answer, poisoned: spoilt(answer, poisoned, totals=np.nan),
    "negative": lambda answer, poisoned: spoilt(answer, poisoned, quantiles=-1.0),
    "other_levels": lambda answer, _: replace(answer, levels=answer.levels / 2),
    "one_too_few": lambda answer, _: answer.subset(np.arange(len(answer) - 1)),
    "shapeless": shapeless,
    "silent": lambda *_: None,
    "wordy": lambda *_: "no idea",
}
"""What is answered instead of a forecast."""


class Fragile:
    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def of(cls, name: str, _options: Mapping[str, object]) -> Engine:
        return cls(name)

    def predict(self, panel: Panel, horizon: int, levels: Any, seed: int) -> Any:
        del seed
        answer = Prediction.certain(np.ones((len(panel), horizon)), levels)
        if self.name == "odd":
            return Odd(answer.mean, answer.quantiles, answer.totals, answer.levels)
        poisoned = (panel.tail(30) == POISON).any(axis=1)
        if not poisoned.any():
            return answer
        if self.name in ENDS:
            ENDS[self.name]()
        return ANSWERS[self.name](answer, poisoned)


def unloadable(_options: Mapping[str, object]) -> Engine:
    raise ImportError("no module named torch")


def spec(name: str, load: Callable[[Mapping[str, object]], Engine]) -> EngineSpec:
    return EngineSpec(name, name, "It misbehaves.", load, contract_version=1)


@hookimpl
def inventoryai_engines() -> list[EngineSpec]:
    names = [*ENDS, *ANSWERS, "odd"]
    return [*(spec(name, partial(Fragile.of, name)) for name in names), spec("unloadable", unloadable)]
