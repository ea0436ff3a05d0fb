"""Rolling origin: what would have been forecast on past days, judged by what came after them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.measures import Scales, Scores, differences
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One cut through the past.

    Attributes:
        products: int64[m], which products of the whole panel had enough history by then.
        panel: Those products as they were known then; nothing of what came later is in it.
        actual: float64[m, h], the demand of the next periods, NaN where it is unknown.
        scales: Of the panel: worked out once, however many forecasts are judged by them.
    """

    products: NDArray[np.int64]
    panel: Panel
    actual: NDArray[np.float64]
    scales: Scales = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scales", Scales.of(self.panel))


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """How an engine did on past windows.

    Attributes:
        engine: Its name; ``auto`` for the combination that was chosen.
        scores: The marks of every product of the whole panel, NaN where it was not judged.
        weight: float64[n], the part that the engine has in each product's forecast, 0 to 1.
    """

    engine: str
    scores: Scores
    weight: NDArray[np.float64]

    def subset(self, products: NDArray[np.int64]) -> Self:
        """The same for some of the products, in the order given."""
        return type(self)(self.engine, self.scores.subset(products), self.weight[products])

    @classmethod
    def gathered(
        cls, parts: Sequence[tuple[NDArray[np.int64], Sequence[Self]]], count: int
    ) -> tuple[Self, ...]:
        """The trials of ``count`` products, engine by engine, of which each part holds those of some."""
        engines = dict.fromkeys(trial.engine for _, trials in parts for trial in trials)
        gathered = []
        for engine in engines:
            held = [(products, one) for products, trials in parts for one in trials if one.engine == engine]
            weight = np.zeros(count)
            for products, one in held:
                weight[products] = one.weight
            scores = Scores.gathered([(products, one.scores) for products, one in held], count)
            gathered.append(cls(engine, scores, weight))
        return tuple(gathered)


def rolling_origin(
    panel: Panel, horizon: int, *, windows: int = 3, step: int = 0, least: int = 1
) -> list[Window]:
    """Cuts through the past, the oldest first; fewer where no product is old enough for more.

    Args:
        panel: Whole histories.
        horizon: Periods that are judged after each cut.
        windows: How many cuts, at most.
        step: Periods from one cut to the next; by default the horizon, so that windows do not overlap.
        least: Known periods that a product must have before a cut to be judged there.

    Raises:
        ValueError: Nothing to cut: the horizon or the number of windows is below 1.
    """
    if horizon < 1 or windows < 1:
        raise ValueError("the horizon and the number of windows must be at least 1")
    cuts = [horizon + place * (step or horizon) for place in reversed(range(windows))]
    found = (window_before(panel, cut, horizon, least=least) for cut in cuts)
    return [window for window in found if len(window.products)]


def window_before(panel: Panel, periods: int, horizon: int, *, least: int = 1) -> Window:
    """The cut that stands ``periods`` before the end, of the products that were old enough by then.

    Args:
        panel: Whole histories.
        periods: How many the forecaster did not know.
        horizon: For how many of them it is judged, at most all.
        least: As in ``rolling_origin``.

    Raises:
        ValueError: The horizon goes beyond what is known today.
    """
    before = shortened(panel, periods, horizon)
    products = np.flatnonzero(before.known() >= max(1, least))
    actual = _next(panel, panel.values, periods, horizon)[products]
    return Window(products, before.subset(products), actual)


def shortened(panel: Panel, periods: int, horizon: int = 0) -> Panel:
    """The panel without its last periods; a product that is younger than that has an empty history.

    Args:
        panel: Whole histories.
        periods: How many are taken away.
        horizon: For how many of them the covariates are kept as those of the future.

    Raises:
        ValueError: The covariates of more periods are wanted than are taken away.
    """
    if horizon > periods:
        raise ValueError("what comes after the end of the panel is not in it")
    lengths = panel.lengths
    kept = np.maximum(lengths - periods, 0)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(kept)])
    index = np.arange(offsets[-1]) + np.repeat(panel.offsets[:-1] - offsets[:-1], kept)
    end = panel.starts + lengths - periods
    return Panel(
        values=panel.values[index],
        offsets=offsets,
        starts=np.where(kept > 0, panel.starts, end),
        frequency=panel.frequency,
        covariates={name: column[index] for name, column in panel.covariates.items()},
        future={name: _next(panel, column, periods, horizon) for name, column in panel.covariates.items()}
        if horizon
        else {},
    )


def scored(
    products: int, windows: Sequence[Window], predictions: Sequence[Prediction], *, lag: int = 0
) -> Scores:
    """The marks of every product of the whole panel, averaged over the windows in which it was judged.

    Args:
        products: How many products the whole panel has.
        windows: As ``rolling_origin`` gave them, at least one.
        predictions: One for each window, of its products over its horizon.
        lag: As in ``Scales.of``.
    """
    marks = [
        Scores.of(_scales(window, lag), window.actual, prediction)
        for window, prediction in zip(windows, predictions, strict=True)
    ]
    placed = zip((window.products for window in windows), marks, strict=True)
    return Scores.averaged([Scores.gathered([part], products) for part in placed])


def _next(panel: Panel, column: NDArray[np.float64], periods: int, horizon: int) -> NDArray[np.float64]:
    """float64[n, h], a column from ``periods`` before the end on, NaN before a product begins."""
    place = np.arange(horizon) - periods
    index = panel.offsets[1:, None] + place
    before = -place > panel.lengths[:, None]
    padded = np.append(column, np.nan)
    following: NDArray[np.float64] = padded[np.where(before, len(column), index)]
    return following


def _scales(window: Window, lag: int) -> Scales:
    """The scales of a window, for a season of so many periods."""
    if not lag:
        return window.scales
    return replace(window.scales, seasonal=differences(window.panel, lag, np.abs))
