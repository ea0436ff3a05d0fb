"""One recurrent network for all products, trained beforehand.

Importing this package imports no torch: that happens when the engine is loaded, in the process that runs it.
"""

from inventoryai_lstm.plugin import inventoryai_engines

__all__ = ["inventoryai_engines"]
