"""Imports on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from inventoryai.domain import imports
from inventoryai.domain.errors import FieldCheck, Locale, explain
from inventoryai.domain.files import DATE_ORDERS, SALES_FIELDS, STOCK_FIELDS, DateOrder
from inventoryai.domain.imports import (
    ImportKind,
    ImportKindUnknown,
    ImportMappingInvalid,
    ImportOptions,
    OnDuplicate,
    OnUnknownSku,
)
from inventoryai.domain.jobs import JobState
from inventoryai_http.faults import FieldNotBoolean, FieldNotChoice
from inventoryai_http.schemas.jobs import JOB_EXAMPLE, JobSummary

Choice = TypeVar("Choice", bound=StrEnum)


class ImportForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of the form beside ``file``; all of them are texts, as forms have nothing else."""

    kind: Annotated[str, Meta(description="sales or stock.")]
    mapping: Annotated[str | None, Meta(description="JSON: field to column, for columns not found.")] = None
    date_order: Annotated[str | None, Meta(description="day_first or month_first, if need be.")] = None
    on_duplicate: Annotated[str | None, Meta(description="replace (the default), sum or reject.")] = None
    on_unknown_sku: Annotated[str | None, Meta(description="create (the default) or reject.")] = None
    all_or_nothing: Annotated[str | None, Meta(description="true: one bad line refuses the file.")] = None
    dry_run: Annotated[str | None, Meta(description="true: judge the file and land nothing.")] = None

    example: ClassVar[dict[str, Any]] = {
        "file": "(the file)",
        "kind": "sales",
        "mapping": '{"date": "Vendu le"}',
    }

    def understood(self) -> tuple[ImportKind, ImportOptions]:
        """What it says, for the use case.

        Raises:
            InvalidFields: Every field that says something else is named.
        """
        check = FieldCheck()
        kind = check("kind", lambda: _kind(self.kind))
        options = ImportOptions(
            mapping=check("mapping", lambda: _mapping(self.mapping)) or {},
            date_order=check("date_order", lambda: _date_order(self.date_order)),
            on_duplicate=check("on_duplicate", lambda: _choice(self.on_duplicate, OnDuplicate.REPLACE))
            or OnDuplicate.REPLACE,
            on_unknown_sku=check("on_unknown_sku", lambda: _choice(self.on_unknown_sku, OnUnknownSku.CREATE))
            or OnUnknownSku.CREATE,
            all_or_nothing=check("all_or_nothing", lambda: _flag(self.all_or_nothing)) or False,
            dry_run=check("dry_run", lambda: _flag(self.dry_run)) or False,
        )
        check.done()
        return kind or ImportKind.SALES, options


def _kind(text: str) -> ImportKind:
    try:
        return ImportKind(text)
    except ValueError:
        raise ImportKindUnknown(kinds=", ".join(ImportKind)) from None


def _mapping(text: str | None) -> dict[str, str]:
    if not text:
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except (msgspec.DecodeError, RecursionError):
        fields = ", ".join(dict.fromkeys((*SALES_FIELDS, *STOCK_FIELDS)))
        raise ImportMappingInvalid(fields=fields) from None


def _date_order(text: str | None) -> DateOrder | None:
    if not text:
        return None
    for order in DATE_ORDERS:
        if order == text:
            return order
    raise FieldNotChoice(choices=", ".join(DATE_ORDERS))


def _choice(text: str | None, usual: Choice) -> Choice:
    if not text:
        return usual
    try:
        return type(usual)(text)
    except ValueError:
        raise FieldNotChoice(choices=", ".join(type(usual))) from None


def _flag(text: str | None) -> bool:
    if text not in {None, "", "true", "false", "1", "0"}:
        raise FieldNotBoolean
    return text in {"true", "1"}


class Import(Struct, frozen=True):
    """A file that came in, and what became of its lines: ``rows`` = accepted + rejected + ignored."""

    id: UUID
    kind: ImportKind
    filename: str
    size: int
    state: JobState
    rows: int
    accepted: int
    rejected: int
    ignored: int
    ignored_by_code: dict[str, int]
    products_created: int
    first_day: date | None
    last_day: date | None
    dialect: dict[str, Any] | None
    stages: dict[str, float]
    created_at: datetime
    job: JobSummary

    example: ClassVar[dict[str, Any]] = {
        "id": "01935c72-7d20-7e11-9c55-0a4f5b6c7d00",
        "kind": "sales",
        "filename": "ventes.csv",
        "size": 48213,
        "state": "running",
        "rows": 0,
        "accepted": 0,
        "rejected": 0,
        "ignored": 0,
        "ignored_by_code": {},
        "products_created": 0,
        "first_day": None,
        "last_day": None,
        "dialect": None,
        "stages": {},
        "created_at": "2026-03-01T09:00:00Z",
        "job": JOB_EXAMPLE,
    }

    @classmethod
    def of(cls, one: imports.Import, locale: Locale) -> "Import":
        """As it is sent."""
        counts = one.counts
        return cls(
            id=one.id,
            kind=one.kind,
            filename=one.filename,
            size=one.size,
            state=one.job.state,
            rows=counts.rows,
            accepted=counts.accepted,
            rejected=counts.rejected,
            ignored=counts.ignored,
            ignored_by_code=counts.ignored_by_code,
            products_created=counts.products_created,
            first_day=counts.first_day,
            last_day=counts.last_day,
            dialect=counts.dialect,
            stages=counts.stages,
            created_at=one.created_at,
            job=JobSummary.of(one.job, locale),
        )


class LineError(Struct, frozen=True):
    """One line that was not taken: where the record starts (the header being 1), and what is wrong."""

    line: int
    column: str
    value: str
    code: str
    message: str

    example: ClassVar[dict[str, Any]] = {
        "line": 17,
        "column": "Qté",
        "value": "abc",
        "code": "line.quantity_not_a_number",
        "message": "The quantity is not a number.",
    }

    @classmethod
    def of(cls, error: imports.ImportLineError, locale: Locale) -> "LineError":
        """As it is sent."""
        message = explain(error.code, {"value": error.value, "column": error.column}, locale)
        return cls(error.line, error.column, error.value, error.code, message)
