"""A door in front of a server: while it is shut, nothing passes, and nobody on either side is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit, urlunsplit


@dataclass
class Gate:
    """Passes bytes between those who come to its port and a server, while it is open."""

    host: str
    to: int
    port: int = 0
    kept: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody inside has said something that will never arrive."""
    _opened: asyncio.Event = field(default_factory=asyncio.Event)
    _visits: set["asyncio.Task[None]"] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def before(cls, url: str) -> AsyncIterator[Self]:
        """An open gate before the server of a URL."""
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        gate = cls(parts.hostname, parts.port)
        gate.open()
        server = await asyncio.start_server(gate._come, "127.0.0.1", 0)
        gate.port = server.sockets[0].getsockname()[1]
        yield gate
        server.close()
        for visit in gate._visits:
            visit.cancel()
        await asyncio.gather(*gate._visits, return_exceptions=True)

    def leads_to(self, url: str) -> str:
        """The same URL, through the gate."""
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=parts.netloc.replace(str(parts.port), str(self.port))))

    def open(self) -> None:
        """Lets bytes pass again."""
        self._opened.set()

    def shut(self) -> None:
        """Lets nothing pass any more. Who is inside is kept there, until they hang up."""
        self._opened.clear()

    async def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        with suppress(OSError, asyncio.CancelledError):
            await self._opened.wait()
            there_reader, there_writer = await asyncio.open_connection(self.host, self.to)
            try:
                await asyncio.gather(self._pass(reader, there_writer), self._pass(there_reader, writer))
            finally:
                there_writer.close()
        writer.close()
        self._visits.discard(visit)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while some := await source.read(1 << 16):
            if not self._opened.is_set():
                self.kept.set()
                await asyncio.Event().wait()
            sink.write(some)
            await sink.drain()
        sink.close()
