"""Running an engine inside a worker process: everything here is called by name, far from its caller."""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache

import numpy as np

from inventoryai.domain.errors import Problem
from inventoryai.domain.forecasts import AnswerMisshapen, EngineFailed, EngineNotLoaded
from inventoryai.forecasting.discovery import Discovery, discover
from inventoryai.forecasting.engine import Engine
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

_LONGEST_MESSAGE = 300


def run_engine(
    name: str,
    options: Mapping[str, object],
    panel: Panel,
    horizon: int,
    levels: tuple[float, ...],
    seed: int,
    disabled: Collection[str],
) -> Prediction:
    """Load an engine, unless this process did before, and ask it.

    Args:
        name: The engine.
        options: What its ``load`` is given; JSON.
        panel: At least one product, each with a known period.
        horizon: Periods ahead.
        levels: Rising, within 0.001 and 0.999.
        seed: Where random draws come from.
        disabled: Plugins that are not to be imported.

    Raises:
        EngineUnknown: No plugin brings it.
        EngineNotLoaded: It could not be made from its options.
        EngineFailed: It raised an error.
        AnswerMisshapen: It returned something that is not a prediction.
    """
    engine = _engine(name, json.dumps(options, sort_keys=True), frozenset(disabled))
    try:
        answer: object = engine.predict(panel, horizon, np.array(levels, dtype=np.float64), seed)
    except MemoryError:
        raise
    except Exception as error:
        raise EngineFailed(engine=name, error=_words(error)) from error
    if not isinstance(answer, Prediction):
        raise AnswerMisshapen(engine=name, detail=f"a {type(answer).__qualname__}")
    return answer


@lru_cache(maxsize=4)
def _installed(disabled: frozenset[str]) -> Discovery:
    """The plugins of this process, imported once."""
    return discover(disabled)


@lru_cache(maxsize=16)
def _engine(name: str, options: str, disabled: frozenset[str]) -> Engine:
    """An engine made once a process: loading may import a library of several hundred megabytes."""
    spec = _installed(disabled).get(name)
    try:
        return spec.load(json.loads(options))
    except (MemoryError, Problem):
        raise
    except Exception as error:
        raise EngineNotLoaded(engine=name, error=_words(error)) from error


def _words(error: Exception) -> str:
    """An error in one line of bounded length: it is stored with every product that it cost."""
    return f"{type(error).__name__}: {error}".removesuffix(": ")[:_LONGEST_MESSAGE]
