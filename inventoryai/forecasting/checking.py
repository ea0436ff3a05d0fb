"""Whether what an engine returned can be a forecast of demand, product by product."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.forecasts import (
    AnswerCrossing,
    AnswerMisshapen,
    AnswerNegative,
    AnswerNotFinite,
    AnswerTooLarge,
    ForecastReason,
)
from inventoryai.forecasting.prediction import Prediction

_ROUNDING: Final = 1e-9
"""Quantiles this close to one another, relatively, cross by rounding and not by mistake."""

_MOST: Final = 1e14
"""Units. What is ordered is kept to the thousandth in 18 digits, so one product's answer beyond this would
cost the plan of all."""


def check_prediction(
    engine: str, prediction: object, products: int, horizon: int, levels: NDArray[np.float64]
) -> dict[int, ForecastReason]:
    """The products whose forecast cannot be used, by their place, and why; those that are fine are not named.

    Args:
        engine: Who made it, for the reasons.
        prediction: What it returned.
        products: How many products it was asked about.
        horizon: Periods ahead.
        levels: float64[q], the levels asked for.

    Raises:
        AnswerMisshapen: It is not a forecast of these products, steps and levels at all.
    """
    if not isinstance(prediction, Prediction):
        raise AnswerMisshapen(engine=engine, detail=f"a {type(prediction).__qualname__}")
    shape = (products, horizon, len(levels))
    if prediction.quantiles.shape != shape or not np.array_equal(prediction.levels, levels):
        raise AnswerMisshapen(
            engine=engine, detail=f"{prediction.quantiles.shape} instead of {shape}, or other levels"
        )
    if _is_sound(prediction):
        return {}
    numbers = (prediction.mean[..., None], prediction.quantiles, prediction.totals)
    crossing = _any(_falls(prediction.quantiles)) | _any(_falls(prediction.totals))
    negative = np.logical_or.reduce([_any(array < 0) for array in numbers])
    too_large = np.logical_or.reduce([_any(array > _MOST) for array in numbers])
    not_finite = np.logical_or.reduce([_any(~np.isfinite(array)) for array in numbers])
    # The last to be written wins: a NaN is the root of whatever else looks wrong.
    flaws: dict[int, ForecastReason] = {}
    found = (
        (too_large, AnswerTooLarge),
        (crossing, AnswerCrossing),
        (negative, AnswerNegative),
        (not_finite, AnswerNotFinite),
    )
    for mask, flaw in found:
        flaws.update(dict.fromkeys(np.flatnonzero(mask).tolist(), flaw(engine=engine)))
    return flaws


def straightened(prediction: Prediction) -> Prediction:
    """The same forecast, with quantiles that crossed by a rounding error made equal."""
    if not _crosses(prediction):
        return prediction
    return replace(
        prediction,
        quantiles=np.maximum.accumulate(prediction.quantiles, axis=2),
        totals=np.maximum.accumulate(prediction.totals, axis=2),
    )


def _is_sound(prediction: Prediction) -> bool:
    """Whether nothing is wrong with any product, as is usual, which takes no array to find out.

    A minimum is NaN where any number is, and NaN is not within any bounds.
    """
    numbers = (prediction.mean, prediction.quantiles, prediction.totals)
    bounded = all(array.min(initial=0) >= 0 and array.max(initial=0) <= _MOST for array in numbers)
    return bounded and not _crosses(prediction)


def _crosses(prediction: Prediction) -> bool:
    """Whether any quantile is below the one before, be it by rounding."""
    return any(_drops(array) for array in (prediction.quantiles, prediction.totals))


def _drops(quantiles: NDArray[np.float64]) -> bool:
    """Compares all numbers with their neighbours in one long row, as many short ones are slow."""
    row, levels = quantiles.ravel(), max(1, quantiles.shape[-1])
    falls = row[1:] < row[:-1]
    falls[levels - 1 :: levels] = False
    return bool(falls.any())


def _falls(quantiles: NDArray[np.float64]) -> NDArray[np.bool_]:
    """bool[n, h, q - 1], where a quantile is below the one before by more than rounding."""
    lower, higher = quantiles[..., :-1], quantiles[..., 1:]
    with np.errstate(invalid="ignore"):
        return np.less(higher, lower - _ROUNDING * np.abs(lower))


def _any(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """bool[n], whether any step and level of a product is flagged."""
    found: NDArray[np.bool_] = np.logical_or.reduce(flags, axis=(1, 2))
    return found
