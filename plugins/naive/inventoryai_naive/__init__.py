"""Engines that fit nothing: last value, last season, means, and the weighted past as it was.

They cost microseconds a product, and are the bar that everything cleverer has to pass. This plugin is
also the template for others: it imports nothing of ours but ``inventoryai.forecasting``.
"""

from inventoryai_naive.plugin import inventoryai_engines

__all__ = ["inventoryai_engines"]
