"""The automatic plan at work: engines tried on the past, weighed, and asked for what they have a part in."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.engines import AUTO, EngineInfo
from inventoryai.domain.forecasts import ForecastRequest, Reason
from inventoryai.domain.periods import Frequency
from inventoryai.forecasting import Panel, Prediction
from inventoryai.forecasting.demand import demand_classes
from inventoryai.forecasting.evaluation import Trial, Window, rolling_origin, scored
from inventoryai.forecasting.selection import LEVELS, Candidate, Weights, combined, supported, weigh
from inventoryai.forecasting.states import Learnt
from inventoryai.usecases.asking import AskEngines, Progress
from inventoryai.usecases.isolation import EngineCall, Products

_FARTHEST: Final = {Frequency.DAY: 28, Frequency.WEEK: 13, Frequency.MONTH: 12}
"""Periods that are looked ahead on past windows, at most: the longest that orders are usually made for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which engines.

    Attributes:
        panel: Products of each of which something is known.
        engines: Candidates; with one alone, nothing is weighed.
        windows: Past windows on which they are tried.
        disabled: For each engine, the plugins that are not to be imported when it is asked.
        models: What some of the engines have learnt; the others are asked as they were shipped.
        ahead: Whether the periods to come are meant, of which nothing that was learnt can know.
    """

    panel: Panel
    request: ForecastRequest
    seed: int
    engines: tuple[EngineInfo, ...]
    windows: int
    disabled: Mapping[str, frozenset[str]]
    models: Mapping[str, Learnt] = field(default_factory=dict)
    ahead: bool = False

    def usable(self) -> NDArray[np.bool_]:
        """bool[n, m], whether a product has enough history for an engine."""
        least = np.array([max(1, engine.minimum_history) for engine in self.engines])
        usable: NDArray[np.bool_] = self.panel.known()[:, None] >= least
        return usable

    def without_hindsight(self) -> "Question":
        """The same, of models that have seen nothing of the past windows on which they are tried."""
        begins = self.panel.end - self.windows * _farthest(self)
        fair = {engine: model for engine, model in self.models.items() if model.until <= begins}
        return replace(self, models=fair)

    def call(self, engine: EngineInfo, panel: Panel, request: ForecastRequest) -> EngineCall:
        """A question to one engine, about a panel."""
        model = self.models.get(engine.name)
        state = None if model is None else model.newest if self.ahead else model.state
        return EngineCall(
            panel=panel.taking(engine.covariates),
            request=request,
            seed=self.seed,
            engine=engine.name,
            disabled=self.disabled[engine.name],
            state=state,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What came of a question.

    Attributes:
        prediction: Of all products; NaN where no engine forecast one.
        weights: float64[n, m], the part of each engine in each forecast; 0 throughout where none had one.
        classes: int64[n], the kind of each product's demand.
        refused: Why an engine could not forecast a product that it was asked for, the first reason of each.
        trials: How the engines did on past windows.
        judged: int64[n], on how many windows each product was judged.
    """

    prediction: Prediction
    weights: Weights
    classes: NDArray[np.int64]
    refused: dict[int, Reason]
    trials: tuple[Trial, ...]
    judged: NDArray[np.int64]


async def choose(ask: AskEngines, question: Question, progress: Progress) -> Chosen:
    """Try the engines on the past, weigh them, and ask those that have a part for the periods to come.

    A single engine is asked first, and then tried on the products that it could forecast: what it is asked
    for does not depend on how it did. A model that has seen the past windows is not tried on them: the engine
    without it is, and among several that is what is asked for the periods to come, too.
    """
    fair = question.without_hindsight()
    progress = _scaled(progress, 1 / (len(question.engines) * (1 + question.windows)))
    classes = demand_classes(question.panel)
    if len(question.engines) == 1:
        parts, refused = await _ask_all(ask, question, question.usable().astype(np.float64), progress)
        weights = supported(question.usable().astype(np.float64), parts)
        windows, candidates, _ = await _try(ask, fair, weights > 0, progress)
    else:
        able = question.usable()
        windows, candidates, unborne = await _try(ask, fair, able, progress)
        wanted = await asyncio.to_thread(weigh, classes, windows, candidates, _without(able, unborne))
        parts, refused = await _ask_all(ask, fair, wanted, progress)
        refused = {product: why for one in unborne for product, why in one.items()} | refused
        weights = supported(wanted, parts)
    prediction = combined(parts, weights)
    # The largest arrays of a run, of every engine one; what follows makes large ones again.
    del parts
    return Chosen(
        prediction=prediction,
        weights=weights,
        classes=classes,
        refused=refused,
        trials=await asyncio.to_thread(_trials, question, windows, candidates, weights),
        judged=_judged(len(question.panel), windows),
    )


async def tried(ask: AskEngines, question: Question, progress: Progress) -> tuple[Trial, ...]:
    """How engines would have done on past windows, and several of them together; nothing else is asked.

    Of several, the combination comes last.
    """
    progress = _scaled(progress, 1 / (len(question.engines) * question.windows))
    classes = demand_classes(question.panel)
    able = question.usable()
    windows, candidates, unborne = await _try(ask, question, able, progress)
    weights = able.astype(np.float64)
    if len(candidates) > 1:
        weights = await asyncio.to_thread(weigh, classes, windows, candidates, _without(able, unborne))
    return await asyncio.to_thread(_trials, question, windows, candidates, weights)


