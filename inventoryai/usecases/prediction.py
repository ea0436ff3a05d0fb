"""Prediction with fallback: every product gets a forecast or a reason, and no engine can spoil a run."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.engines import AUTO, EngineCatalogue, EngineInfo, check_automatic
from inventoryai.domain.forecasts import (
    ChosenByDefault,
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
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.fallback import fall_back
from inventoryai.forecasting.selection import first_choice
from inventoryai.ports.processes import Processes
from inventoryai.usecases.isolation import Answers, EngineCall, ask

Products = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PredictionLimits:
    """What one call of an engine may cost.

    Attributes:
        deadline: Seconds for a chunk.
        memory: Bytes for a chunk.
        chunk: Products in one call, at most.
        at_once: Chunks that are prepared or running at the same time.
    """

    deadline: float = 120.0
    memory: int = 1 << 30
    chunk: int = 1000
    at_once: int = 4


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Predict:
    """Every product gets the forecast of the engine asked for, the host's own, or a reason why not.

    A product fails only when nothing at all is known of its demand. One whose history is too short for
    the engine, or on which the engine raises, hangs, crashes or answers nonsense, falls back to last
    season or the mean, and says why; the others are not touched.
    """

    processes: Processes
    catalogue: EngineCatalogue
    limits: PredictionLimits = PredictionLimits()
    disabled: frozenset[str] = frozenset()

    async def __call__(
        self,
        panel: Panel,
        request: ForecastRequest,
        seed: int = 0,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Predictions:
        """Forecast a panel.

        Args:
            panel: Histories, of the request's frequency; empty and unknown ones are allowed.
            request: What is asked.
            seed: Where random draws come from.
            progress: Called with how many products were finished since it was called last.

        Raises:
            EngineUnknown: There is no such engine.
            EngineOptionsInvalid: It does not take such options.
        """
        engine = self._engine(request)
        known = panel.known()
        parts = [_hopeless(panel, request, np.flatnonzero(known == 0))]
        progress(len(parts[0].products))
        if engine is None:
            reasons = dict.fromkeys(np.flatnonzero(known).tolist(), Reason.of(NoEngine()))
        else:
            reasons = _too_short(engine, known)
            call = EngineCall(panel, request, seed, engine.name, self.disabled)
            fit = np.flatnonzero(known >= max(1, engine.minimum_history))
            answers = await self._ask(call, fit, progress)
            parts += [_answered(request, engine, answer) for answer in answers]
            reasons |= {product: why for answer in answers for product, why in answer.refused.items()}
        parts.append(await asyncio.to_thread(_fallen_back, panel, request, seed, reasons))
        progress(len(reasons))
        return _joined(parts)

    def _engine(self, request: ForecastRequest) -> EngineInfo | None:
        """The engine to ask; None when the automatic plan has none to choose from."""
        if request.engine != AUTO:
            engine = self.catalogue.get(request.engine)
            engine.check(request.options)
            return engine
        check_automatic(request.options)
        return first_choice(self.catalogue)

    async def _ask(
        self, call: EngineCall, products: Products, progress: Callable[[int], None]
    ) -> list[Answers]:
        """Ask the engine chunk by chunk, a few chunks at a time."""
        turn = asyncio.Semaphore(self.limits.at_once)

        async def chunk(start: int) -> Answers:
            async with turn:
                some = products[start : start + self.limits.chunk]
                answers = await ask(self.processes, call, some, self.limits.deadline, self.limits.memory)
            progress(len(some) - len(answers.refused))
            return answers

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(chunk(start)) for start in range(0, len(products), self.limits.chunk)]
        return [task.result() for task in tasks]


def _hopeless(panel: Panel, request: ForecastRequest, products: Products) -> _Part:
    """Products of whose demand nothing is known: they fail, and say whether it is stock or youth."""
    reasons = [
        Reason.of(HistoryEmpty() if length == 0 else DemandUnknown()) for length in panel.lengths[products]
    ]
    nothing = Prediction.certain(np.zeros((len(products), request.horizon)), request.levels)
    return _Part(products, nothing, [ForecastOutcome(ForecastStatus.FAILED, "", why) for why in reasons])


def _too_short(engine: EngineInfo, known: Products) -> dict[int, Reason]:
    """The products that the engine is not asked about, though something is known of them."""
    short = np.flatnonzero((known > 0) & (known < engine.minimum_history)).tolist()
    return {
        product: Reason.of(
            HistoryTooShort(engine=engine.name, needed=engine.minimum_history, known=int(known[product]))
        )
        for product in short
    }


def _answered(request: ForecastRequest, engine: EngineInfo, answers: Answers) -> _Part:
    """The forecasts that are the engine's own."""
    reason = Reason.of(ChosenByDefault(engine=engine.name)) if request.engine == AUTO else None
    outcome = ForecastOutcome(ForecastStatus.OK, engine.name, reason)
    nothing = Prediction.certain(np.zeros((0, request.horizon)), request.levels)
    prediction = Prediction.join([nothing, *answers.predictions])
    return _Part(answers.products, prediction, [outcome] * len(prediction))


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
    return Predictions(prediction.subset(order), tuple(outcomes[place] for place in order))
