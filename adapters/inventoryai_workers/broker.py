"""The broker: a list in Redis of wake-ups that may get lost.

The list broker is the right one *because* it keeps no claims: a job is a row in the database, and
whatever Redis forgets, the sweeper says again (DESIGN.md §2). A broker with claims of its own would
only disagree with the leases.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Final, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError
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


class WakeUpBroker(ListQueueBroker):
    """Survives Redis going away: it pauses, longer each time, and listens again.

    ``socket_timeout`` is None, since redis-py's default would end a blocking read of an idle worker.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, queue_name=QUEUE, socket_timeout=None, socket_connect_timeout=CONNECT_TIMEOUT)

    async def kick(self, message: BrokerMessage) -> None:
        """Sends a wake-up; of too many the oldest are dropped."""
        async with asyncio.timeout(ANSWER_WITHIN), Redis(connection_pool=self.connection_pool) as redis:
            sending = redis.pipeline(transaction=False)
            sending.lpush(QUEUE, message.message)
            sending.ltrim(QUEUE, 0, MOST_WAITING - 1)
            await sending.execute()

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
