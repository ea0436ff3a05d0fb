"""How good and how fast all installed engines are, beside statsforecast on the same windows.

    python tests/benchmarks/engines.py [--engines a,b] [--sets a,b] [--refresh] [--speed] [--fits] [--scale]

Reads the real data from the folder that INVENTORYAI_SAMPLE_DATA names, and says so where there is none.
--refresh computes the reference anew (a quarter of an hour), --speed races both: the two make an
environment of their own for statsforecast under build/. --fits looks only at how well exponential
smoothing is fitted, in seconds; with --refresh, that reference alone is computed anew. --scale looks only
at what shops of 100 to 100,000 products take, from a database to stored rows (half an hour; scale.py does
the same for fewer).
"""

# ruff: noqa: T201 # printing scores is what it is for

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' own modules, as pytest has them

from benchmarks import scale
from benchmarks.scoring import fits, reference, speed
from benchmarks.scoring.automatic import Automatic
from benchmarks.scoring.marking import Marks, mark_engine
from benchmarks.scoring.report import print_automatic, print_board, print_fits, print_seconds
from benchmarks.scoring.windows import FOLDER_VARIABLE, IN_STOCK, SETS, DemandSet, data_folder, windows_of

from inventoryai.domain.engines import AUTO
from inventoryai.forecasting import Discovery, Engine, discover


def main(arguments: Sequence[str]) -> int:
    """Prints what was asked for."""
    asked = _asked(arguments)
    if asked.scale:
        return scale.measure(scale.WHOLE)
    folder = data_folder()
    if folder is None:
        print(f"skipped: {FOLDER_VARIABLE} names no folder with the real data")
        return 0
    if asked.refresh:
        _refresh(folder, fits_alone=asked.fits)
    if asked.fits:
        print_fits(fits.compare(folder))
        return 0
    found = discover()
    engines = _engines(found, asked.engines)
    engines = _answering(engines)
    sets = [one for one in [*SETS, IN_STOCK] if not asked.sets or one.name in asked.sets.split(",")]
    board = reference.read() | _mark_all(engines, sets, folder)
    print_board(board, sets)
    print_seconds(board)
    print_automatic(board, {name for name, spec in found.engines.items() if spec.automatic})
    if "ets" in engines:
        print_fits(fits.compare(folder))
    if asked.speed:
        speed.race(reference.interpreter(), folder, _racers(found, list(engines), asked.engines))
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engines", default="", help="names, with commas; all that are installed")
    parser.add_argument("--sets", default="", help="names, with commas; all")
    parser.add_argument("--refresh", action="store_true", help="compute the reference anew")
    parser.add_argument("--fits", action="store_true", help="how well forms are fitted, and nothing else")
    parser.add_argument("--speed", action="store_true", help="race statsforecast")
    parser.add_argument(
        "--scale", action="store_true", help="the automatic plan for whole shops, and no more"
    )
    return parser.parse_args(arguments)


def _refresh(folder: Path, *, fits_alone: bool) -> None:
    fits.write(fits.refresh(folder))
    if not fits_alone:
        reference.write(reference.refresh([*SETS, IN_STOCK], folder))


def _engines(found: Discovery, names: str) -> dict[str, Engine]:
    """The engines that are asked for, loaded with their defaults."""
    for plugin in found.rejected:
        print(f"rejected: {plugin.plugin}: {plugin.reason}")
    chosen = names.split(",") if names else [*sorted(found.engines), AUTO]
    automatic = Automatic(found.catalogue())
    return {name: automatic if name == AUTO else found.get(name).load({}) for name in chosen}


def _racers(found: Discovery, answering: Sequence[str], names: str) -> list[str]:
    """The engines that are asked for, or else those that the automatic plan tries."""
    return [name for name in answering if name != AUTO and (names or found.get(name).automatic)]


def _answering(engines: dict[str, Engine]) -> dict[str, Engine]:
    """Prints how soon each answers in a process of its own, and leaves out those that cannot."""
    print("seconds in a fresh process: to find, load and ask; and with all imports")
    calls = {name: speed.first_call(sys.executable, name) for name in engines if name != AUTO}
    for name, call in calls.items():
        print(f"  {name:22}" + (call.fault or f"{call.asked:6.2f}{call.whole:8.2f}"))
    return {name: engine for name, engine in engines.items() if name == AUTO or not calls[name].fault}


def _mark_all(engines: dict[str, Engine], sets: Sequence[DemandSet], folder: Path) -> reference.Board:
    board: dict[tuple[str, str], Marks] = {}
    for demand in sets:
        start, windows = time.perf_counter(), windows_of(demand, folder)
        board |= {(name, demand.name): mark_engine(one, demand, windows) for name, one in engines.items()}
        print(f"{demand.name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return board


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
