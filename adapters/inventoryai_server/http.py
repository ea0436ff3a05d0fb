"""The API process."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from litestar import Litestar

from inventoryai_http import HttpSettings, create_app
from inventoryai_postgres import check_start
from inventoryai_server import wiring
from inventoryai_server.readiness import Readiness
from inventoryai_server.settings import Settings
from inventoryai_workers import TaskiqQueue, WakeUpBroker

DRAIN = 20
"""Seconds that requests under way get to end when the process is told to stop."""
STOPPING = (signal.SIGINT, signal.SIGTERM)


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Litestar]:
    """The API, and what it holds open for as long as the block lasts; raises as ``check_start`` does."""
    begin, queue = wiring.storage(settings, "api"), TaskiqQueue(WakeUpBroker(settings.queue.url()))
    of = wiring.ports(settings, begin, queue, Readiness(begin, queue))
    try:
        await check_start(begin)
        yield create_app(
            wiring.http_use_cases(of),
            HttpSettings(
                upload_limit=settings.files.upload_limit,
                cors_origins=settings.http.cors_origins,
                https=(settings.http.public_url or "").startswith("https://"),
            ),
        )
    finally:
        await queue.broker.shutdown()
        await begin.close()


class Server(uvicorn.Server):
    """Returns when a signal has stopped it; uvicorn's own would die of the signal, and clean up nothing."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The first signal drains, a second Ctrl-C does not wait."""
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in STOPPING:
                loop.remove_signal_handler(number)


async def serve(settings: Settings, host: str, port: int) -> None:
    """Serves until told to stop by a signal; requests under way are finished.

    Raises:
        RoleTooPowerful, TableUnprotected: The database would let the API see more than it should.
    """
    async with application(settings) as app:
        server = Server(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=DRAIN,
            )
        )
        await server.serve()
