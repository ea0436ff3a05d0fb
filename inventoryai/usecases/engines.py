"""Engines: what the running workers can forecast with."""

from dataclasses import dataclass
from uuid import UUID

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.ports.storage import Anonymous, Dispatching, UnitOfWork


@dataclass(frozen=True, slots=True)
class ListEngines:
    """The engines that the running workers have, and the plugins that they refused, with the reason.

    An engine is listed when at least one worker that reported within the last minute can run it.
    """

    begin: UnitOfWork

    async def __call__(self) -> EngineCatalogue:
        """One entry a name; empty when no worker runs."""
        async with self.begin(Anonymous()) as work:
            catalogues = await work.workers.live()
        engines = {engine.name: engine for catalogue in catalogues for engine in catalogue.engines}
        rejected = {plugin.plugin: plugin for catalogue in catalogues for plugin in catalogue.rejected}
        return EngineCatalogue(
            tuple(engines[name] for name in sorted(engines)),
            tuple(rejected[name] for name in sorted(rejected)),
        )


@dataclass(frozen=True, slots=True)
class ReportWorker:
    """A worker says that it is alive and which engines it has."""

    begin: UnitOfWork
    worker_id: UUID
    host: str
    catalogue: EngineCatalogue

    async def __call__(self) -> None:
        """At the start and every 15 seconds."""
        async with self.begin(Dispatching()) as work:
            await work.workers.report(self.worker_id, self.host, self.catalogue)

    async def retire(self) -> None:
        """At the end, so that nobody counts on it for another minute."""
        async with self.begin(Dispatching()) as work:
            await work.workers.retire(self.worker_id)
