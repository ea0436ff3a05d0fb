"""The demo company: a shop in Douala, made up the same way every time, filled through the API."""

from inventoryai_server.demo.filling import DemoFailed, NothingRuns, fill_and_show

__all__ = ["DemoFailed", "NothingRuns", "fill_and_show"]
