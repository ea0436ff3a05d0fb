"""Files that cannot be read: each ends in one clear error, and none in a full memory."""

import gzip
import io
import random
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import read_sales, read_stock, zipped

from inventoryai.domain import unreadable
from inventoryai.domain.unreadable import FileProblem
from inventoryai.ports.spreadsheets import Limits, ReadOptions
from inventoryai_spreadsheets import records

HEADER = "date,sku,quantity\n"
GOOD = "2024-01-05,A,1\n"
MEGABYTE = 1 << 20


def workbook(*members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return file.getvalue()


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)  # noqa: S311 # not a secret


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", unreadable.FileEmpty),
        (b"\n\r\n \n", unreadable.FileEmpty),
        (b"\xef\xbb\xbf", unreadable.FileEmpty),
        (b";;;\n;;;\n", unreadable.FileEmpty),
        (b"sep=;\n", unreadable.FileEmpty),
        (zipped(b""), unreadable.FileEmpty),
        (b"\n" * 10_000_000, unreadable.FileEmpty),
        ("date,sku,quantity", unreadable.FileWithoutRows),
        (HEADER + "\n\n,,\n", unreadable.FileWithoutRows),
        ("hello\nworld\n", unreadable.FileWithoutDate),
        ("sku,quantity\nA,1\n", unreadable.FileWithoutDate),
        ("date,quantity\n2024-01-05,1\n", unreadable.FileWithoutSku),
        ("date,sku\n2024-01-05,A\n", unreadable.FileWithoutQuantity),
        ("<!DOCTYPE html><html><body>502</body></html>\n", unreadable.FileWithoutDate),
        (b"\x89PNG\r\n\x1a\n" + noise(2_000), unreadable.FileNotText),
        (b"%PDF-1.7\n" + noise(2_000), unreadable.FileNotText),
        (noise(100_000), unreadable.FileNotText),
        (HEADER.encode("utf-16-le"), unreadable.FileNotText),
        (HEADER.encode("utf-32"), unreadable.FileNotText),
        (zipped(zipped(HEADER.encode())), unreadable.FileNotText),
        (workbook("notes.txt"), unreadable.FileNotText),
        (workbook("[Content_Types].xml", "xl/workbook.xml"), unreadable.FileIsWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(2_000), unreadable.FileIsWorkbook),
        (HEADER.encode() + b"2024-01-05,caf\x81,1\n", unreadable.FileEncodingUnknown),
        (HEADER.encode("utf-16") + b"\n", unreadable.FileEncodingUnknown),
        (zipped((HEADER + GOOD).encode())[:-9], unreadable.FileGzipTruncated),
        (zipped((HEADER + GOOD).encode()) + b"more", unreadable.FileGzipDamaged),
        (zipped((HEADER + GOOD).encode())[:-8] + bytes(8), unreadable.FileGzipDamaged),
        (b"\x1f\x8b", unreadable.FileGzipTruncated),
        (",".join(f"c{number}" for number in range(100_000)) + "\n", unreadable.FileTooManyColumns),
        (HEADER.strip() + ",c" * 498 + "\n" + GOOD, unreadable.FileTooManyColumns),
        ("x" * (3 * MEGABYTE), unreadable.FileLineTooLong),
        (HEADER + GOOD + "x" * (3 * MEGABYTE), unreadable.FileLineTooLong),
        (HEADER + '2024-01-05,"A,1\n' + GOOD * 100, unreadable.FileQuoteUnclosed),
        (HEADER + '2024-01-05,"A,1\n' + GOOD * 100_000, unreadable.FileQuoteUnclosed),
        ('date,"sku,quantity\n' + GOOD * 100, unreadable.FileQuoteUnclosed),
        (HEADER + GOOD + '2024-01-05,"A', unreadable.FileQuoteUnclosed),
    ],
)
def test_an_unreadable_file_says_why(
    tmp_path: Path, content: str | bytes, problem: type[FileProblem]
) -> None:
    with pytest.raises(FileProblem) as caught:
        read_sales(tmp_path, content)
    assert type(caught.value) is problem
    assert "{" not in caught.value.message("en") + caught.value.message("fr")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("quantity\n1\n", unreadable.FileWithoutSku),
        ("sku,colour\nA,red\n", unreadable.FileWithoutQuantity),
        ("sku,stock,date\nA,1,01/02/2024\n", unreadable.FileDateOrderAmbiguous),
    ],
)
def test_an_unreadable_stock_file_says_why(tmp_path: Path, content: str, problem: type[FileProblem]) -> None:
    with pytest.raises(problem):
        read_stock(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (HEADER + GOOD * 5 + '2024-01-05,"A,1\n' + GOOD, 7),
        (HEADER + GOOD * 5 + "x" * (2 * MEGABYTE), 7),
        ("\n" + HEADER + GOOD + '"\n\n', 4),
    ],
)
def test_the_line_of_the_trouble_is_told(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(FileProblem) as caught:
        read_sales(tmp_path, content)
    assert caught.value.data["line"] == line


def test_inflation_is_bounded_by_size_and_by_ratio(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + GOOD * 10_000).encode())
    with pytest.raises(unreadable.FileInflatesTooMuch):
        read_sales(tmp_path, packed, ReadOptions(limits=Limits(bytes=100_000)))
    assert read_sales(tmp_path, packed, ReadOptions(limits=Limits(ratio=2))).accepted == 10_000
    bomb = gzip.compress(HEADER.encode() + b"\n" * (70 * MEGABYTE))
    with pytest.raises(unreadable.FileInflatesTooMuch):
        read_sales(tmp_path, bomb, ReadOptions(limits=Limits(ratio=2)))


