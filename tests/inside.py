"""Behind the back of a running system: its database as the superuser, whom no policy and no role binds."""

from inventoryai_server.embedded import DataFolder
from inventoryai_server.embedded.credentials import credentials
from inventoryai_server.embedded.postgres import SUPERUSER, Postgres


def superuser_url(folder: DataFolder, database: str = "inventoryai") -> str:
    """Where the superuser of the embedded PostgreSQL of a folder reaches a database."""
    keys = credentials(folder.path)
    return Postgres.on(folder, keys).url(SUPERUSER, keys.postgres, database)
