"""The product over HTTP: decode, call a use case, encode."""

from inventoryai_http.app import create_app
from inventoryai_http.settings import HttpSettings
from inventoryai_http.use_cases import FindMissing, HttpUseCases

__all__ = ["FindMissing", "HttpSettings", "HttpUseCases", "create_app"]
