"""``python -m inventoryai_server`` is the command ``inventoryai``."""

from inventoryai_server.cli import main

main()
