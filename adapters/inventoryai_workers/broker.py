"""The broker: a list in Redis of wake-ups that may get lost.

The list broker is the right one *because* it keeps no claims: a job is a row in the database, and
whatever Redis forgets, the sweeper says again (DESIGN.md §2). A broker with claims of its own would
only disagree with the leases.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Final

from redis.exceptions import RedisError
from taskiq_redis import ListQueueBroker

logger = logging.getLogger(__name__)

QUEUE: Final = "inventoryai:wake-ups"
SHORTEST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0
CONNECT_TIMEOUT: Final = 3.0


class WakeUpBroker(ListQueueBroker):
    """Survives Redis going away: it pauses, longer each time, and listens again.

    ``socket_timeout`` is None, since redis-py's default would end a blocking read of an idle worker.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, queue_name=QUEUE, socket_timeout=None, socket_connect_timeout=CONNECT_TIMEOUT)

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """Wake-ups as they come, for ever."""
        pause = SHORTEST_PAUSE
        while True:
            try:
                async for message in super().listen():
                    pause = SHORTEST_PAUSE
                    yield message
            except (RedisError, OSError) as error:
                logger.warning("the queue is away", extra={"reason": type(error).__name__, "pause": pause})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
