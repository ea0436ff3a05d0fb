import numpy as np
from numpy.typing import NDArray

def fit(
    values: NDArray[np.float64],
    offsets: NDArray[np.int64],
    order: NDArray[np.int64],
    season: int,
    forms: int,
    known: int,
    steps: int,
    race: bool,
    cost: NDArray[np.float64],
    squares: NDArray[np.float64],
    parameters: NDArray[np.float64],
    /,
) -> None: ...
def simulate(
    values: NDArray[np.float64],
    offsets: NDArray[np.int64],
    order: NDArray[np.int64],
    season: int,
    members: int,
    form: NDArray[np.int64],
    weight: NDArray[np.float64],
    parameters: NDArray[np.float64],
    horizon: int,
    ranks: NDArray[np.int64],
    normal: NDArray[np.float64],
    places: NDArray[np.int64],
    mean: NDArray[np.float64],
    quantiles: NDArray[np.float64],
    totals: NDArray[np.float64],
    /,
) -> None: ...
