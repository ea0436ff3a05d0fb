import uuid

import numpy as np
import pytest

from inventoryai_postgres.copying import (
    BIGINT,
    DOUBLE,
    INTEGER,
    UUID,
    Layout,
    UnexpectedRow,
    fill_floats,
    floats,
    read_floats,
    uuids,
)

HEADER = b"PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"
END = b"\xff\xff"
ID = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
LAYOUT = Layout.of(product=UUID, day=INTEGER, sold=BIGINT)
ROW = bytes.fromhex(
    "0003"
    "00000010 00112233445566778899aabbccddeeff"
    "00000004 fffffffe"
    "00000008 0000000000000005"
)  # fmt: skip


def test_a_row_is_written_as_the_format_says() -> None:
    rows = LAYOUT.rows(2)
    rows["product"], rows["day"], rows["sold"] = uuids([ID, ID]), -2, 5
    assert rows.tobytes() == ROW * 2


def test_what_was_sent_is_read() -> None:
    rows = LAYOUT.read(HEADER + ROW * 3 + END)
    assert rows["day"].tolist() == [-2] * 3
    assert rows["sold"].tolist() == [5] * 3
    assert [one.tobytes() for one in rows["product"]] == [ID.bytes] * 3
    assert len(LAYOUT.read(HEADER + END)) == 0


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        HEADER,
        HEADER + ROW[:-1] + END,
        HEADER.replace(b"PGCOPY", b"PGCOPX") + ROW + END,
        HEADER + b"\x00\x02" + ROW[2:] + END,
        HEADER + ROW.replace(b"\x00\x00\x00\x04", b"\xff\xff\xff\xff") + END,
    ],
    ids=["nothing", "no end", "cut short", "another format", "other columns", "a null"],
)
def test_rows_of_another_form_are_refused(sent: bytes) -> None:
    with pytest.raises(UnexpectedRow):
        LAYOUT.read(sent)


def test_an_array_is_written_as_the_format_says() -> None:
    layout = Layout.of(totals=floats(2, 1))
    rows = layout.rows(1)
    fill_floats(rows["totals"], np.array([[[1.0], [-2.0]]]))
    assert rows.tobytes() == bytes.fromhex(
        "0001 00000034"
        "00000002 00000000 000002bd 00000002 00000001 00000001 00000001"
        "00000008 3ff0000000000000 00000008 c000000000000000"
    )


def test_arrays_are_read_back_to_the_last_bit() -> None:
    values = np.random.default_rng(3).random((5, 4, 3))
    layout = Layout.of(mean=DOUBLE, totals=floats(4, 3))
    rows = layout.rows(5)
    fill_floats(rows["totals"], values)
    read = read_floats(layout.read(HEADER + rows.tobytes() + END)["totals"])
    np.testing.assert_array_equal(read, values)
    assert read.dtype == np.float64


def test_an_array_of_another_shape_is_refused() -> None:
    layout, transposed = Layout.of(totals=floats(4, 3)), Layout.of(totals=floats(3, 4))
    rows = layout.rows(1)
    fill_floats(rows["totals"], np.zeros((1, 4, 3)))
    with pytest.raises(UnexpectedRow):
        read_floats(transposed.read(HEADER + rows.tobytes() + END)["totals"])