async def _try(
    ask: AskEngines, question: Question, able: NDArray[np.bool_], progress: Progress
) -> tuple[list[Window], list[Candidate], list[dict[int, Reason]]]:
    """What each engine would have forecast on past windows.

    A product that an engine cannot bear on one window is not shown to it again.

    Args:
        ask: The engines.
        question: What is asked.
        able: bool[n, m], the products that each engine may be asked about.
        progress: Told of what was answered.

    Returns:
        The windows, the candidates, and for each candidate the products that it could not bear, and why.
    """
    horizon = _farthest(question)
    windows = await asyncio.to_thread(_windows, question, horizon)
    request = replace(question.request, horizon=horizon, levels=LEVELS)

    async def one(place: int, engine: EngineInfo) -> tuple[Candidate, dict[int, Reason]]:
        predictions: list[Prediction] = []
        unborne: dict[int, Reason] = {}
        borne = able[:, place].copy()
        for window in windows:
            call = question.call(engine, window.panel, request)
            old_enough = window.panel.known() >= max(1, engine.minimum_history)
            answers = await ask(call, np.flatnonzero(old_enough & borne[window.products]), progress)
            unborne |= {int(window.products[row]): why for row, why in answers.refused.items()}
            borne[list(unborne)] = False
            predictions.append(answers.joined(len(window.panel), horizon, LEVELS))
        return Candidate(engine.name, tuple(predictions)), unborne

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(place, engine)) for place, engine in enumerate(question.engines)]
    return windows, [task.result()[0] for task in tasks], [task.result()[1] for task in tasks]


def _without(able: NDArray[np.bool_], unborne: Sequence[Mapping[int, Reason]]) -> NDArray[np.bool_]:
    """bool[n, m], the products that each engine may still be asked about."""
    left = able.copy()
    for place, products in enumerate(unborne):
        left[list(products), place] = False
    return left


async def _ask_all(
    ask: AskEngines, question: Question, weights: Weights, progress: Progress
) -> tuple[list[Prediction], dict[int, Reason]]:
    """Each engine's forecast of the products in which it has a part, and what they could not forecast."""
    request, question = question.request, replace(question, ahead=True)

    async def one(engine: EngineInfo, products: Products) -> tuple[Prediction, dict[int, Reason]]:
        call = question.call(engine, question.panel, request)
        answers = await ask(call, products, progress)
        return answers.joined(len(question.panel), request.horizon, request.levels), answers.refused

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(one(engine, np.flatnonzero(weights[:, place])))
            for place, engine in enumerate(question.engines)
        ]
    refused: dict[int, Reason] = {}
    for task in reversed(tasks):
        refused |= task.result()[1]
    return [task.result()[0] for task in tasks], refused


def _trials(
    question: Question, windows: Sequence[Window], candidates: Sequence[Candidate], weights: Weights
) -> tuple[Trial, ...]:
    """The marks of each engine and, where there were several, of the combination that was chosen."""
    if not windows:
        return ()
    count = len(question.panel)
    trials = [
        Trial(one.engine, scored(count, windows, one.predictions), weights[:, place])
        for place, one in enumerate(candidates)
    ]
    if len(candidates) > 1:
        together = [
            _together(window, [one.predictions[place] for one in candidates], weights)
            for place, window in enumerate(windows)
        ]
        trials.append(Trial(AUTO, scored(count, windows, together), weights.sum(axis=1)))
    return tuple(trials)


def _together(window: Window, predictions: Sequence[Prediction], weights: Weights) -> Prediction:
    """The combination as it would have been on a window; NaN where none of its engines forecast."""
    shares = supported(weights[window.products], predictions)
    found = combined(predictions, shares)
    nothing = shares.sum(axis=1) == 0
    for array in (found.mean, found.quantiles, found.totals):
        array[nothing] = np.nan
    return found


def _judged(count: int, windows: Sequence[Window]) -> NDArray[np.int64]:
    judged = np.zeros(count, dtype=np.int64)
    for window in windows:
        judged[window.products] += 1
    return judged


def _windows(question: Question, horizon: int) -> list[Window]:
    """Cuts through the past; none where nobody wants to know."""
    return rolling_origin(question.panel, horizon, windows=question.windows) if question.windows else []


def _farthest(question: Question) -> int:
    """How far ahead engines are tried: no farther than is asked, nor than the past can show twice."""
    return min(question.request.horizon, farthest(question.panel, question.windows))


def farthest(panel: Panel, windows: int) -> int:
    """How far ahead engines are tried on so many past windows of a panel, at most."""
    longest = int(panel.lengths.max())
    return max(1, min(_FARTHEST[panel.frequency], longest // (windows + 1)))


def _scaled(progress: Progress, share: float) -> Progress:
    return lambda done: progress(done * share)
