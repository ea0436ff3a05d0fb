import os

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel

# As the host's processes have it, which torch reads when it is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture
def weekly_shop() -> Panel:
    """Products that sell by the weekday, in whole pieces; some of them seldom."""
    random, days = np.random.default_rng(1), 200
    week = random.gamma(4, 0.25, (12, 7))
    mean = np.exp(random.uniform(-1.5, 3, (12, 1))) * week[:, np.arange(days) % 7]
    demand: NDArray[np.float64] = random.poisson(mean).astype(np.float64)
    return Panel.of(list(demand), frequency=Frequency.DAY, end=20_000)
