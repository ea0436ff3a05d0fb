import numpy as np
from numpy.typing import NDArray

def count(
    histories: NDArray[np.float64],
    counts: NDArray[np.float64],
    known: NDArray[np.float64],
    unit: NDArray[np.float64],
    whole: NDArray[np.bool_],
    /,
) -> None: ...
def tables(
    counts: NDArray[np.float64],
    known: NDArray[np.float64],
    whole: NDArray[np.bool_],
    season: int,
    phases: int,
    past_first: int,
    block: int,
    lag: int,
    span: int,
    off_season: float,
    decay: NDArray[np.float64],
    season_memory: NDArray[np.float64],
    past_memory: NDArray[np.float64],
    trust: NDArray[np.float64],
    values: NDArray[np.float32],
    mean: NDArray[np.float64],
    dependence: NDArray[np.float64],
    /,
) -> None: ...
def totals(
    values: NDArray[np.float32],
    phases: int,
    products: NDArray[np.int64],
    ranks: NDArray[np.int64],
    places: NDArray[np.int64],
    totals: NDArray[np.float64],
    /,
) -> None: ...
