"""The automatic plan of the host, asked as if it were an engine."""

import asyncio
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.engines import AUTO, EngineCatalogue
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.forecasting import Panel, Prediction
from inventoryai.usecases.prediction import Predict
from inventoryai_processes.inline import InlineProcesses


@dataclass(frozen=True, slots=True)
class Automatic:
    """``auto`` in this process: what it costs is what its engines cost, and the choosing."""

    catalogue: EngineCatalogue

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        request = ForecastRequest(horizon, AUTO, panel.frequency, tuple(levels.tolist()))
        predict = Predict(InlineProcesses(), self.catalogue)
        return asyncio.run(predict(panel, request, seed)).prediction
