"""Received files: whole and safe, or not there at all."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from inventoryai.ports.files import UploadTooLarge
from inventoryai_files import FolderFileStore


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken() -> AsyncIterator[bytes]:
    yield b"date,sku"
    raise ConnectionError


@pytest.fixture
def store(tmp_path: Path) -> FolderFileStore:
    return FolderFileStore(tmp_path / "uploads", limit=3_000_000)


async def test_what_was_sent_is_there_byte_for_byte(store: FolderFileStore) -> None:
    parts = [b"a" * 1_500_000, b"", b"b" * 700_000]
    received = await store.receive(chunks(*parts), "ventes.csv")
    assert store.path(received.stored_as).read_bytes() == b"".join(parts)
    assert received.size == 2_200_000
    assert received.sha256 == hashlib.sha256(b"".join(parts)).digest()


async def test_S29_the_senders_name_is_data_only(store: FolderFileStore) -> None:
    received = await store.receive(chunks(b"x"), "../../etc/passwd\x00\r\n.csv")
    assert received.filename == "../../etc/passwd\x00\r\n.csv"
    assert store.path(received.stored_as).parent == store.folder
    with pytest.raises(ValueError, match="not the name"):
        store.path("../secret")


@pytest.mark.parametrize("stream", [chunks(b"x" * 3_000_001), broken()], ids=["over the limit", "broken off"])
async def test_of_a_file_that_did_not_come_whole_nothing_stays(
    store: FolderFileStore, stream: AsyncIterator[bytes]
) -> None:
    with pytest.raises((UploadTooLarge, ConnectionError)):
        await store.receive(stream, "x.csv")
    assert not list(store.folder.iterdir())


async def test_discarding_twice_is_no_error(store: FolderFileStore) -> None:
    received = await store.receive(chunks(b"x"), "x.csv")
    await store.discard(received.stored_as)
    await store.discard(received.stored_as)
    assert not store.path(received.stored_as).exists()


async def test_what_a_crash_left_half_written_goes_in_the_end(store: FolderFileStore) -> None:
    received = await store.receive(chunks(b"x"), "x.csv")
    left = store.folder / f".{'0' * 32}.part"
    left.write_bytes(b"half")
    assert await store.tidy(older_than=3600) == 0
    assert await store.tidy(older_than=-1) == 1
    assert not left.exists()
    assert store.path(received.stored_as).exists()
