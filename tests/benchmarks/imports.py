"""How fast a sales file is understood, beside how fast pandas merely reads it, in the same run.

    INVENTORYAI_SAMPLE_DATA=… python tests/benchmarks/imports.py

Ratios compare across machines, seconds do not. pandas decodes fields and guesses types; it looks at no
date, no currency, no till key and no line number, so a ratio above 1 is the price of understanding.
"""

# ruff: noqa: T201 # printing ratios is what it is for

import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pandas as pd

from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets import CsvReader

ROUNDS: Final = 3
NAME: Final = "online_retail_lines.csv.gz"
OPTIONS: Final = ReadOptions(
    mapping={
        "date": "InvoiceDate",
        "sku": "StockCode",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "name": "Description",
    }
)


def understand(path: Path) -> None:
    """Read the file as an import does."""
    CsvReader().read_sales(path, OPTIONS)


def pandas_reads(path: Path) -> None:
    """Read the file into a frame, types guessed."""
    pd.read_csv(path, compression="infer", dtype={"InvoiceNo": str, "StockCode": str})


def pandas_reads_texts(path: Path) -> None:
    """Read the file into a frame of texts, with the parser written in C."""
    pd.read_csv(path, compression="infer", dtype=str, engine="c", keep_default_na=False)


def measure(read: Callable[[Path], None], path: Path) -> tuple[float, float]:
    """The best of some rounds in seconds, and the memory that reading added, in MB; in this process."""
    before, best = peak_memory(), float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        read(path)
        best = min(best, time.perf_counter() - start)
    return best, peak_memory() - before


def peak_memory() -> float:
    """The most memory this process has held, in MB; what its parent held does not count."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def compare(path: Path) -> None:
    """Print a line for each way of reading, each measured in a fresh process."""
    seconds: dict[str, float] = {}
    for read in (pandas_reads, pandas_reads_texts, understand):
        with get_context("spawn").Pool(1) as pool:
            taken, megabytes = pool.apply(measure, (read, path))
        seconds[read.__name__] = taken
        ratio = taken / seconds[pandas_reads.__name__]
        print(f"  {read.__name__:20} {taken:6.2f} s  {ratio:5.2f} × pandas  {megabytes:5.0f} MB added")


def main() -> int:
    """Compare on the real till, gzipped and plain."""
    packed = Path(os.environ.get("INVENTORYAI_SAMPLE_DATA", "nowhere")) / NAME
    if not packed.exists():
        print(f"skipped: INVENTORYAI_SAMPLE_DATA does not hold {NAME}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "lines.csv"
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
        for title, path in (("gzipped", packed), ("plain", plain)):
            print(f"{title}: {path.stat().st_size / 1e6:.1f} MB, 541,909 lines")
            compare(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
