"""Engines: what is installed, and what the running workers can forecast with."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.forecasting.discovery import InstalledPlugin, describe_plugin, installed_plugins, merged
from inventoryai.ports.processes import (
    DeadlineExceeded,
    MemoryExceeded,
    ProcessDied,
    Processes,
    TaskFailed,
)
from inventoryai.ports.storage import Anonymous, Dispatching, UnitOfWork


@dataclass(frozen=True, slots=True)
class DescribeEngines:
    """Every installed plugin is imported where it can be stopped, and costs itself alone when it has to be.

    One that hangs, takes its process down or eats memory while it is imported is rejected with that reason.

    Attributes:
        processes: Where plugins are imported.
        deadline: Seconds that one plugin may take; what is heavy belongs into its ``load``.
        memory: Bytes that one plugin may take.
    """

    processes: Processes
    deadline: float = 20.0
    memory: int = 1 << 30

    async def __call__(self, disabled: Collection[str] = ()) -> EngineCatalogue:
        """The engines of all plugins but the disabled, and the plugins that were rejected."""
        plugins = await asyncio.to_thread(installed_plugins, disabled)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._described(plugin)) for plugin in plugins]
        return merged(task.result() for task in tasks)

    async def _described(self, plugin: InstalledPlugin) -> EngineCatalogue:
        try:
            return await self._import(plugin)
        except ProcessDied as end:
            reason = f"takes down the process that imports it (exit code {end.data['exit_code']})"
        except DeadlineExceeded:
            reason = f"cannot be imported within {self.deadline:g} seconds"
        except MemoryExceeded as end:
            reason = f"cannot be imported within {end.data['megabytes']} MB of memory"
        except TaskFailed as failure:
            reason = f"cannot be used: {failure}"
        return EngineCatalogue((), (plugin.rejected(reason),))

    async def _import(self, plugin: InstalledPlugin) -> EngineCatalogue:
        """As ``describe_plugin``, asked again when the process dies: it may have been another's victim."""
        ask = partial(self.processes.run, describe_plugin, plugin, deadline=self.deadline, memory=self.memory)
        try:
            return await ask()
        except ProcessDied:
            return await ask()


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
