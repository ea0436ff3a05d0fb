"""The broker: a list in Redis of wake-ups that may get lost.

The list broker is the right one *because* it keeps no claims: a job is a row in the database, and
whatever Redis forgets, the sweeper says again (DESIGN.md §2). A broker with claims of its own would
only disagree with the leases.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final, cast

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as ConnectionBroken
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as AnswerMissing
from taskiq.message import BrokerMessage
from taskiq_redis import ListQueueBroker

logger = logging.getLogger(__name__)

QUEUE: Final = "inventoryai:wake-ups"
MOST_WAITING: Final = 10_000
"""Wake-ups that the list keeps; while all workers are busy the sweeper goes on sending."""
LONGEST_MESSAGE: Final = 4096
"""Bytes. A wake-up is the id of a job and a few words; what is longer was not sent by us."""

SHORTEST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0
CONNECT_TIMEOUT: Final = 3.0
LISTEN_FOR: Final = 20
"""Seconds of one blocking read, so that a server which vanished without a word is noticed."""
ANSWER_WITHIN: Final = 5.0
FIRST_ANSWER_WITHIN: Final = 1.0
"""Seconds until a connection that lay idle is taken for broken, and a new one is tried."""
_BROKEN: Final = (ConnectionBroken, AnswerMissing, OSError)


class WakeUpBroker(ListQueueBroker):
    """Survives Redis going away: it pauses, longer each time, and listens again.

    ``socket_timeout`` is None, since redis-py's default would end a blocking read of an idle worker.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, queue_name=QUEUE, socket_timeout=None, socket_connect_timeout=CONNECT_TIMEOUT)
        self._over = False

    async def shutdown(self) -> None:
        """Closes all connections; what breaks by that is not tried again."""
        self._over = True
        await super().shutdown()

    async def kick(self, message: BrokerMessage) -> None:
        """Sends a wake-up; of too many the oldest are dropped."""

        async def send(redis: Redis) -> None:
            sending = redis.pipeline(transaction=False)
            sending.lpush(QUEUE, message.message)
            sending.ltrim(QUEUE, 0, MOST_WAITING - 1)
            await sending.execute()

        await self._ask(send)

    async def ping(self) -> None:
        """Returns when the server answers; raises what Redis or the network does when it does not."""
        await self._ask(Redis.ping)

    async def _ask(self, question: Callable[[Redis], Awaitable[object]]) -> None:
        """Asks the server, once more where a connection breaks, which is harmless for all that we ask.

        Connections that lay idle while the server was away look whole until one is used.
        """
        try:
            await self._ask_once(question, FIRST_ANSWER_WITHIN)
        except _BROKEN:
            if self._over:
                raise
            await self.connection_pool.disconnect(inuse_connections=False)
            await self._ask_once(question, ANSWER_WITHIN)

    async def _ask_once(self, question: Callable[[Redis], Awaitable[object]], within: float) -> None:
        async with asyncio.timeout(within), Redis(connection_pool=self.connection_pool) as redis:
            await question(redis)

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """Wake-ups as they come, for ever."""
        pause = SHORTEST_PAUSE
        while True:
            try:
                message = await self._next()
            except (RedisError, OSError) as error:
                logger.warning("the queue is away", extra={"reason": type(error).__name__, "pause": pause})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = SHORTEST_PAUSE
            if message is None:
                continue
            if len(message) > LONGEST_MESSAGE:
                logger.warning("dropped a message that is no wake-up", extra={"bytes": len(message)})
                continue
            yield message

    async def _next(self) -> bytes | None:
        """The next message; None when there was none for a while."""
        async with (
            asyncio.timeout(LISTEN_FOR + ANSWER_WITHIN),
            Redis(connection_pool=self.connection_pool) as redis,
        ):
            popped = await redis.brpop([QUEUE], timeout=LISTEN_FOR)
        # Bytes, since the pool was not told to decode.
        return None if popped is None else cast("bytes", popped[1])
