"""InventoryAI: what will sell, what to order, when, and why."""
