"""The application: a factory, so that importing it starts nothing."""

from litestar import Litestar

from inventoryai_http.settings import HttpSettings
from inventoryai_http.use_cases import HttpUseCases


def create_app(use_cases: HttpUseCases, settings: HttpSettings) -> Litestar:
    """The API over these use cases."""
    del use_cases, settings
    return Litestar(route_handlers=[])
