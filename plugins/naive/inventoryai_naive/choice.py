"""Which weights would have forecast a product best, found out on its own past."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_naive.habits import Habits
from inventoryai_naive.past import Past

Floats = NDArray[np.float64]

_STEPS: Final = 8
"""How many demands a distribution is judged at."""
_SHARP: Final = 60.0
"""How much more weight a smaller loss earns: 1 % less earns e^0.6."""
_DOUBT: Final = 50.0
"""How many judged periods it takes to believe a loss by half."""
_RELATIVE: Final = 0.6
"""What demand beside its level counts, as against demand as it was, where no loss speaks."""


def choose(past: Past, habits: Habits) -> Floats:
    """float64[n, 2, half-lives, off-seasons], adding up to 1: how far each way to weigh the past is believed.

    Two readings are told apart: demand as it was, and demand beside the level it then had. Each is
    weighed in every way, to forecast the last rows from what was known ``ahead`` rows before them. The
    loss is the continuous ranked probability score, which is the pinball loss over all levels; what is
    believed is exp(-loss), and what is usual for as long as little has been judged.
    """
    mean, reach = _reach(past)
    now = past.level[:, habits.ahead - 1 :]
    then = np.repeat(past.level[:, :1], habits.ahead - 1, axis=1)
    forecast_at = np.concatenate([then, now], axis=1)[:, : past.base.shape[1], None]
    beside = past.base / past.level[:, :-1, None]
    step = reach / _STEPS
    losses = np.stack(
        [
            _losses(past.base, past.base, past.known, np.ones_like(forecast_at), step, habits),
            _losses(
                beside,
                past.base / forecast_at,
                past.known,
                forecast_at,
                step / np.where(mean > 0, mean, 1.0),
                habits,
            ),
        ],
        axis=1,
    )
    return _believed(losses, past.known[:, -habits.tests :].sum(axis=(1, 2)))


def _reach(past: Past) -> tuple[Floats, Floats]:
    """float64[n], the mean, and two standard deviations above it."""
    count = np.maximum(past.known.sum(axis=(1, 2)), 1)
    mean = past.base.sum(axis=(1, 2)) / count
    squares = np.where(past.known, (past.base - mean[:, None, None]) ** 2, 0.0)
    return mean, mean + 2 * np.sqrt(squares.sum(axis=(1, 2)) / count)


def _losses(
    values: Floats,
    found: Floats,
    known: NDArray[np.bool_],
    scale: Floats,
    step: Floats,
    habits: Habits,
) -> Floats:
    """float64[n, half-lives, off-seasons], the loss summed over the last rows.

    Args:
        values: float64[n, rows, row], what distributions are made of.
        found: float64[n, rows, row], what came, to be compared with them.
        known: bool[n, rows, row].
        scale: float64[n, rows, 1], what a unit of ``found`` is worth in demand.
        step: float64[n], the distance of the values at which distributions are compared.
        habits: What is tried.
    """
    products, rows, row = values.shape
    first = rows - habits.tests
    # Products are the last axis, and one threshold or half-life is worked on at a time, for the cache.
    known = np.ascontiguousarray(known.transpose(1, 2, 0))
    values, found, scale = (np.ascontiguousarray(some.transpose(1, 2, 0)) for some in (values, found, scale))
    fading = _fading(rows, habits)
    values = np.where(known, values, np.inf)
    alike = np.empty((_STEPS + 1, len(fading), row * products))
    for place in range(_STEPS):
        below = np.less_equal(values, step * (place + 0.5)).astype(np.float64)
        np.matmul(fading, below.reshape(rows, -1), out=alike[place])
    np.matmul(fading, known.astype(np.float64).reshape(rows, -1), out=alike[_STEPS])
    alike = alike.reshape(_STEPS + 1, -1, habits.tests, row, products)
    all_days = alike.sum(axis=3, keepdims=True)

    worth = known[first:] * (all_days[_STEPS, 0] > 0) * scale[first:]
    over = np.sum(np.maximum(found[first:] - step * _STEPS, 0.0) * worth, axis=(0, 1))
    losses = np.empty((products, len(habits.half_lives), len(habits.off_seasons)))
    came = found[first:] <= step * (np.arange(_STEPS) + 0.5)[:, None, None, None]
    for half_life, off in np.ndindex(losses.shape[1:]):
        share = alike[:, half_life]
        if row > 1:
            share = share * (1 - habits.off_seasons[off])
            share += all_days[:, half_life] * habits.off_seasons[off]
        missed = share[:_STEPS] / np.maximum(share[_STEPS], 1e-300)
        missed -= came
        missed *= missed
        losses[:, half_life, off] = step * np.sum(missed.sum(axis=0) * worth, axis=(0, 1)) + over
    return losses


def _fading(rows: int, habits: Habits) -> Floats:
    """float64[half-lives * tests, rows], what each row counts in the forecast of each of the last."""
    target = np.arange(rows - habits.tests, rows)[:, None]
    age = target - np.arange(rows)
    half_lives = np.array(habits.half_lives)[:, None, None] / habits.row
    fading = np.where(age >= habits.ahead, np.maximum(np.exp2(-age / half_lives), 1e-12), 0.0)
    return fading.reshape(-1, rows)


def _believed(losses: Floats, judged: NDArray[np.int64]) -> Floats:
    """The losses float64[n, 2, h, o] as shares that add up to 1."""
    usual = np.ones(losses.shape[1:])
    usual[1] *= _RELATIVE
    usual[:, losses.shape[2] // 2] *= 2.0
    mean = losses.mean(axis=(1, 2, 3), keepdims=True)
    worse = np.where(mean > 0, losses / np.where(mean > 0, mean, 1.0) - 1, 0.0)
    trust = (judged / (judged + _DOUBT))[:, None, None, None]
    score = np.log(usual) - _SHARP * trust * worse
    believed = np.exp(score - score.max(axis=(1, 2, 3), keepdims=True))
    share: Floats = believed / believed.sum(axis=(1, 2, 3), keepdims=True)
    return share
