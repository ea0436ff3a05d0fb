"""The bytes of a file and the text in them: compression, encoding, and what is no text at all."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inventoryai.domain.unreadable import (
    FileEmpty,
    FileEncodingUnknown,
    FileGzipDamaged,
    FileGzipTruncated,
    FileInflatesTooMuch,
    FileIsWorkbook,
    FileNotText,
)
from inventoryai.ports.spreadsheets import Limits

CHUNK: Final = 1 << 20
HEAD: Final = 1 << 18
_GZIP: Final = b"\x1f\x8b"
_FREE_INFLATION: Final = 64 << 20
_MEGABYTE: Final = 1 << 20
_MOST_CONTROLS: Final = 0.05
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
_UNDEFINED_IN_CP1252: Final = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PICTURES_AND_ARCHIVES: Final = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (_GZIP, "gzip"),
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
)
_WORKBOOKS: Final = (
    (b"[Content_Types].xml", "XLSX"),
    (b"xl/", "XLSX"),
    (b"opendocument.spreadsheet", "ODS"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that holds text.

    Attributes:
        path: Where it is.
        compressed: Whether it is gzipped; told from its first bytes, never from its name.
        encoding: The codec that reads all of it.
        head: The first ``HEAD`` bytes, inflated, as text.
        whole: Whether ``head`` is the whole of it.
    """

    path: Path
    compressed: bool
    encoding: str
    head: str
    whole: bool


def inspect(path: Path, limits: Limits) -> Source:
    """Read the whole file once, for its encoding, without keeping it.

    Raises:
        FileProblem: It is empty, no text, damaged, or inflates beyond the limits.
    """
    with path.open("rb") as file:
        compressed = file.read(2) == _GZIP
    chunks = read_bytes(path, limits, compressed=compressed)
    start = next(chunks, b"")
    if not start:
        raise FileEmpty
    head = start[:HEAD]
    _refuse_what_is_no_text(head)
    encoding, size = _encoding(start, chunks)
    text = codecs.getincrementaldecoder(encoding)().decode(head)
    return Source(path, compressed, encoding, text, size <= HEAD)


def read_bytes(path: Path, limits: Limits, *, compressed: bool) -> Iterator[bytes]:
    """The content piece by piece, inflated.

    Raises:
        FileInflatesTooMuch: It holds or grows to more than the limits say.
        FileGzipTruncated, FileGzipDamaged: The compressed data is not whole.
    """
    most = limits.bytes
    if compressed:
        most = min(most, max(_FREE_INFLATION, limits.ratio * path.stat().st_size))
    total = 0
    try:
        with gzip.open(path) if compressed else path.open("rb") as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if total > most:
                    raise FileInflatesTooMuch(megabytes=limits.bytes // _MEGABYTE, ratio=limits.ratio)
                yield chunk
    except EOFError as error:
        raise FileGzipTruncated from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileGzipDamaged from error


def read_text(source: Source, limits: Limits) -> Iterator[str]:
    """The content piece by piece, decoded; line ends are left as they are."""
    decoder = codecs.getincrementaldecoder(source.encoding)()
    for chunk in read_bytes(source.path, limits, compressed=source.compressed):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _refuse_what_is_no_text(head: bytes) -> None:
    for start, found in _PICTURES_AND_ARCHIVES:
        if head.startswith(start):
            raise FileNotText(found=found)
    if head.startswith(b"PK\x03\x04"):
        for part, found in _WORKBOOKS:
            if part in head:
                raise FileIsWorkbook(found=found)
        raise FileNotText(found="ZIP")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileIsWorkbook(found="XLS")
    if _mark(head) != "utf-16" and _controls(head) > _MOST_CONTROLS * len(head):
        raise FileNotText(found="binary data")


def _mark(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _controls(head: bytes) -> int:
    return len(head) - len(head.translate(None, _CONTROLS))


def _encoding(start: bytes, rest: Iterator[bytes]) -> tuple[str, int]:
    """The encoding that reads everything, and how many bytes that is."""
    marked = _mark(start)
    encoding = marked or "utf-8"
    decoder = codecs.getincrementaldecoder(encoding)()
    fits, undefined, size = True, False, 0
    for chunk in _chain(start, rest):
        size += len(chunk)
        undefined = undefined or any(byte in chunk for byte in _UNDEFINED_IN_CP1252)
        if fits:
            fits = _decodes(decoder, chunk)
    if fits and _decodes(decoder, b"", final=True):
        return encoding, size
    if marked or undefined:
        raise FileEncodingUnknown
    return "cp1252", size


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _chain(start: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield start
    yield from rest
