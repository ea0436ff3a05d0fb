"""What is not there that serving needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventoryai.ports.storage import StorageUnavailable
from inventoryai.usecases.engines import ListEngines
from inventoryai_postgres import DatabaseNotMigrated, PostgresUnitOfWork, check_ready
from inventoryai_workers import TaskiqQueue


@dataclass(frozen=True, slots=True)
class Readiness:
    """Looks at the database, its migrations, the queue and the workers."""

    begin: PostgresUnitOfWork
    queue: TaskiqQueue

    async def __call__(self) -> Sequence[str]:
        """Names among ``database``, ``migrations``, ``queue`` and ``workers``; none when all is well."""
        missing = await self._of_the_database()
        if not await self.queue.answers():
            missing.append("queue")
        return missing

    async def _of_the_database(self) -> list[str]:
        try:
            await check_ready(self.begin)
            catalogue = await ListEngines(self.begin)()
        except StorageUnavailable:
            return ["database"]
        except DatabaseNotMigrated:
            return ["migrations"]
        return [] if catalogue.engines or catalogue.rejected else ["workers"]
