"""Memory of large arrays goes back to the system when they are freed."""

import platform
import subprocess
import sys
from typing import Final

import pytest

# As much is freed as would otherwise be kept: the first time teaches glibc, the second would show it.
_PROGRAM: Final = """
import sys
from pathlib import Path

import numpy as np

from inventoryai_server.allocation import give_back_large_arrays

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

granted = give_back_large_arrays()
for _ in range(2):
    arrays = [np.ones(2 << 20) for _ in range(8)]
    kept = bytearray(1 << 20)
    before = held()
    del arrays
    freed = before - held()
sys.exit(not (granted and freed > 7 * (16 << 20)))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are not spoken to")
def test_a_process_gives_back_what_it_frees() -> None:
    subprocess.run([sys.executable, "-c", _PROGRAM], check=True, timeout=60)
