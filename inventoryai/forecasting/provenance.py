"""Where a trained model comes from: of which data it is, and what was installed when it learnt."""

import platform
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.panel import Panel

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def data_hash(products: Sequence[UUID], panel: Panel, until: int) -> str:
    """SHA-256, in hexadecimal digits, of what is learnt from: which products, and every number of each.

    Args:
        products: Whose histories they are, in the order of the panel.
        panel: The histories.
        until: The first period that is held back at first, or any later one.
    """
    digest = sha256(f"{panel.frequency.value} {until}".encode())
    for product in products:
        digest.update(product.bytes)
    for name, column in sorted(panel.covariates.items()):
        digest.update(name.encode())
        digest.update(_numbers(column))
    digest.update(panel.offsets.astype("<i8").tobytes())
    digest.update(panel.starts.astype("<i8").tobytes())
    digest.update(_numbers(panel.values))
    return digest.hexdigest()


def _numbers(column: NDArray[np.float64]) -> bytes:
    """Numbers as bytes, the same on every machine: there are many ways to write NaN."""
    return np.where(np.isnan(column), np.nan, column).astype("<f8").tobytes()


def versions(plugin: str) -> Mapping[str, str]:
    """The versions of Python, numpy, a plugin's distribution, and of what that says it needs or may use.

    What is an extra counts where it is installed: a heavy library often is one.

    Args:
        plugin: The name of the distribution.
    """
    found = {"python": platform.python_version(), "numpy": np.__version__}
    own = _installed(plugin)
    names = [plugin, *_needed(own)] if own is not None else []
    for name in names:
        one = _installed(name)
        if one is not None:
            found[name] = one.version
    return found


def _needed(of: Distribution) -> list[str]:
    """The names of what a distribution needs, and of what its extras need."""
    matches = [_NAME.match(line) for line in of.requires or ()]
    return [found.group() for found in matches if found is not None]


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except (PackageNotFoundError, ValueError):
        return None
