"""``inventoryai forecast``, ``plan`` and ``backtest``: from files to files or tables, with no server."""
