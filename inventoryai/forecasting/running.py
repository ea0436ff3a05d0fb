"""Running an engine inside a worker process: everything here is called by name, far from its caller."""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache

import numpy as np

from inventoryai.domain.errors import Problem
from inventoryai.domain.forecasts import AnswerMisshapen, EngineFailed, EngineNotLoaded
from inventoryai.domain.models import EngineNotTrainable, ModelNotRestored
from inventoryai.forecasting.announcing import words
from inventoryai.forecasting.discovery import Discovery, discover
from inventoryai.forecasting.engine import Engine, TrainableEngine
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction
from inventoryai.forecasting.states import State


def run_engine(  # noqa: PLR0913, PLR0917 - it is called across processes, where a call is its arguments
    name: str,
    options: Mapping[str, object],
    panel: Panel,
    horizon: int,
    levels: tuple[float, ...],
    seed: int,
    disabled: Collection[str],
    state: State | None = None,
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
        state: What it has learnt; None for the engine as it was shipped.

    Raises:
        EngineUnknown: No plugin brings it.
        EngineNotLoaded: It could not be made from its options.
        ModelNotRestored: It cannot read what it has learnt.
        EngineFailed: It raised an error.
        AnswerMisshapen: It returned something that is not a prediction.
    """
    engine = loaded(name, options, disabled) if state is None else restored(name, options, disabled, state)
    try:
        answer: object = engine.predict(panel, horizon, np.array(levels, dtype=np.float64), seed)
    except MemoryError:
        raise
    except Exception as error:
        raise EngineFailed(engine=name, error=words(error)) from error
    try:
        return _plain(answer)
    except MemoryError:
        raise
    except Exception as error:
        raise AnswerMisshapen(engine=name, detail=words(error)) from error


def loaded(name: str, options: Mapping[str, object], disabled: Collection[str]) -> Engine:
    """The engine as it was shipped, made once a process; raises as ``run_engine`` does."""
    return _engine(name, json.dumps(options, sort_keys=True), frozenset(disabled))


def restored(name: str, options: Mapping[str, object], disabled: Collection[str], state: State) -> Engine:
    """The engine that has learnt something, restored once a process; raises as ``run_engine`` does."""
    return _restored(name, json.dumps(options, sort_keys=True), frozenset(disabled), state)


def check_state(name: str, options: Mapping[str, object], disabled: Collection[str], state: State) -> None:
    """Raise what would keep an engine from being restored."""
    restored(name, options, disabled, state)


def trainable(name: str, engine: Engine) -> TrainableEngine:
    """An engine that can be trained; raises ``EngineNotTrainable``."""
    if not isinstance(engine, TrainableEngine):
        raise EngineNotTrainable(engine=name, trainable="—")
    return engine


@lru_cache(maxsize=16)
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
        raise EngineNotLoaded(engine=name, error=words(error)) from error


@lru_cache(maxsize=4)
def _restored(name: str, options: str, disabled: frozenset[str], state: State) -> Engine:
    """A restored engine, known by the digest of its state; few, as each may be large."""
    engine = trainable(name, _engine(name, options, disabled))
    try:
        made: object = engine.restore(state.content)
    except MemoryError:
        raise
    except Exception as error:
        raise ModelNotRestored(engine=name, error=words(error)) from error
    if not isinstance(made, Engine):
        raise ModelNotRestored(engine=name, error=f"restore gave a {type(made).__qualname__}")
    return made


def _plain(answer: object) -> Prediction:
    """A prediction of ordinary arrays: an engine's own kinds of them never reach the host.

    Raises:
        TypeError: It is something else.
        ValueError: Its arrays do not fit together: it was spoilt after it was made.
    """
    if not isinstance(answer, Prediction):
        raise TypeError(f"a {type(answer).__qualname__}")
    arrays = (answer.mean, answer.quantiles, answer.totals, answer.levels)
    return Prediction(*(np.array(array, dtype=np.float64, order="C") for array in arrays))
