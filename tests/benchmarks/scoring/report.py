"""The scores as tables that a person reads."""

# ruff: noqa: T201 # printing is what it is for

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from benchmarks.scoring.fits import Compared
from benchmarks.scoring.marking import Marks
from benchmarks.scoring.reference import FIRST, Board
from benchmarks.scoring.windows import CUTS, DEMAND, IN_STOCK, SETS, DemandSet
from numpy.typing import NDArray

from inventoryai.domain.engines import AUTO

SMOOTH: Final = "hospital_monthly"
MEASURES: Final = {
    "spl": "sPL",
    "spl95": "sPL95",
    "spl99": "sPL99",
    "tpl": "tPL",
    "rmsse": "RMSSE",
    "mase": "MASE",
    "wape": "WAPE",
}
NEAR: Final = 1.02
"""A search is as good as another whose squared errors it exceeds by no more than this."""
COVERAGES: Final = {
    "inside_80": "central 80",
    "inside_95": "central 95",
    "below_95": "upper 95",
    "below_99": "upper 99",
    "total_below_95": "total 95",
}


def print_board(board: Board, sets: Sequence[DemandSet]) -> None:
    """One table a measure, then what a stock keeper asks: how often demand stayed below."""
    names = list(dict.fromkeys(engine for engine, _ in board))
    shown = [one.name for one in sets]
    for measure, title in MEASURES.items():
        _print_measure(board, names, shown, measure, title)
    _print_coverages(board, names)
    _print_unscaled(board, shown)


def _print_measure(board: Board, names: list[str], shown: list[str], measure: str, title: str) -> None:
    print(f"\n{title:24}" + "".join(f"{name.split('_')[0][:9]:>10}" for name in shown) + _ratio_titles())
    for name in names:
        cells = "".join(_cell(board, name, one, measure, "{:10.3f}") for one in shown)
        ratio = relative(board, name, measure, DEMAND)
        print(f"{name:24}{cells}{ratio:12.3f}{relative(board, name, measure, (SMOOTH,)):12.3f}")


def _ratio_titles() -> str:
    return f"{'/' + FIRST:>12}{'hospital':>12}"


def relative(board: Board, name: str, measure: str, sets: Sequence[str]) -> float:
    """The geometric mean over the sets of the ratio to the reference; NaN unless all are there."""
    ratios = [_of(board, name, one, measure) / _of(board, FIRST, one, measure) for one in sets]
    return float(np.exp(np.mean(np.log(ratios))))


def _of(board: Mapping[tuple[str, str], Marks], name: str, one: str, measure: str) -> float:
    marks = board.get((name, one))
    return marks.measure(measure) if marks else np.nan


def _cell(board: Board, name: str, one: str, measure: str, form: str) -> str:
    value = _of(board, name, one, measure)
    return " " * 9 + "–" if np.isnan(value) else form.format(value)


def _print_coverages(board: Board, names: list[str]) -> None:
    """Pooled over the demand sets: every judged period of every product counts once; and bias."""
    print(f"\n{'pooled, %':24}" + "".join(f"{title:>12}" for title in COVERAGES.values()) + f"{'bias':>12}")
    for name in names:
        shares = "".join(f"{100 * pooled(board, name, one):12.1f}" for one in COVERAGES)
        print(f"{name:24}{shares}{np.mean([100 * _of(board, name, one, 'bias') for one in DEMAND]):12.1f}")
    print("bias is the mean of the sets'; totals count once a product and window")


def pooled(board: Board, name: str, measure: str) -> float:
    """A coverage over all demand sets together; NaN unless all are there."""
    sizes = {one.name: CUTS * (1 if measure.startswith("total") else one.horizon) for one in SETS}
    counts = [sizes[one] * _of(board, name, one, "products") for one in DEMAND]
    shares = [_of(board, name, one, measure) for one in DEMAND]
    return float(np.dot(counts, shares) / np.sum(counts))


def _print_unscaled(board: Board, shown: list[str]) -> None:
    unscaled = {one: int(marks.summary.unscaled) for (_, one), marks in board.items() if one in shown}
    left_out = ", ".join(f"{one} {count}" for one, count in unscaled.items() if count)
    print(f"\nleft out of scaled measures, their demand having never changed: {left_out or 'none'}")


