"""Imports: what came in, what became of it, and how it is undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventoryai.domain.files import LineProblems
from inventoryai.domain.imports import (
    Import,
    ImportCounts,
    ImportId,
    ImportKind,
    ImportLineError,
    ImportNotFound,
    NewImport,
)
from inventoryai.domain.jobs import JobId
from inventoryai.domain.paging import PageRequest
from inventoryai_postgres.copying import staging
from inventoryai_postgres.cursors import id_after
from inventoryai_postgres.failures import REACHING
from inventoryai_postgres.repositories.import_rows import (
    IMPORT_COLUMNS,
    errors_of,
    import_of,
    new_import_of,
    options_to_json,
)
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import keepable, to_json

# The state of an import is its job's, which ends where imports cannot be seen. So a failed import stays
# in the way of the same bytes until they come again, and is moved out of it then.
_MAKE_ROOM = """
update imports set live = false from jobs as job
where imports.company_id = $1 and imports.kind = $2::text and sha256 = $3 and live
    and job.id = imports.job_id and job.state in ('failed', 'cancelled')
"""
_ADD = """
insert into imports (company_id, kind, sha256, id, job_id, live, filename, stored_as, size, options,
                     created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (company_id, kind, sha256) where live do nothing
"""
_SELECT = f"""
select {IMPORT_COLUMNS} from imports as import join jobs as job on job.id = import.job_id
where import.company_id = $1 and import.deleted_at is null
"""
_GET = f"{_SELECT} and import.id = $2"
_FIND_LIVE = f"""
{_SELECT} and import.kind = $2 and import.sha256 = $3 and import.live
    and job.state not in ('failed', 'cancelled')
"""
_LIST = f"{_SELECT} and ($2::uuid is null or import.id < $2) order by import.id desc limit $3"
_DETAILS = """
select id, kind, stored_as, filename, size, sha256, options, created_by, created_at
from imports where company_id = $1 and id = $2 and deleted_at is null
"""
_RECORD = """
update imports set
    rows = $3, accepted = $4, rejected = $5, ignored = $6, ignored_by_code = $7, products_created = $8,
    first_day = $9, last_day = $10, dialect = $11, stages = $12
where company_id = $1 and id = $2 and deleted_at is null
"""
_FORGET_ERRORS = "delete from import_errors where company_id = $1 and import_id = $2"
_STAGED_ERRORS = "number integer, line bigint, field text, value text, code text"
_KEEP_ERRORS = """
insert into import_errors (company_id, import_id, number, line, field, value, code)
select $1, $2, number, line, field, value, code from staged_import_errors
"""
_ERRORS = """
select number, line, field, value, code from import_errors
where company_id = $1 and import_id = $2 and number > $3::bigint order by number limit $4
"""
_DELETE = """
update imports set deleted_at = clock_timestamp(), live = false
where company_id = $1 and id = $2 and deleted_at is null returning stored_as, generation
"""
_FORGET_SALES = "delete from sales where company_id = $1 and generation = $2"
_FORGET_COUNTS = "delete from stock_movements where company_id = $1 and import_id = $2"


@dataclass(frozen=True, slots=True)
class PostgresImports:
    """Imports of the scope's company."""

    session: Session

    async def add(self, new: NewImport, job_id: JobId) -> bool:
        """Keeps a new import; False when the same bytes of the same kind are live here already.

        Two that come at once wait for each other.
        """
        what = (self.session.company_id, new.kind.value, new.file.sha256)
        await self.session.execute(_MAKE_ROOM, *what)
        added = await self.session.execute(
            _ADD,
            *what,
            new.id,
            job_id,
            not new.options.dry_run,
            keepable(new.file.filename),
            new.file.stored_as,
            new.file.size,
            options_to_json(new.options),
            new.created_by,
            new.created_at,
        )
        return added == 1

    async def find_live(self, kind: ImportKind, sha256: bytes) -> Import | None:
        """The live import of these bytes."""
        row = await self.session.fetchrow(_FIND_LIVE, self.session.company_id, kind.value, sha256)
        return None if row is None else import_of(row)

    async def get(self, import_id: ImportId) -> Import:
        """An import that is not deleted; raises ``ImportNotFound``."""
        row = await self.session.fetchrow(_GET, self.session.company_id, import_id)
        if row is None:
            raise ImportNotFound
        return import_of(row)

    async def details(self, import_id: ImportId) -> NewImport:
        """What the sender said of it; raises ``ImportNotFound``."""
        row = await self.session.fetchrow(_DETAILS, self.session.company_id, import_id)
        if row is None:
            raise ImportNotFound
        return new_import_of(row)

    async def list(self, page: PageRequest) -> Sequence[Import]:
        """Imports, newest first."""
        after = id_after(page)
        rows = await self.session.fetch(_LIST, self.session.company_id, after, page.limit + 1)
        return [import_of(row) for row in rows]

    async def record(self, import_id: ImportId, counts: ImportCounts, problems: LineProblems) -> None:
        """Keeps what became of the lines; raises ``ImportNotFound`` when it was deleted meanwhile."""
        recorded = await self.session.execute(
            _RECORD,
            self.session.company_id,
            import_id,
            counts.rows,
            counts.accepted,
            counts.rejected,
            counts.ignored,
            to_json(counts.ignored_by_code),
            counts.products_created,
            counts.first_day,
            counts.last_day,
            None if counts.dialect is None else to_json(counts.dialect),
            to_json(counts.stages),
        )
        if not recorded:
            raise ImportNotFound
        await self.session.execute(_FORGET_ERRORS, self.session.company_id, import_id)
        if len(problems):
            await self._keep_errors(import_id, problems)

    async def _keep_errors(self, import_id: ImportId, problems: LineProblems) -> None:
        async with staging(self.session, "staged_import_errors", _STAGED_ERRORS):
            with REACHING:
                await self.session.connection.copy_records_to_table(
                    "staged_import_errors", records=errors_of(problems)
                )
            await self.session.execute(_KEEP_ERRORS, self.session.company_id, import_id)

    async def errors(self, import_id: ImportId, page: PageRequest) -> Sequence[ImportLineError]:
        """Lines not taken, in the file's order."""
        after = page.number_after() or 0
        rows = await self.session.fetch(_ERRORS, self.session.company_id, import_id, after, page.limit + 1)
        return [ImportLineError(*row) for row in rows]

    async def delete(self, import_id: ImportId) -> str:
        """Undoes an import; raises ``ImportNotFound``. Returns the name under which its file is stored."""
        company_id = self.session.company_id
        row = await self.session.fetchrow(_DELETE, company_id, import_id)
        if row is None:
            raise ImportNotFound
        await self.session.execute(_FORGET_SALES, company_id, row["generation"])
        await self.session.execute(_FORGET_COUNTS, company_id, import_id)
        await self.session.execute(_FORGET_ERRORS, company_id, import_id)
        return str(row["stored_as"])
