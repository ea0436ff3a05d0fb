"""Engines."""

from litestar import get
from litestar.di import NamedDependency

from inventoryai.usecases.engines import ListEngines
from inventoryai_http.operations import LOGGED_IN, described
from inventoryai_http.schemas.engines import Engines
from inventoryai_http.use_cases import HttpUseCases


@get("/engines", tags=["Forecasts"], **described(ListEngines, LOGGED_IN))
async def list_engines(use_cases: NamedDependency[HttpUseCases]) -> Engines:
    """Answers 200 with all engines."""
    return Engines.of(await use_cases.list_engines())


PERSONAL = (list_engines,)
