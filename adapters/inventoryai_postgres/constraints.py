"""Named constraints become named errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from inventoryai.domain.errors import Problem


@contextmanager
def expecting(constraint: str, problem: Problem) -> Iterator[None]:
    """Raise ``problem`` when exactly this constraint refuses; any other refusal passes as the bug it is.

    The transaction is broken then: the problem must leave the unit of work.
    """
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as violation:
        if violation.constraint_name != constraint:
            raise
        raise problem from violation
