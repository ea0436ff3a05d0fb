"""How forecasts did, as it is kept beside them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from inventoryai.domain.forecast_runs import ForecastId, ForecastRun, ProductForecast
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Prediction
from inventoryai.forecasting.accuracy import EngineMarks, ProductAccuracy, Tally
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.summaries import Summary


class Accuracies(Protocol):
    """How the engines of the scope's company did on past windows, and what they said of the future."""

    async def land(
        self, forecast_id: ForecastId, products: Sequence[ProductId], trials: Sequence[Trial]
    ) -> None:
        """Keeps the trials of a part whose forecasts were landed in this transaction, by COPY."""
        ...

    async def forget(self, forecast_id: ForecastId) -> None:
        """Drops what an earlier attempt at a run kept."""
        ...

    async def tallies(self, forecast_id: ForecastId) -> tuple[Tally, ...]:
        """How each engine did on all products that have landed; the combination comes last."""
        ...

    async def chosen(self, forecast_ids: Sequence[ForecastId]) -> Mapping[ForecastId, Summary]:
        """How what was kept did on all products that have landed, of each run of which some were judged.

        That is the combination, or the only engine that was tried.
        """
        ...

    async def products(self, forecast_id: ForecastId, page: PageRequest) -> Sequence[ProductAccuracy]:
        """The products of a run, by SKU (``page.after`` is one); up to ``limit + 1``."""
        ...

    async def product(
        self, forecast_id: ForecastId, product_id: ProductId
    ) -> tuple[ProductForecast, tuple[EngineMarks, ...]]:
        """One product of a run, and how the engines did on it.

        Raises:
            ProductNotForecast: The run does not have it.
        """
        ...

    async def sample(self, forecast_id: ForecastId, most: int) -> Sequence[ProductId]:
        """Products that have a forecast: all of them, or at most so many, evenly spaced."""
        ...

    async def predictions(
        self, run: ForecastRun, products: Sequence[ProductId]
    ) -> tuple[Sequence[ProductId], Prediction]:
        """Those of some products that have a forecast, in their order, and what was forecast of them."""
        ...
