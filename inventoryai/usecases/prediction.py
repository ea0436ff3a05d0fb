"""Prediction with fallback: every product gets a forecast or a reason, and no engine can spoil a run."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from inventoryai.domain.demand_classes import CLASSES
from inventoryai.domain.engine_choices import choice
from inventoryai.domain.engines import AUTO, EngineCatalogue, EngineInfo, check_automatic
from inventoryai.domain.forecasts import (
    DemandUnknown,
    ForecastOutcome,
    ForecastRequest,
    ForecastStatus,
    HistoryEmpty,
    HistoryTooShort,
    NoEngine,
    Reason,
)
from inventoryai.forecasting import Panel, Prediction
from inventoryai.forecasting.discovery import unneeded
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.fallback import fall_back
from inventoryai.forecasting.states import Learnt
from inventoryai.ports.processes import Processes
from inventoryai.usecases.asking import AskEngines, PredictionLimits, Progress, chunks
from inventoryai.usecases.automatic import Chosen, Question, choose
from inventoryai.usecases.isolation import Products

WINDOWS: Final = 2
"""Past windows on which the automatic plan tries its engines: with the forecast, three calls of each."""
TOGETHER: Final = 1_000
"""Products that are weighed together, however many of them one call of an engine may hold."""
NOTHING_LEARNT: Final[Mapping[str, Learnt]] = {}
_CHUNKS_AT_ONCE: Final = 2
"""Chunks between their first and last call at the same time; each holds the forecasts of all engines."""


# Not shown in full: a runner of coroutines formats what it returns, and this can be large.
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Predictions:
    """A forecast of every product of a panel.

    Attributes:
        prediction: Of shape [n, ...]; zeros for a product that failed, and they mean nothing.
        outcomes: For each product, whose forecast it is and why.
        trials: How the engines that were tried did on past windows; none where nothing could be judged.
    """

    prediction: Prediction
    outcomes: tuple[ForecastOutcome, ...]
    trials: tuple[Trial, ...] = ()

    def count(self, status: ForecastStatus) -> int:
        """How many products ended that way."""
        return sum(outcome.status is status for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class _Part:
    """The forecasts of some of the products of a panel."""

    products: Products
    prediction: Prediction
    outcomes: Sequence[ForecastOutcome]
    trials: Sequence[Trial] = ()


@dataclass(frozen=True, slots=True)
class Predict:
    """Every product gets the forecast of the engine asked for, the host's own, or a reason why not.

    A product fails only when nothing at all is known of its demand. One whose history is too short for
    the engine, or on which the engine raises, hangs, crashes or answers nonsense, falls back to last
    season or the mean, and says why; the others are not touched. The automatic plan tries its engines on
    past windows, chunk by chunk, and combines those that did best on each product and on others like it.
    """

    processes: Processes
    catalogue: EngineCatalogue
    limits: PredictionLimits = PredictionLimits()  # noqa: RUF009 - it is frozen
    disabled: frozenset[str] = frozenset()
    windows_of_one: int = WINDOWS
    """Past windows on which an engine that was asked for by its name is judged: the same as of the plan."""

    async def __call__(
        self,
        panel: Panel,
        request: ForecastRequest,
        seed: int = 0,
        progress: Progress = lambda _: None,
        models: Mapping[str, Learnt] = NOTHING_LEARNT,
    ) -> Predictions:
        """Forecast a panel.

        Args:
            panel: Histories, of the request's frequency; empty and unknown ones are allowed.
            request: What is asked.
            seed: Where random draws come from.
            progress: Called with how many products were finished since it was called last.
            models: What engines have learnt, by their names; the others forecast as they were shipped.

        Raises:
            EngineUnknown: There is no such engine.
            EngineOptionsInvalid: It does not take such options.
        """
        engines = self._engines(request)
        known = panel.known()
        parts = [_hopeless(panel, request, np.flatnonzero(known == 0))]
        progress(len(parts[0].products))
        least = min((max(1, engine.minimum_history) for engine in engines), default=1)
        fit = np.flatnonzero(known >= least) if engines else np.empty(0, dtype=np.int64)
        reasons = _unfit(engines, known, least)
        windows = WINDOWS if request.engine == AUTO else self.windows_of_one
        disabled = {one.name: self.disabled | unneeded(self.catalogue, one.name) for one in engines}
        question = Question(panel, request, seed, engines, windows, disabled, models)
        parts += await self._chosen(question, fit, progress)
        parts.append(await asyncio.to_thread(_fallen_back, panel, request, seed, reasons))
        progress(len(reasons))
        return _joined(parts)

    def _engines(self, request: ForecastRequest) -> tuple[EngineInfo, ...]:
        """The engine that was asked for, or those among which the automatic plan chooses; maybe none."""
        engines = self.catalogue.asked(request.engine)
        if request.engine == AUTO:
            check_automatic(request.options)
        else:
            engines[0].check(request.options)
        return engines

    async def _chosen(self, question: Question, products: Products, progress: Progress) -> list[_Part]:
        """The engines' forecasts, a few chunks at a time."""
        ask = AskEngines(self.processes, self.limits, asyncio.Semaphore(self.limits.at_once))
        turn = asyncio.Semaphore(_CHUNKS_AT_ONCE)

        async def chunk(some: Products) -> _Part:
            async with turn:
                asked = replace(question, panel=question.panel.subset(some))
                tally = _Tally(progress, len(some))
                chosen = await choose(ask, asked, tally)
                part = await asyncio.to_thread(_part_of, asked, chosen, some)
                tally.finish()
            return part

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(chunk(some)) for some in chunks(products, TOGETHER)]
        return [task.result() for task in tasks]


