"""Imports as rows."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

import asyncpg
import msgspec

from inventoryai.domain.files import LineProblems
from inventoryai.domain.identity import UserId
from inventoryai.domain.imports import (
    Import,
    ImportCounts,
    ImportId,
    ImportKind,
    ImportOptions,
    NewImport,
    ReceivedFile,
)
from inventoryai_postgres.repositories.job_rows import JOB_COLUMNS, job_of
from inventoryai_postgres.texts import from_json, keepable, to_json

IMPORT_COLUMNS: Final = f"""
import.id, import.kind, import.filename, import.size, import.created_at, import.rows, import.accepted,
import.rejected, import.ignored, import.ignored_by_code, import.products_created, import.first_day,
import.last_day, import.dialect, import.stages, {JOB_COLUMNS}
"""


def import_of(row: asyncpg.Record) -> Import:
    """The import in a row of ``IMPORT_COLUMNS``."""
    return Import(
        id=ImportId(row["id"]),
        kind=ImportKind(row["kind"]),
        filename=row["filename"],
        size=row["size"],
        created_at=row["created_at"],
        counts=_counts_of(row),
        job=job_of(row),
    )


def _counts_of(row: asyncpg.Record) -> ImportCounts:
    return ImportCounts(
        rows=row["rows"],
        accepted=row["accepted"],
        rejected=row["rejected"],
        ignored=row["ignored"],
        ignored_by_code=from_json(row["ignored_by_code"]),
        products_created=row["products_created"],
        first_day=row["first_day"],
        last_day=row["last_day"],
        dialect=from_json(row["dialect"]),
        stages=from_json(row["stages"]),
    )


def new_import_of(row: asyncpg.Record) -> NewImport:
    """What the sender said."""
    return NewImport(
        id=ImportId(row["id"]),
        kind=ImportKind(row["kind"]),
        file=ReceivedFile(row["stored_as"], row["filename"], row["size"], row["sha256"]),
        options=msgspec.json.decode(row["options"], type=ImportOptions),
        created_by=UserId(row["created_by"]),
        created_at=row["created_at"],
    )


def options_to_json(options: ImportOptions) -> str:
    """The options by their names."""
    return to_json(asdict(options))


def errors_of(problems: LineProblems) -> Iterator[tuple[int, int, str, str, str]]:
    """Number from 1, line, field, value and code of each faulty line."""
    columns = zip(problems.line.tolist(), problems.column, problems.value, problems.code, strict=True)
    for number, (line, field, value, code) in enumerate(columns, start=1):
        yield number, line, keepable(field), keepable(value), code
