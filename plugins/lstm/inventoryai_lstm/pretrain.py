"""Makes the weights that are shipped: ``python -m inventoryai_lstm.pretrain``.

From the same seed, on the same machine, the same bytes. It learns from made-up demand and, where the folder
with real sales has them, from three sets of those without their last windows. A stop costs at most the last
fifty steps: the same command goes on from there.
"""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch

from inventoryai_lstm.pretraining.real import SETS, sources
from inventoryai_lstm.pretraining.recipe import Recipe
from inventoryai_lstm.pretraining.schooling import Schooling

FOLDER_VARIABLE: Final = "INVENTORYAI_SAMPLE_DATA"
FOLD_STEPS: Final = 1_000
"""Steps of a network that is to be judged on a set it never saw: two ninths of the whole."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Teach, and write the weights."""
    wanted = _parsed(arguments)
    torch.set_num_threads(wanted.threads)
    recipe = Recipe(
        steps=wanted.steps or (FOLD_STEPS if wanted.leave_out else Recipe().steps), seed=wanted.seed
    )
    folder = wanted.folder / (wanted.leave_out or "whole")
    there = sources(wanted.data, wanted.leave_out)
    if not any(there.values()):
        _say(f"no real sales in {wanted.data}: it learns from made-up demand alone")
    try:
        schooling = Schooling.begun(recipe, folder)
        schooling.teach(there)
    except ValueError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        _say(f"\nstopped; the same command goes on from the checkpoint in {folder}, if there is one yet")
        return 130
    out = wanted.out or folder / "weights.safetensors"
    out.write_bytes(schooling.result())
    print(f"weights in {out}; checkpoint, losses and their plot in {folder}")  # noqa: T201 - it is a command
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - it is a command


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError(f"{number} is not positive")
    return number


def _parsed(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser("python -m inventoryai_lstm.pretrain", description=__doc__)
    there = Path(os.environ.get(FOLDER_VARIABLE, "."))
    parser.add_argument(
        "--data", type=Path, default=there, help=f"the real sales; {FOLDER_VARIABLE} unless given"
    )
    parser.add_argument("--leave-out", choices=sorted(SETS), default="", help="learn nothing of this set")
    parser.add_argument("--folder", type=Path, default=Path("build/lstm"), help="for checkpoints and logs")
    parser.add_argument("--out", type=Path, help="where to write the weights; into the folder unless given")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument(
        "--steps", type=_positive, default=None, help="batches; fewer for a fold, unless given"
    )
    parser.add_argument("--threads", type=_positive, default=1, help="the same number gives the same bytes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
