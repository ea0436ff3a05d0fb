import numpy as np
from numpy.typing import NDArray

def predict(
    values: NDArray[np.float64],
    offsets: NDArray[np.int64],
    order: NDArray[np.int64],
    season: int,
    horizon: int,
    ranks: NDArray[np.int64],
    places: NDArray[np.int64],
    mean: NDArray[np.float64],
    quantiles: NDArray[np.float64],
    totals: NDArray[np.float64],
    /,
) -> None: ...