class _Tally:
    """Progress of a chunk, which adds up to its products whatever its engines did."""

    def __init__(self, progress: Progress, products: int) -> None:
        self._progress = progress
        self._left = float(products)

    def __call__(self, done: float) -> None:
        done = min(done, self._left)
        self._left -= done
        self._progress(done)

    def finish(self) -> None:
        self(self._left)


def _hopeless(panel: Panel, request: ForecastRequest, products: Products) -> _Part:
    """Products of whose demand nothing is known: they fail, and say whether it is stock or youth."""
    reasons = [
        Reason.of(HistoryEmpty() if length == 0 else DemandUnknown()) for length in panel.lengths[products]
    ]
    nothing = Prediction.certain(np.zeros((len(products), request.horizon)), request.levels)
    return _Part(products, nothing, [ForecastOutcome(ForecastStatus.FAILED, "", why) for why in reasons])


def _unfit(engines: Sequence[EngineInfo], known: Products, least: int) -> dict[int, Reason]:
    """The products that no engine is asked about, though something is known of them."""
    if not engines:
        return dict.fromkeys(np.flatnonzero(known).tolist(), Reason.of(NoEngine()))
    short = np.flatnonzero((known > 0) & (known < least)).tolist()
    easiest = min(engines, key=lambda engine: engine.minimum_history).name
    return {
        product: Reason.of(HistoryTooShort(engine=easiest, needed=least, known=int(known[product])))
        for product in short
    }


def _part_of(question: Question, chosen: Chosen, products: Products) -> _Part:
    """The forecasts of a chunk, those that no engine could make replaced by the host's own."""
    without = np.flatnonzero(chosen.weights.sum(axis=1) == 0).tolist()
    refused = {place: chosen.refused.get(place, Reason.of(NoEngine())) for place in without}
    fallen = _fallen_back(question.panel, question.request, question.seed, refused)
    prediction = chosen.prediction
    for name in ("mean", "quantiles", "totals"):
        getattr(prediction, name)[fallen.products] = getattr(fallen.prediction, name)
    outcomes = [_outcome(question, chosen, place) for place in range(len(products))]
    for place, outcome in zip(fallen.products.tolist(), fallen.outcomes, strict=True):
        outcomes[place] = outcome
    return _Part(products, prediction, outcomes, chosen.trials)


def _outcome(question: Question, chosen: Chosen, place: int) -> ForecastOutcome:
    """Which engines a product's forecast is of, and why."""
    if question.request.engine != AUTO:
        return ForecastOutcome(ForecastStatus.OK, question.engines[0].name)
    shares = chosen.weights[place]
    order = np.argsort(-shares, kind="stable")[: np.count_nonzero(shares)].tolist()
    parts = [(question.engines[engine].name, float(shares[engine])) for engine in order]
    why = choice(CLASSES[chosen.classes[place]], parts, int(chosen.judged[place]))
    return ForecastOutcome(ForecastStatus.OK, "+".join(name for name, _ in parts), why)


def _fallen_back(panel: Panel, request: ForecastRequest, seed: int, reasons: Mapping[int, Reason]) -> _Part:
    """The host's own forecast of the products that have a reason to need it."""
    products = np.array(sorted(reasons), dtype=np.int64)
    prediction, makers = fall_back(panel.subset(products), request.horizon, request.levels, seed)
    outcomes = [
        ForecastOutcome(ForecastStatus.FALLBACK, maker, reasons[product])
        for product, maker in zip(products.tolist(), makers, strict=True)
    ]
    return _Part(products, prediction, outcomes)


def _joined(parts: Sequence[_Part]) -> Predictions:
    """The parts as one, in the order of the panel."""
    order = np.argsort(np.concatenate([part.products for part in parts]))
    outcomes = [outcome for part in parts for outcome in part.outcomes]
    prediction = Prediction.join([part.prediction for part in parts])
    trials = Trial.gathered([(part.products, part.trials) for part in parts], len(order))
    return Predictions(prediction.subset(order), tuple(outcomes[place] for place in order), trials)
