"""numpy columns in PostgreSQL's binary COPY format, and back, without a Python object for each row.

A row of that format is a count of fields, then each field's length and bytes, all big-endian. Where
every value has a fixed length, as numbers, days, ids and arrays of one shape have, a row is a record
of fixed length, and a table is one structured array.

    layout = Layout.of(product=UUID, day=INTEGER, mean=floats(28))
    rows = layout.rows(len(products))
    rows["product"], rows["day"] = ...
    fill_floats(rows["mean"], mean)
    await copy_in(session, "staging", layout, rows)
"""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai_postgres.failures import REACHING
from inventoryai_postgres.session import Session

Rows = NDArray[np.void]
"""Records of a ``Layout``."""

UUID: Final = np.dtype("V16")
INTEGER: Final = np.dtype(">i4")
DATE: Final = INTEGER
"""Days since ``FIRST_DAY``."""
BIGINT: Final = np.dtype(">i8")
DOUBLE: Final = np.dtype(">f8")
REAL: Final = np.dtype(">f4")
BOOLEAN: Final = np.dtype("u1")
"""0 or 1."""

FIRST_DAY: Final = 10_957
"""2000-01-01, from which PostgreSQL counts days, in days since 1970-01-01."""

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_DOUBLE_OID: Final = 701
_CHUNK: Final = 1 << 18


class UnexpectedRow(ValueError):
    """The database sent a row of another form than was asked for: a bug, never seen by a user."""


def floats(*shape: int) -> np.dtype[np.void]:
    """The type ``double precision[]`` of one shape: a header, then a length before every number."""
    element = np.dtype([("length", ">i4"), ("value", ">f8")])
    return np.dtype([("header", ">i4", (3 + 2 * len(shape),)), ("elements", element, shape)])


def fill_floats(column: NDArray[Any], values: NDArray[np.float64]) -> None:
    """Writes float64[n, *shape] into a column of ``floats(*shape)``."""
    column["header"] = _array_header(values.shape[1:])
    column["elements"]["length"] = DOUBLE.itemsize
    column["elements"]["value"] = values


def read_floats(column: NDArray[Any]) -> NDArray[np.float64]:
    """float64[n, *shape] from a column of ``floats(*shape)``.

    Raises:
        UnexpectedRow: An array has another shape, or holds a null.
    """
    elements = column["elements"]
    header = _array_header(elements.shape[1:])
    if (column["header"] != header).any() or (elements["length"] != DOUBLE.itemsize).any():
        raise UnexpectedRow("an array of another shape")
    values: NDArray[np.float64] = elements["value"].astype(np.float64)
    return values


def _array_header(shape: Sequence[int]) -> list[int]:
    """Number of dimensions, no nulls, type of the elements, then size and first index of each dimension."""
    return [len(shape), 0, _DOUBLE_OID, *(number for size in shape for number in (size, 1))]


def uuids(ids: Sequence[uuid.UUID]) -> NDArray[np.void]:
    """V16[n]: ids as PostgreSQL sends them."""
    return np.frombuffer(b"".join(one.bytes for one in ids), dtype=UUID)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table whose rows all have one length.

    Attributes:
        fields: Name and type of each, in the order of the table.
        dtype: One record; before each field ``<name>`` stands ``<name>:length``.
    """

    fields: tuple[tuple[str, np.dtype[Any]], ...]
    dtype: np.dtype[np.void]

    @classmethod
    def of(cls, **fields: np.dtype[Any]) -> Self:
        """The layout of these columns."""
        parts: list[tuple[str, Any]] = [("fields", ">i2")]
        for name, kind in fields.items():
            parts += [(_length(name), ">i4"), (name, kind)]
        return cls(tuple(fields.items()), np.dtype(parts))

    def rows(self, count: int) -> Rows:
        """Records in which everything but the values is filled in."""
        rows = np.zeros(count, self.dtype)
        rows["fields"] = len(self.fields)
        for name, kind in self.fields:
            rows[_length(name)] = kind.itemsize
        return rows

    def read(self, sent: bytes | bytearray) -> Rows:
        """The records of what COPY sent.

        Raises:
            UnexpectedRow: It has other columns, or a null somewhere.
        """
        body = len(sent) - len(_HEADER) - len(_TRAILER)
        if body < 0 or body % self.dtype.itemsize or not sent.startswith(_HEADER):
            raise UnexpectedRow("rows of another length")
        rows = np.frombuffer(sent, self.dtype, body // self.dtype.itemsize, len(_HEADER))
        alike = [(rows[_length(name)] == kind.itemsize).all() for name, kind in self.fields]
        if not all(alike) or (rows["fields"] != len(self.fields)).any():
            raise UnexpectedRow("a field of another length, or a null")
        return rows


def _length(name: str) -> str:
    return f"{name}:length"


@asynccontextmanager
async def staging(session: Session, table: str, columns: str) -> AsyncIterator[None]:
    """A temporary table, as COPY is refused on tables with row-level security."""
    await session.execute(f"create temp table {table} ({columns}) on commit drop")
    yield
    # Another of its name may be wanted in the same transaction.
    await session.execute(f"drop table pg_temp.{table}")


async def copy_in(session: Session, table: str, rows: Rows) -> None:
    """Appends the rows of a layout to a table whose columns are those of the layout, in their order."""
    with REACHING:
        await session.connection.copy_to_table(table, source=_chunks(rows), format="binary")


async def copy_out(session: Session, layout: Layout, query: str, *args: object) -> Rows:
    """The rows of a query whose columns are those of the layout, in their order, and never null."""
    sent = bytearray()

    async def take(data: bytes) -> None:
        sent.extend(data)

    with REACHING:
        await session.connection.copy_from_query(query, *args, output=take, format="binary")
    return layout.read(sent)


async def _chunks(rows: Rows) -> AsyncIterator[bytes | memoryview]:
    """Small enough for the driver to wait when the database is slower than we are."""
    yield _HEADER
    body = np.ascontiguousarray(rows).view(np.uint8)
    for start in range(0, len(body), _CHUNK):
        yield body[start : start + _CHUNK].data
    yield _TRAILER
