"""``inventoryai engines``: what can forecast here."""

import json
from collections.abc import Collection
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from inventoryai.forecasting import describe_engines


def show_engines(disabled: Collection[str], *, as_json: bool) -> None:
    """Prints the engines and the rejected plugins, as a table or as JSON."""
    catalogue = describe_engines(disabled)
    console = Console()
    if as_json:
        console.out(json.dumps(asdict(catalogue), default=dict), highlight=False)
        return
    table = Table("engine", "plugin", "least history", "trainable", "what it does")
    for engine in catalogue.engines:
        trainable = "yes" if engine.trainable else "no"
        table.add_row(engine.name, engine.distribution, str(engine.minimum_history), trainable, engine.title)
    console.print(table)
    for plugin in catalogue.rejected:
        console.print(f"rejected: {plugin.plugin} of {plugin.distribution}: {plugin.reason}", markup=False)
