"""``inventoryai forecast`` and ``inventoryai plan``: from files to files or tables, with no server."""
