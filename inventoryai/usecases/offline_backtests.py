"""Backtests made straight from a file: which engine would have forecast its sales best."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.engines import AUTO, EngineCatalogue
from inventoryai.domain.errors import Invalid
from inventoryai.domain.files import ParsedSales
from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus, Reason
from inventoryai.domain.periods import Frequency, as_date
from inventoryai.domain.sightings import StockSightings
from inventoryai.forecasting import Panel
from inventoryai.forecasting.evaluation import Window, rolling_origin
from inventoryai.forecasting.measures import Scores
from inventoryai.forecasting.summaries import Summary
from inventoryai.usecases.offline import (
    HORIZON,
    ForecastFile,
    SalesFile,
    Stage,
    Watch,
    histories,
    unwatched,
)
from inventoryai.usecases.prediction import Predict

WINDOWS: Final = 3
"""Cuts through the past, where nobody says how many."""

Progress = Callable[[float], None]


class BacktestTooShort(Invalid):
    """There is no past to hide: a product must be known for as long before a cut as it is judged after it."""

    code = "backtest.history_too_short"
    en = (
        "No product has the {needed} periods of history that one window of {horizon} needs; the longest has "
        "{longest}. Try a shorter --horizon."
    )
    fr = (
        "Aucun article n’a les {needed} périodes d’historique que demande une fenêtre de {horizon} ; le plus "
        "long en a {longest}. Essayez un --horizon plus court."
    )


@dataclass(frozen=True, slots=True)
class BacktestQuestion:
    """What is compared, and on what.

    Attributes:
        engines: Names, ``auto`` among them or not; none for all that are installed, then ``auto``.
        horizon: Periods ahead, as long as each window.
        windows: How many, at most.
        frequency: What one period is.
        seed: Where random draws come from.

    Raises:
        HorizonOutOfRange: No forecast goes so few or so many periods ahead.
    """

    engines: tuple[str, ...] = ()
    horizon: int = HORIZON
    windows: int = WINDOWS
    frequency: Frequency = Frequency.DAY
    seed: int = 0

    def __post_init__(self) -> None:
        self.request(AUTO)

    def request(self, engine: str) -> ForecastRequest:
        """What is asked of an engine: the levels are those that the measures need."""
        return ForecastRequest(self.horizon, engine, self.frequency)

    def wanted(self, catalogue: EngineCatalogue) -> tuple[str, ...]:
        """The engines to compare.

        Raises:
            EngineUnknown: One that is named is not there.
        """
        for engine in self.engines:
            if engine != AUTO:
                catalogue.get(engine)
        everyone = [engine.name for engine in catalogue.engines]
        return tuple(dict.fromkeys(self.engines)) or (*everyone, AUTO)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EngineBacktest:
    """How one engine did.

    Attributes:
        engine: Its name.
        scores: The marks of every product of the file, over the windows in which it was judged.
        forecasts: How many it was asked for: products of all windows.
        fallbacks: How many of them are the host's, as the engine could not make them.
        reason: Why it could not make the first of those.
        seconds: How long it took.
    """

    engine: str
    scores: Scores
    forecasts: int
    fallbacks: int
    reason: Reason | None
    seconds: float

    @property
    def summary(self) -> Summary:
        """The marks of all products as one."""
        return Summary.of(self.scores)

    @property
    def mostly_its_own(self) -> bool:
        """Whether the marks are the engine's, and not mostly those of what the host made in its place."""
        return 2 * self.fallbacks <= self.forecasts


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FileBacktest:
    """How engines would have forecast the sales of a file.

    Attributes:
        question: What was asked.
        sales: The file as understood.
        starts: The first day of each window.
        last_day: The last day of the last one.
        judged: How many products each window judges.
        engines: How each engine did, in the order asked.
    """

    question: BacktestQuestion
    sales: ParsedSales
    starts: tuple[date, ...]
    last_day: date
    judged: tuple[int, ...]
    engines: tuple[EngineBacktest, ...]

    @property
    def skus(self) -> tuple[str, ...]:
        """The products, in the order of the marks."""
        return self.sales.columns.skus


