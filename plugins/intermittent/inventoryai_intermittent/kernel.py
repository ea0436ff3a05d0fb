"""The compiled kernel: there, unless there was no C compiler where the plugin was built."""

from functools import lru_cache
from importlib import import_module


@lru_cache
def available() -> bool:
    """Whether it can be imported; numpy does the same in several times the time."""
    try:
        import_module("inventoryai_intermittent._counts")
    except ImportError:
        return False
    return True
