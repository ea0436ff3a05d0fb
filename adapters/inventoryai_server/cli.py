"""The command ``inventoryai``.

Each command loads what it needs when it runs, so that ``--help`` is quick and the API process never
meets an engine.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from inventoryai.domain.errors import Problem
from inventoryai_server.language import language, legible
from inventoryai_server.offline import options as files

app = typer.Typer(
    name="inventoryai",
    help="What will sell, what to order, when, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
plugins = typer.Typer(help="Plugins of your own.", no_args_is_help=True)
app.add_typer(plugins, name="plugin")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]


@app.command()
def up(
    *,
    data: Annotated[Path | None, typer.Option(help="Data folder; the user's own by default.")] = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="Fill a demo company once everything runs.")] = False,
) -> None:
    """Run everything: database, queue, API, workers and scheduler, embedded where no URL is set."""
    from inventoryai_server import logs, settings, supervision
    from inventoryai_server.demo import fill_and_show
    from inventoryai_server.up import UpOptions
    from inventoryai_server.up import up as run_up

    async def when_ready(url: str) -> None:
        if demo:
            await fill_and_show(url)

    read = settings.read(settings.from_environment())
    logs.configure(read.log.format)
    options = UpOptions(data=data, host=host, port=port, workers=workers, when_ready=when_ready)
    raise typer.Exit(supervision.run(run_up(read, options)))


@app.command()
def serve(*, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the API; DATABASE_URL, REDIS_URL and SECRET_KEY must be set."""
    import asyncio

    from inventoryai_server import http, logs, settings

    read = settings.read(settings.from_environment())
    logs.configure(read.log.format)
    asyncio.run(http.serve(read, host, port))


@app.command()
def worker() -> None:
    """Run a worker, which imports, forecasts and plans; as many as wanted, on any host."""
    from inventoryai_server import logs, settings, supervision
    from inventoryai_server.worker import work

    read = settings.read(settings.from_environment())
    logs.configure(read.log.format)

    async def until_stopped() -> int:
        await work(read)
        return 0

    raise typer.Exit(supervision.run(until_stopped()))


@app.command()
def schedule() -> None:
    """Run the scheduler, which sends periodic work; one is enough."""
    from inventoryai_server import logs, settings, supervision
    from inventoryai_workers import run_schedule

    read = settings.read(settings.from_environment())
    logs.configure(read.log.format)

    async def until_stopped() -> int:
        await run_schedule(read.queue.url())
        return 0

    raise typer.Exit(supervision.run(until_stopped()))


@app.command()
def migrate() -> None:
    """Bring the database up to date; INVENTORYAI_OWNER_DATABASE_URL, or else DATABASE_URL, is its owner."""
    import asyncio

    from inventoryai_postgres import migrate as run_migrations
    from inventoryai_server import settings
    from inventoryai_server.embedded import PostgresUrls
    from inventoryai_server.up import app_login

    database = settings.read(settings.from_environment()).database
    urls = PostgresUrls(database.owner_url(), database.url())
    done = asyncio.run(run_migrations(urls.owner, app_login(urls)))
    typer.echo("\n".join(f"ran {one}" for one in done) or "the database is up to date")


