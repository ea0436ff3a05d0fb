"""How a trained model does on periods it has not seen, beside what there was without it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from inventoryai.domain.engines import AUTO, EngineCatalogue, EngineInfo
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.models import TrainingRequest
from inventoryai.forecasting import Panel
from inventoryai.forecasting.discovery import unneeded
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.states import Learnt, State
from inventoryai.forecasting.summaries import Summary, Sums
from inventoryai.ports.model_storage import ModelScores
from inventoryai.ports.processes import Processes
from inventoryai.usecases.asking import AskEngines, PredictionLimits, Progress, chunks
from inventoryai.usecases.automatic import Question, tried
from inventoryai.usecases.lessons import Lesson
from inventoryai.usecases.prediction import NOTHING_LEARNT, TOGETHER, WINDOWS


@dataclass(frozen=True, slots=True)
class Exam:
    """Three answers to the same question, of the same products.

    Attributes:
        trained: The engine with what it has learnt.
        zero_shot: The engine as it was shipped.
        auto: The automatic plan without the model; None where it has no engines.
    """

    trained: Trial
    zero_shot: Trial
    auto: Trial | None


@dataclass(slots=True)
class Marks:
    """Exams of some products at a time, added up."""

    trained: list[Sums] = field(default_factory=list)
    zero_shot: list[Sums] = field(default_factory=list)
    auto: list[Sums] = field(default_factory=list)
    lead: float = 0.0
    unanswered: int = 0

    def add(self, exam: Exam) -> Self:
        """Count some more products."""
        self.trained.append(Sums.of(exam.trained.scores))
        self.zero_shot.append(Sums.of(exam.zero_shot.scores))
        if exam.auto is not None:
            self.auto.append(Sums.of(exam.auto.scores))
        one, other = exam.trained.scores.tpl, exam.zero_shot.scores.tpl
        self.lead += float(np.nansum(other - one))
        self.unanswered += int((np.isnan(one) & ~np.isnan(other)).sum())
        return self

    def scores(self) -> ModelScores:
        """What it comes to; a model that leaves out a product that its engine could forecast is no better."""
        return ModelScores(
            trained=_summed(self.trained),
            zero_shot=_summed(self.zero_shot),
            auto=_summed(self.auto) if self.auto else None,
            better=self.lead > 0 and self.unanswered == 0,
        )


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """Compares a model with its engine as it was shipped, and with ``auto``, on the periods held back.

    All three forecast the same products from the same days. What ``auto`` makes of its engines is weighed
    on these very periods, which flatters it; the model and its engine have seen nothing of them.
    """

    processes: Processes
    catalogue: EngineCatalogue
    limits: PredictionLimits = PredictionLimits()  # noqa: RUF009 - it is frozen
    disabled: frozenset[str] = frozenset()

    async def __call__(
        self, lesson: Lesson, request: TrainingRequest, state: State, seed: int, progress: Progress
    ) -> ModelScores:
        """Scores of everything that was judged.

        Args:
            lesson: What it learnt from, and what was held back.
            request: What was trained.
            state: What it has learnt.
            seed: Where random draws come from.
            progress: Called with how many products were finished since it was called last.
        """
        marks = Marks()
        for some in chunks(np.arange(len(lesson.whole)), TOGETHER):
            panel = lesson.whole.subset(some)
            exam = await self._exam(panel, lesson.horizon, request, Learnt(state, lesson.until), seed)
            marks = await asyncio.to_thread(marks.add, exam)
            progress(len(some))
        return marks.scores()

    async def _exam(
        self, panel: Panel, horizon: int, request: TrainingRequest, model: Learnt, seed: int
    ) -> Exam:
        engine = self.catalogue.get(request.engine)
        own = ForecastRequest(horizon, engine.name, request.frequency, options=request.options)
        every = ForecastRequest(horizon, AUTO, request.frequency)
        candidates = self.catalogue.asked(AUTO)
        trained = await self._tried(panel, own, (engine,), {engine.name: model}, seed)
        zero_shot = await self._tried(panel, own, (engine,), NOTHING_LEARNT, seed)
        auto = await self._tried(panel, every, candidates, NOTHING_LEARNT, seed) if candidates else ()
        return Exam(trained[-1], zero_shot[-1], auto[-1] if auto else None)

    async def _tried(
        self,
        panel: Panel,
        request: ForecastRequest,
        engines: tuple[EngineInfo, ...],
        models: Mapping[str, Learnt],
        seed: int,
    ) -> Sequence[Trial]:
        ask = AskEngines(self.processes, self.limits, asyncio.Semaphore(self.limits.at_once))
        disabled = {one.name: self.disabled | unneeded(self.catalogue, one.name) for one in engines}
        question = Question(panel, request, seed, engines, WINDOWS, disabled, models)
        return await tried(ask, question, lambda _done: None)


def _summed(several: Sequence[Sums]) -> Summary:
    first, *others = several
    return Summary.of_sums(sum(others, first))
