"""Asking an engine about many products: chunk by chunk, a few at a time, each within its limits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from inventoryai.ports.processes import Processes
from inventoryai.usecases.isolation import Answers, EngineCall, Products, ask

Progress = Callable[[float], None]
"""Called with how many products were finished since it was called last; parts of one count, too."""


@dataclass(frozen=True, slots=True)
class PredictionLimits:
    """What one call of an engine may cost.

    Attributes:
        deadline: Seconds for a chunk.
        memory: Bytes for a chunk.
        chunk: Products in one call, at most.
        at_once: Chunks that are prepared or running at the same time.
    """

    deadline: float = 120.0
    memory: int = 1 << 30
    chunk: int = 1000
    at_once: int = 4


@dataclass(frozen=True, slots=True)
class AskEngines:
    """The engines of a worker's processes, asked within limits.

    Attributes:
        turn: Shared by all that is asked at the same time, so that few chunks are in memory at once.
    """

    processes: Processes
    limits: PredictionLimits
    turn: asyncio.Semaphore = field(compare=False)

    async def __call__(self, call: EngineCall, products: Products, progress: Progress) -> Answers:
        """What an engine says of some products of a panel, those aside that it could not bear."""

        async def chunk(some: Products) -> Answers:
            async with self.turn:
                answers = await ask(self.processes, call, some, self.limits.deadline, self.limits.memory)
            progress(len(some) - len(answers.refused))
            return answers

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(chunk(some)) for some in chunks(products, self.limits.chunk)]
        return Answers.merged([task.result() for task in tasks])


def chunks(products: Products, size: int) -> list[Products]:
    """Some products at a time."""
    return [products[start : start + size] for start in range(0, len(products), size)]
