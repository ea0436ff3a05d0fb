"""``inventoryai engines``: what can forecast here."""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Final

from rich.console import Console
from rich.table import Column, Table

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.usecases.engines import DescribeEngines
from inventoryai_processes import PooledProcesses
from inventoryai_server.settings import Settings
from inventoryai_server.standard_output import results_alone_on_stdout

_WIDE: Final = 1_000
"""Columns of a table that goes to no terminal: as many as it takes."""


def show_engines(settings: Settings, *, as_json: bool) -> None:
    """Prints the engines and the rejected plugins, as a table or as JSON."""
    with results_alone_on_stdout():
        catalogue = asyncio.run(_described(settings))
    width = None if sys.stdout.isatty() else _WIDE
    console = Console(markup=False, emoji=False, highlight=False, width=width)
    if as_json:
        console.out(json.dumps(asdict(catalogue), default=dict))
        return
    table = Table(
        Column("engine", no_wrap=True), "plugin", "least history", "trainable", "automatic", "what it does"
    )
    for engine in catalogue.engines:
        marks = ("yes" if mark else "no" for mark in (engine.trainable, engine.automatic))
        table.add_row(engine.name, engine.distribution, str(engine.minimum_history), *marks, engine.title)
    console.print(table)
    for plugin in catalogue.rejected:
        console.print(f"rejected: {plugin.plugin} of {plugin.distribution}: {plugin.reason}")


async def _described(settings: Settings) -> EngineCatalogue:
    """What the worker would find, found in the same way."""
    processes = PooledProcesses(settings.work.processes)
    try:
        return await DescribeEngines(processes, memory=settings.work.memory)(settings.plugins.disabled)
    finally:
        await processes.close()
