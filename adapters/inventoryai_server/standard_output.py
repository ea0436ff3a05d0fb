"""What goes to standard output is the result of a command, and nothing else."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def results_alone_on_stdout() -> Iterator[None]:
    """Meanwhile, whatever prints goes to standard error: a plugin's greetings are no part of the result."""
    sys.stdout.flush()
    kept = None
    with suppress(OSError):
        kept = os.dup(1)
        os.dup2(2, 1)
    try:
        yield
    finally:
        if kept is not None:
            os.dup2(kept, 1)
            os.close(kept)
