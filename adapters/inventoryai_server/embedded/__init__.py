"""PostgreSQL and Valkey without installing either: run from wheels, on one data folder.

async with embedded(DataFolder.at(path)) as stack:
    await migrate(stack.database.owner)
    await stack.supervisor.start(Child("api", (...)))
"""

from inventoryai_server.embedded.folder import DataFolder, FolderInUse, RunningSystem
from inventoryai_server.embedded.roles import PostgresUrls
from inventoryai_server.embedded.stack import Given, Stack, embedded

__all__ = ["DataFolder", "FolderInUse", "Given", "PostgresUrls", "RunningSystem", "Stack", "embedded"]