@app.command()
def engines(*, json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """List the forecasting engines that are installed here, and the plugins that were rejected, and why."""
    from inventoryai_server import settings
    from inventoryai_server.engine_list import show_engines

    show_engines(settings.read(settings.from_environment()), as_json=json)


@plugins.command("new")
def new_plugin(
    name: Annotated[str, typer.Argument(help="What it is called: lower-case letters, digits, hyphens.")],
    *,
    to: Annotated[Path, typer.Option(help="The folder in which its own is made.")] = Path(),
) -> None:
    """Make a plugin to begin with: engines that work, how to build it, and the tests that it has to pass."""
    from inventoryai_server import new_plugin as making

    folder = making.new_plugin(making.PluginName(name), to)
    typer.echo(legible(f"{folder}\nnext: cd {folder} && pip install --editable '.[test]' && pytest"))


@app.command()
def demo(
    *,
    products: Annotated[int, typer.Option(min=1, max=10_000, help="Products of the demo company.")] = 60,
    url: Annotated[str | None, typer.Option(help="A running system; the one of --data by default.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder of the running system.")] = None,
) -> None:
    """Fill a demo company through the API of a running system, and show its most urgent orders."""
    import asyncio

    from inventoryai_server.demo import NothingRuns, fill_and_show
    from inventoryai_server.embedded import DataFolder

    if url is None:
        system = DataFolder.at(data).running()
        if system is None or not system.url:
            raise NothingRuns
        url = system.url
    asyncio.run(fill_and_show(url, products))


@app.command()
def forecast(  # noqa: PLR0913 - an argument for each option
    sales: files.Sales,
    *,
    engine: files.Engine = "auto",
    horizon: files.Horizon = 28,
    frequency: files.Frequency = "day",
    levels: files.Levels = None,
    out: files.Out = None,
    mapping: files.Mapping = None,
    date_order: files.DateOrder = None,
    currency: files.Currency = "XAF",
    seed: files.Seed = 0,
    rows: files.Rows = 50,
) -> None:
    """Forecast the products of a sales file: no server, no database. Without --out, as a table."""
    from inventoryai_server.offline import commands

    commands.forecast(
        commands.ForecastOptions(
            sales=sales,
            engine=engine,
            horizon=horizon,
            frequency=frequency,
            levels=levels,
            out=out,
            mapping=mapping or (),
            date_order=date_order,
            currency=currency,
            seed=seed,
            rows=rows,
        )
    )


@app.command()
def plan(  # noqa: PLR0913 - an argument for each option
    sales: files.Sales,
    *,
    stock: files.Stock = None,
    horizon: files.Horizon = 28,
    engine: files.Engine = "auto",
    service_level: files.ServiceLevel = "0.95",
    review_days: files.ReviewDays = 7,
    lead_time_days: files.LeadTimeDays = "7",
    out: files.Out = None,
    json: files.Json = False,
    mapping: files.Mapping = None,
    stock_mapping: files.StockMapping = None,
    date_order: files.DateOrder = None,
    currency: files.Currency = "XAF",
    seed: files.Seed = 0,
    rows: files.Rows = 50,
) -> None:
    """Say what to order from a sales file, most urgent first: no server, no database."""
    from inventoryai_server.offline import commands

    commands.plan(
        commands.PlanOptions(
            sales=sales,
            stock=stock,
            horizon=horizon,
            engine=engine,
            service_level=service_level,
            review_days=review_days,
            lead_time_days=lead_time_days,
            out=out,
            as_json=json,
            mapping=mapping or (),
            stock_mapping=stock_mapping or (),
            date_order=date_order,
            currency=currency,
            seed=seed,
            rows=rows,
        )
    )


@app.command()
def backtest(  # noqa: PLR0913 - an argument for each option
    sales: files.Sales,
    *,
    engines: files.Engines = None,
    horizon: files.WindowLength = 28,
    windows: files.Windows = 3,
    frequency: files.Frequency = "day",
    out: files.ScoresOut = None,
    json: files.ScoresJson = False,
    mapping: files.Mapping = None,
    date_order: files.DateOrder = None,
    currency: files.Currency = "XAF",
    seed: files.Seed = 0,
) -> None:
    """Compare engines on the past of a sales file, which they are not shown: no server, no database."""
    from inventoryai_server.offline import backtesting

    backtesting.backtest(
        backtesting.BacktestOptions(
            sales=sales,
            engines=engines,
            horizon=horizon,
            windows=windows,
            frequency=frequency,
            out=out,
            as_json=json,
            mapping=mapping or (),
            date_order=date_order,
            currency=currency,
            seed=seed,
        )
    )


def main() -> None:
    """Runs the command; what the user can mend is one line on standard error, and the exit code 2."""
    try:
        app()
    except Problem as problem:
        typer.echo(f"inventoryai: {legible(problem.message(language(os.environ)))}", err=True)
        sys.exit(2)
