"""Running heavy work outside the event loop, in processes that can be stopped."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from inventoryai.domain.errors import Unavailable

T = TypeVar("T")


class DeadlineExceeded(Unavailable):
    """The work took longer than it was given, and was stopped."""

    code = "processes.deadline_exceeded"
    en = "The calculation took more than {deadline} seconds and was stopped."
    fr = "Le calcul a duré plus de {deadline} secondes et a été arrêté."


class MemoryExceeded(Unavailable):
    """The work wanted more memory than it was given."""

    code = "processes.memory_exceeded"
    en = "The calculation needed more than {megabytes} MB of memory and was stopped."
    fr = "Le calcul a demandé plus de {megabytes} Mo de mémoire et a été arrêté."


class ProcessDied(Unavailable):
    """The process that did the work ended in the middle of it."""

    code = "processes.died"
    en = "The process doing the calculation ended unexpectedly (exit code {exit_code})."
    fr = "Le processus chargé du calcul s’est arrêté subitement (code {exit_code})."


class TaskFailed(Exception):
    """The function raised something that cannot be carried between processes.

    Attributes:
        kind: The qualified name of what was raised.
        detail: Its message.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


class Processes(Protocol):
    """Somewhere to run a function where it can be stopped and cannot hurt its caller."""

    async def run(self, function: Callable[..., T], /, *args: object, deadline: float, memory: int) -> T:
        """Call ``function(*args)`` elsewhere and return what it returns.

        Cancelling the awaiting task stops the work. Whatever happens to one call, later ones run.

        Args:
            function: A function that can be imported by its name.
            args: What it is called with; copied, so that nothing is shared.
            deadline: Seconds of running, not counting the wait for a free process.
            memory: Bytes it may use beyond what the process held at the start.

        Raises:
            DeadlineExceeded: It ran too long and was killed.
            MemoryExceeded: It wanted too much memory.
            ProcessDied: It took its process down.
            TaskFailed: It raised something that cannot be carried over. Anything else that it raises
                is raised here as it is.
        """
        ...
