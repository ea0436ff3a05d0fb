"""How a process that handles large arrays keeps no more memory than it uses."""

import ctypes
from typing import Final

_TRIM_THRESHOLD: Final = (-1, 64 << 20)
_MMAP_THRESHOLD: Final = (-3, 4 << 20)
"""Parameters of glibc's ``mallopt``, as in its ``malloc.h``."""


def give_back_large_arrays() -> bool:
    """Lets memory of 4 MB and more go back to the system as soon as it is freed; whether that was granted.

    glibc takes such memory from the system and gives it back, until the first time that it is freed: from
    then on it keeps blocks of that size, up to 32 MB, in the heap of each thread that asks, where smaller
    ones that live longer hold them fast. A worker that forecasts holds a quarter more than it uses that
    way. What is smaller stays in the heaps, which are trimmed seldom, so that this costs no time. Other
    C libraries do as they please.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # no glibc; on Windows not even a library without a name
        return False
    return all(mallopt(*parameter) == 1 for parameter in (_TRIM_THRESHOLD, _MMAP_THRESHOLD))