def test_rows_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(unreadable.FileTooManyRows):
        read_sales(tmp_path, HEADER + GOOD * 11, ReadOptions(limits=Limits(rows=10)))


@pytest.mark.parametrize(
    "content",
    [
        HEADER.encode() + b"\n" * 2_500_000,
        b"x" * (64 * MEGABYTE),
        HEADER.encode() + b"x" * (64 * MEGABYTE),
        HEADER.encode() + b'2024-01-05,"A,1\n' + GOOD.encode() * 2_000_000,
    ],
    ids=["empty lines", "one line", "one line below the header", "an open quotation"],
)
def test_memory_is_bounded_whatever_the_size(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "stored").write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(FileProblem):
            read_sales(tmp_path, content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200 * MEGABYTE


def test_quotations_that_swallow_each_other_are_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MOST_READ_AGAIN", 10_000)
    with pytest.raises(unreadable.FileQuoteUnclosed):
        read_sales(tmp_path, HEADER + ('a","b\n' * 200 + '"x"y\n') * 100)


FRAGMENTS = st.sampled_from(
    [
        HEADER,
        GOOD,
        "\n",
        "\r",
        '"',
        '""',
        ",",
        ";",
        "\0",
        "\ufeff",
        "é",
        "13/01/2024",
        "1,5",
        "A",
        "sep=;\n",
        "\x1a",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FRAGMENTS), st.sampled_from(["utf-8", "utf-16", "cp1252"]), st.booleans())
def test_scrambled_files_raise_nothing_but_problems(  # the folder may be shared: each example overwrites it
    tmp_path: Path,
    fragments: list[str],
    encoding: str,
    headed: bool,  # noqa: FBT001 # hypothesis fills it
) -> None:
    content = (HEADER if headed else "") + "".join(fragments)
    _read_both(tmp_path, content.encode(encoding, errors="ignore"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(), st.sampled_from([b"", HEADER.encode(), b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff\xfe"]))
def test_garbage_raises_nothing_but_problems(tmp_path: Path, garbage: bytes, start: bytes) -> None:
    _read_both(tmp_path, start + garbage)
    _read_both(tmp_path, gzip.compress(start + garbage))


def _read_both(folder: Path, content: bytes) -> None:
    for read in (read_sales, read_stock):
        with suppress(FileProblem):
            read(folder, content)
