"""Files are read in processes that can be stopped, and what is found travels back whole."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sheets import READER, lines, problems, read_sales

from inventoryai.domain.unreadable import FileQuoteUnclosed
from inventoryai.ports.processes import DeadlineExceeded, MemoryExceeded
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_processes import PooledProcesses

HEADER = "date,sku,quantity\n"
ROWS = "2024-01-05,A,1\n2024-01-06,B,one\n"
MEMORY = 512 << 20
OPTIONS = ReadOptions(mapping={"sku": "SKU"})


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[PooledProcesses]:
    processes = PooledProcesses(1)
    yield processes
    await processes.close()


def written(folder: Path, rows: str) -> Path:
    path = folder / "stored"
    path.write_text(HEADER + rows)
    return path


async def test_a_file_is_understood_as_it_is_here(pool: PooledProcesses, tmp_path: Path) -> None:
    here = read_sales(tmp_path, HEADER + ROWS, OPTIONS)
    path = written(tmp_path, ROWS)
    there = await pool.run(READER.read_sales, path, OPTIONS, deadline=60, memory=MEMORY)
    assert (lines(there), problems(there)) == (lines(here), problems(here))
    assert there.dialect == here.dialect


async def test_an_error_arrives_with_its_data(pool: PooledProcesses, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS + '2024-01-05,"A,1\n')
    with pytest.raises(FileQuoteUnclosed) as caught:
        await pool.run(READER.read_sales, path, OPTIONS, deadline=60, memory=MEMORY)
    assert caught.value.data == {"line": 4}


async def test_a_file_that_takes_too_much_or_too_long_is_stopped(
    pool: PooledProcesses, tmp_path: Path
) -> None:
    path = written(tmp_path, ROWS)
    assert (await pool.run(READER.read_sales, path, OPTIONS, deadline=60, memory=MEMORY)).accepted == 1
    path = written(tmp_path, "".join(f"2024-01-05,sku {one},{one}.{one}\n" for one in range(500_000)))
    with pytest.raises(MemoryExceeded):
        await pool.run(READER.read_sales, path, OPTIONS, deadline=60, memory=MEMORY // 16)
    with pytest.raises(DeadlineExceeded):
        await pool.run(READER.read_sales, path, OPTIONS, deadline=0.5, memory=4 * MEMORY)