def print_seconds(board: Board) -> None:
    """Microseconds of one core for a prediction, by set; the reference's own times are another matter."""
    names = [name for name in dict.fromkeys(name for name, _ in board) if _timed(board, name)]
    sets = [*SETS, IN_STOCK]
    print(f"\n{'microseconds a series':24}" + "".join(f"{one.name.split('_')[0][:9]:>10}" for one in sets))
    for name in names:
        print(f"{name:24}" + "".join(_micros(board, name, one) for one in sets))


def _timed(board: Board, name: str) -> bool:
    return any(marks.seconds for (engine, _), marks in board.items() if engine == name)


def _micros(board: Board, name: str, one: DemandSet) -> str:
    marks = board.get((name, one.name))
    if marks is None or not marks.seconds:
        return " " * 9 + "–"
    return f"{1e6 * marks.seconds / CUTS / marks.summary.products:10.0f}"


def print_automatic(board: Board, tried: set[str]) -> None:
    """The automatic plan beside the best engine of each set, and what it costs beside what it tries."""
    names = {name for name, _ in board if _timed(board, name)} - {AUTO}
    if (AUTO, SETS[0].name) not in board or not names:
        return
    print(f"\n{'auto':24}" + "".join(f"{one.name.split('_')[0][:9]:>10}" for one in SETS))
    for measure in ("spl", "tpl"):
        best = [min(_of(board, name, one.name, measure) for name in names) for one in SETS]
        ratios = [_of(board, AUTO, one.name, measure) / least for one, least in zip(SETS, best, strict=True)]
        print(f"{MEASURES[measure] + ' to the best one':24}" + "".join(f"{ratio:10.3f}" for ratio in ratios))
    costs = [_cost(board, tried, one.name) for one in SETS]
    print(f"{'cost to all it tries':24}" + "".join(f"{cost:10.2f}" for cost in costs))


def _cost(board: Board, tried: set[str], one: str) -> float:
    """Seconds of the plan over the sum of one prediction by each engine that it tries."""
    together = sum(marks.seconds for (name, on), marks in board.items() if on == one and name in tried)
    return board[AUTO, one].seconds / together if together else np.nan


def print_compared(board: Board, sets: Sequence[DemandSet], name: str, other: str) -> None:
    """One engine's marks over another's, set by set, and the ratio of their means over the demand sets.

    Sets that one of them has not been marked on are left out.
    """
    sets = [one for one in sets if all((engine, one.name) in board for engine in (name, other))]
    if not sets:
        return
    demand = [one.name for one in sets if one.name in DEMAND]
    titles = "".join(f"{one.name.split('_')[0][:9]:>10}" for one in sets)
    print(f"\n{name + ' / ' + other:32}{titles}{'demand':>10}")
    for measure in ("spl", "tpl"):
        ratios = [_of(board, name, one.name, measure) / _of(board, other, one.name, measure) for one in sets]
        together = relative(board, name, measure, demand) / relative(board, other, measure, demand)
        cells = "".join(f"{ratio:10.3f}" for ratio in [*ratios, together])
        print(f"{MEASURES[measure]:32}{cells}")


def print_fits(compared: Sequence[Compared]) -> None:
    """Our search beside the reference's: by sample in the form that it chose, by form, and all together."""
    print("\nsquared errors of one step in the history, ours over AutoETS's in the same form")
    print(f"{'':24}{'series':>10}{f'to {NEAR}, %':>12}{'median':>10}{'worst':>10}")
    for one in compared:
        _print_fit(f"{one.sample.title}, its choice", one.ratios[one.chosen])
    ratios = np.concatenate([one.ratios for one in compared])
    forms = np.concatenate([one.forms for one in compared])
    for form in sorted(set(forms.tolist())):
        _print_fit(f"  {form}", ratios[forms == form])
    _print_fit("all", ratios)


def _print_fit(title: str, ratios: NDArray[np.float64]) -> None:
    near = f"{100 * near_share(ratios):12.1f}"
    print(f"{title:24}{len(ratios):10}{near}{np.median(ratios):10.3f}{ratios.max():10.3f}")


def near_share(ratios: NDArray[np.float64]) -> float:
    """The share of series on which our squared errors are at most 2 % above the reference's."""
    return float(np.mean(ratios <= NEAR))
