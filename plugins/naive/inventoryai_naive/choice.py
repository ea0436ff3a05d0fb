"""Which weights would have forecast a product best, found out on its own past."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_naive.habits import Habits
from inventoryai_naive.past import Past

Floats = NDArray[np.float64]

_STEPS: Final = 8
"""How many demands a distribution is judged at."""
_SHARP: Final = 50.0
"""How much a smaller loss is worth: 1 % less earns e^0.5 as much belief."""
_DOUBT: Final = 50.0
"""How many judged periods it takes to believe a loss by half."""
_RELATIVE: Final = 0.6
"""What demand beside its level counts, as against demand as it was, where no loss speaks."""


def choose(past: Past, habits: Habits) -> Floats:
    """float64[2, half-lives, n], adding up to 1: how far each way to weigh the past is believed.

    Two readings are told apart: demand as it was, and demand beside the level it then had. Each is
    weighed with every half-life, to forecast the last rows from what was known ``ahead`` rows before
    them; only the season, and the mean that calms the level, are those of the whole history. The loss
    is the continuous ranked probability score, which is the pinball loss over all levels; what is
    believed is exp(-loss), and what is usual for as long as little has been judged.
    """
    rows, tests = len(past.base), habits.tests
    level = past.level[rows - tests - habits.ahead + 1 : rows - habits.ahead + 1]
    beside = past.base / past.level[:-1, None]
    mean, step = _steps(past)
    as_it_was = _losses(past.base, past.base[-tests:], past.season, step, habits)
    relative = _losses(beside, past.base[-tests:] / level[:, None], past.season, step / mean, habits)
    losses = np.stack([as_it_was.sum(axis=1), np.sum(relative * level, axis=1)])
    return _believed(losses, past.known[-tests:].sum(axis=(0, 1)))


def _steps(past: Past) -> tuple[Floats, Floats]:
    """float64[n], the mean, never 0, and the distance of the demands at which distributions are judged.

    They reach from 0 to two standard deviations above the mean.
    """
    weight = past.season.sum(axis=(0, 1))
    mean = past.demand.sum(axis=(0, 1)) / weight
    square = np.sum(past.demand * past.base, axis=(0, 1)) / weight
    reach = mean + 2 * np.sqrt(np.maximum(square - mean**2, 0.0))
    return np.where(mean > 0, mean, 1.0), reach / _STEPS


def _losses(values: Floats, came: Floats, season: Floats, step: Floats, habits: Habits) -> Floats:
    """float64[half-lives, tests, n], the loss of each of the last rows, in the unit of the values.

    Args:
        values: float64[rows, row, n], what distributions are made of.
        came: float64[tests, row, n], what they are judged by.
        season: float64[rows, row, n], what a period counts, 0 where it is not known.
        step: float64[n], the distance of the values at which distributions are judged.
        habits: What is tried.
    """
    rows, tests = len(values), len(came)
    below, found = _below(values, season, step), _below(came, season[-tests:], step)
    known = (rows_before(rows, habits) @ below.reshape(rows, -1)).reshape(-1, *found.shape)
    known, whole, found, judged = known[:, :, :-1], known[:, :, -1], found[:, :-1], found[:, -1]
    # The sum over the periods of a row of (share - came)², where each came is 0 or 1.
    each = 1 / np.maximum(whole, 1e-300)
    loss = np.einsum("htsn,htsn->htn", known, known) * each * judged
    loss -= 2 * np.einsum("htsn,tsn->htn", known, found)
    loss *= each
    loss += found.sum(axis=1)
    over = np.sum(np.maximum(came - step * _STEPS, 0.0) * season[-tests:], axis=1)
    lost: Floats = (step * loss + over) * (whole > 0)
    return lost


def _below(values: Floats, season: Floats, step: Floats) -> Floats:
    """float64[rows, steps + 1, n], how much season has values up to 1/2, 3/2, … steps, and at last all."""
    rows, _, products = values.shape
    place = np.ceil(np.minimum(values / np.where(step > 0, step, 1.0), _STEPS) - (0.5 + 1e-9))
    cell = place.astype(np.intp) + np.arange(rows)[:, None, None] * (_STEPS + 1)
    cell = cell * products + np.arange(products)
    sums = np.bincount(cell.ravel(), season.ravel(), rows * (_STEPS + 1) * products)
    below: Floats = np.asarray(sums, dtype=np.float64).reshape(rows, _STEPS + 1, products)
    for each in range(_STEPS):  # numpy.cumsum is not vectorised
        below[:, each + 1] += below[:, each]
    return below


def rows_before(rows: int, habits: Habits) -> Floats:
    """float64[half-lives * tests, rows], what each row counts in the forecast of each of the last.

    It is 0 for all rows that were not known ``ahead`` rows before the one that is forecast.
    """
    age = np.arange(rows - habits.tests, rows)[:, None] - np.arange(rows)
    half_lives = np.array(habits.half_lives)[:, None, None] / habits.row
    fading = np.where(age >= habits.ahead, np.maximum(np.exp2(-age / half_lives), 1e-12), 0.0)
    return fading.reshape(-1, rows)


def _believed(losses: Floats, judged: NDArray[np.int64]) -> Floats:
    """The losses float64[2, half-lives, n] as shares that add up to 1."""
    usual = np.ones((*losses.shape[:2], 1))
    usual[1] *= _RELATIVE
    usual[:, losses.shape[1] // 2] *= 2.0
    mean = losses.mean(axis=(0, 1))
    worse = np.where(mean > 0, losses / np.where(mean > 0, mean, 1.0) - 1, 0.0)
    score = np.log(usual) - _SHARP * judged / (judged + _DOUBT) * worse
    believed = np.exp(score - score.max(axis=(0, 1)))
    share: Floats = believed / believed.sum(axis=(0, 1))
    return share
