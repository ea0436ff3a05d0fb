"""How good and how fast the network is: as shipped, on sets it never saw, taught further, and in the plan.

    python tests/benchmarks/lstm.py [--folds FOLDER] [--sets a,b] [--tuned] [--ceiling] [--speed]

On the windows of engines.py, beside statsforecast's scores on the same. The shipped weights have never seen
these windows; with --folds, each set that they learnt from is also judged by a network that never saw any
of it: the weights in FOLDER/SET/weights.safetensors, as
`python -m inventoryai_lstm.pretrain --leave-out SET --folder FOLDER` writes them. --tuned teaches the
network further on all series of each set, anew before each window (minutes a set); with --folds the one that
never saw the set, too, as the shipped one has learnt from its past already. --ceiling
shows what teaching could reach at best: the network is taught on the products of the set that are not judged,
in the judged periods, too. --speed times
10,000 products of 365 days, in two processes of one thread, and the automatic plan with the network in it.
"""

# ruff: noqa: T201 # printing scores is what it is for

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as in the host's processes; read when torch is imported
sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' own modules, as pytest has them

from benchmarks.scoring import network, reference
from benchmarks.scoring.automatic import Automatic
from benchmarks.scoring.marking import mark_engine
from benchmarks.scoring.report import print_board, print_compared, print_seconds
from benchmarks.scoring.windows import FOLDER_VARIABLE, SETS, DemandSet, data_folder, windows_of

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.forecasting import Engine, TrainableEngine, discover
from inventoryai.forecasting.evaluation import Window

LSTM = "lstm"
TUNED = "lstm tuned"
UNSEEN = "lstm unseen"
UNSEEN_TUNED = "lstm unseen, tuned"
CEILING = "lstm foreseeing"


def main(arguments: Sequence[str]) -> int:
    """Prints what was asked for."""
    asked = _asked(arguments)
    folder = data_folder()
    if folder is None:
        print(f"skipped: {FOLDER_VARIABLE} names no folder with the real data")
        return 0
    found = discover()
    if LSTM not in found.engines:
        print("skipped: " + "; ".join(f"{one.plugin}: {one.reason}" for one in found.rejected))
        return 0
    sets = [one for one in SETS if not asked.sets or one.name in asked.sets.split(",")]
    engine = network.trainable(found.get(LSTM).load({}))
    board = dict(reference.read())
    for demand in sets:
        windows = windows_of(demand, folder)
        others = _states(engine, demand, folder, asked) | _plans(found.catalogue())
        board |= _marks({LSTM: engine, **others}, demand, windows)
        print(f"{demand.name}: done", file=sys.stderr)
    print_board(board, sets)
    print_seconds(board)
    print_compared(board, sets, TUNED, LSTM)
    print_compared(board, sets, UNSEEN_TUNED, UNSEEN)
    print_compared(board, sets, CEILING, UNSEEN if asked.folds else LSTM)
    print_compared(board, sets, "auto", "auto without lstm")
    if asked.speed:
        network.print_speed()
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--folds", type=Path, help="where the weights are that never saw a set")
    parser.add_argument("--sets", default="", help="names, with commas; all")
    parser.add_argument("--tuned", action="store_true", help="teach the network further on each set")
    parser.add_argument("--ceiling", action="store_true", help="teach it what nobody can know")
    parser.add_argument("--speed", action="store_true", help="time 10,000 products")
    return parser.parse_args(arguments)


def _states(
    engine: TrainableEngine, demand: DemandSet, folder: Path, asked: argparse.Namespace
) -> dict[str, Engine]:
    """The network as it is when it never saw a set, and when it was taught on it."""
    states: dict[str, Engine] = {}
    unseen = network.fold(engine, asked.folds, demand) if asked.folds else engine
    if asked.tuned:
        states[TUNED] = network.tuned(engine, demand, folder)
    if asked.folds:
        states[UNSEEN] = unseen
    if asked.folds and asked.tuned:
        again = states[TUNED] if unseen is engine else network.tuned(unseen, demand, folder)
        states[UNSEEN_TUNED] = again
    ceiling = network.foreseeing(unseen, demand, folder) if asked.ceiling else None
    return states if ceiling is None else {**states, CEILING: ceiling}


def _plans(catalogue: EngineCatalogue) -> dict[str, Engine]:
    """The automatic plan with the network in its pool, and without."""
    without = replace(catalogue, engines=tuple(one for one in catalogue.engines if one.name != LSTM))
    return {"auto": Automatic(catalogue), "auto without lstm": Automatic(without)}


def _marks(engines: Mapping[str, Engine], demand: DemandSet, windows: Sequence[Window]) -> reference.Board:
    return {(name, demand.name): mark_engine(one, demand, windows) for name, one in engines.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