@dataclass(frozen=True, slots=True)
class BacktestFile:
    """Lets engines forecast the last periods of a sales file, which they are not shown, and judges them.

    Windows follow one another to the end of the file; before each, an engine knows what was sold until
    then and nothing else. A product is judged in a window before which at least as many of its periods are
    known as the window has. What an engine cannot forecast falls back, as it would in earnest.

    Attributes:
        forecast: What reads files and asks engines.
        seconds: A clock that only goes forward.
    """

    forecast: ForecastFile
    seconds: Callable[[], float]

    async def __call__(
        self, file: SalesFile, question: BacktestQuestion, watch: Watch = unwatched
    ) -> FileBacktest:
        """The comparison.

        Raises:
            FileProblem: The file cannot be taken, or holds no sale.
            EngineUnknown: There is no such engine.
            BacktestTooShort: No product is old enough for a single window.
        """
        names = question.wanted(self.forecast.predict.catalogue)
        watch(Stage.READ, 0, None)
        parsed = await self.forecast.read(file)
        nothing_seen, count = StockSightings.of([]), len(parsed.columns.skus)
        panel, _ = histories(parsed, nothing_seen, count, file.today, question.frequency)
        windows = await asyncio.to_thread(_windows, panel, question)
        progress = _told(watch, len(names) * sum(len(window.products) for window in windows))
        first_days = question.frequency.first_days([window.panel.end for window in windows])
        return FileBacktest(
            question=question,
            sales=parsed,
            starts=tuple(as_date(day) for day in first_days.tolist()),
            last_day=as_date(question.frequency.first_day(panel.end) - 1),
            judged=tuple(len(window.products) for window in windows),
            engines=tuple([await self._try(name, question, windows, count, progress) for name in names]),
        )

    async def _try(
        self, name: str, question: BacktestQuestion, windows: Sequence[Window], count: int, progress: Progress
    ) -> EngineBacktest:
        predict = replace(self.forecast.predict, windows_of_one=0)
        started = self.seconds()
        tried = [await _judged(predict, question, name, window, progress) for window in windows]
        seconds = self.seconds() - started
        reasons = [why for _, fallen in tried for why in fallen]
        marks = [
            Scores.gathered([(window.products, scores)], count)
            for window, (scores, _) in zip(windows, tried, strict=True)
        ]
        return EngineBacktest(
            engine=name,
            scores=Scores.averaged(marks),
            forecasts=sum(len(window.products) for window in windows),
            fallbacks=len(reasons),
            reason=next(iter(reasons), None),
            seconds=seconds,
        )


async def _judged(
    predict: Predict, question: BacktestQuestion, name: str, window: Window, progress: Progress
) -> tuple[Scores, list[Reason | None]]:
    """The marks of an engine in one window, and why each of those that fell back did."""
    found = await predict(window.panel, question.request(name), question.seed, progress)
    scores = await asyncio.to_thread(Scores.of, window.scales, window.actual, found.prediction)
    return scores, [one.reason for one in found.outcomes if one.status is ForecastStatus.FALLBACK]


def _windows(panel: Panel, question: BacktestQuestion) -> list[Window]:
    horizon = question.horizon
    windows = rolling_origin(panel, horizon, windows=question.windows, least=horizon)
    if not windows:
        raise BacktestTooShort(needed=2 * horizon, horizon=horizon, longest=_longest(panel.lengths))
    return windows


def _longest(lengths: NDArray[np.int64]) -> int:
    return int(lengths.max(initial=0))


def _told(watch: Watch, total: int) -> Progress:
    """Adds up what is told in parts."""
    done = 0.0

    def progress(products: float) -> None:
        nonlocal done
        done += products
        watch(Stage.BACKTEST, round(done), total)

    progress(0)
    return progress
