"""Finding the products that an engine cannot bear, so that it loses those alone."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.errors import Problem
from inventoryai.domain.forecasts import EngineFailed, EngineNotLoaded, ForecastRequest, Reason
from inventoryai.forecasting import Panel, Prediction
from inventoryai.forecasting.checking import check_prediction, straightened
from inventoryai.forecasting.running import run_engine
from inventoryai.forecasting.states import State
from inventoryai.ports.processes import DeadlineExceeded, Processes, TaskFailed

Products = NDArray[np.int64]

_TRIALS: Final = 24
"""Calls that may be spent on looking for culprits in one chunk: two for each halving of 1,000, and some."""
_SHORTEST: Final = 1 / 16
"""Halves get half the deadline, but never less than this share of it: loading takes time, too."""
_LOADING: Final = 4.0
"""Seconds in which a new process has loaded its engine, even on a busy machine: no piece is given less."""


@dataclass(frozen=True, slots=True)
class EngineCall:
    """What is the same for all chunks of a run.

    Attributes:
        state: What the engine has learnt; None for the engine as it was shipped.
    """

    panel: Panel
    request: ForecastRequest
    seed: int
    engine: str
    disabled: frozenset[str]
    state: State | None = None


@dataclass(slots=True)
class Answers:
    """What came of one chunk.

    Attributes:
        answered: The products that the engine forecast, piece by piece, beside ``predictions``.
        refused: The others, and why.
    """

    answered: list[Products] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)
    refused: dict[int, Reason] = field(default_factory=dict)

    @property
    def products(self) -> Products:
        """int64[n], all that were answered, in the order of the predictions."""
        return np.concatenate([*self.answered, np.empty(0, dtype=np.int64)])

    @classmethod
    def merged(cls, several: Sequence["Answers"]) -> "Answers":
        """What came of several chunks, as one."""
        merged = cls()
        for one in several:
            merged.answered += one.answered
            merged.predictions += one.predictions
            merged.refused |= one.refused
        return merged

    def joined(self, count: int, horizon: int, levels: Sequence[float]) -> Prediction:
        """The forecasts in the order of a panel of ``count`` products, NaN for those without one.

        An answer for all of them is given as it is: these are the largest arrays of a run.
        """
        if len(self.answered) == 1 and np.array_equal(self.answered[0], np.arange(count)):
            return self.predictions[0]
        mean = np.full((count, horizon), np.nan)
        quantiles = np.full((count, horizon, len(levels)), np.nan)
        totals = np.full_like(quantiles, np.nan)
        for products, one in zip(self.answered, self.predictions, strict=True):
            mean[products], quantiles[products], totals[products] = one.mean, one.quantiles, one.totals
        return Prediction(mean, quantiles, totals, np.array(levels, dtype=np.float64))

    def take(self, products: Products, prediction: Prediction, flaws: Mapping[int, Problem]) -> None:
        """Keep the forecasts that have no flaw; those that have one are known by their place."""
        self.refused |= {int(products[place]): Reason.of(flaw) for place, flaw in flaws.items()}
        if flaws:
            good = np.ones(len(products), dtype=bool)
            good[list(flaws)] = False
            products, prediction = products[good], prediction.subset(good)
        self.answered.append(products)
        self.predictions.append(straightened(prediction))


async def ask(
    processes: Processes, call: EngineCall, products: Products, deadline: float, memory: int
) -> Answers:
    """Ask an engine for some products; when the call as a whole fails, halve it and look for the culprit.

    The larger pieces are tried first, and the number of tries is bounded: one bad product among a
    thousand costs itself, and an engine that fails on all of them is given up soon.

    Args:
        processes: Where the engine runs.
        call: What is asked.
        products: Indices into the panel.
        deadline: Seconds for all of the products; when it is passed, halves are given half of it.
        memory: Bytes for one call.
    """
    answers = Answers()
    order = count()
    pieces = [(-len(products), next(order), products, deadline)]
    trials = _TRIALS
    while pieces:
        size, _, piece, seconds = heapq.heappop(pieces)
        try:
            prediction = await _run(processes, call, piece, seconds, memory)
            flaws = check_prediction(
                call.engine, prediction, len(piece), call.request.horizon, np.array(call.request.levels)
            )
        except Problem as trouble:
            if size == -1 or trials <= 0 or isinstance(trouble, EngineNotLoaded):
                answers.refused |= dict.fromkeys(piece.tolist(), Reason.of(trouble))
                continue
            if isinstance(trouble, DeadlineExceeded):
                seconds = max(seconds / 2, deadline * _SHORTEST, min(deadline, _LOADING))
            for half in np.array_split(piece, 2):
                heapq.heappush(pieces, (-len(half), next(order), half, seconds))
            trials -= 2
        else:
            answers.take(piece, prediction, flaws)
    return answers


async def _run(
    processes: Processes, call: EngineCall, products: Products, deadline: float, memory: int
) -> Prediction:
    """One call of the engine; whatever it raises comes out as a Problem."""
    request = call.request
    question = (call.engine, dict(request.options), call.panel.subset(products), request.horizon)
    learnt = () if call.state is None else (call.state,)
    rest = (request.levels, call.seed, call.disabled, *learnt)
    try:
        return await processes.run(run_engine, *question, *rest, deadline=deadline, memory=memory)
    except TaskFailed as failure:
        raise EngineFailed(engine=call.engine, error=str(failure)) from failure
