"""Imports: taking a file in, seeing what became of it, undoing it."""

from contextlib import suppress
from dataclasses import dataclass

from inventoryai.domain.companies import Membership
from inventoryai.domain.imports import (
    Import,
    ImportId,
    ImportKind,
    ImportLineError,
    ImportNotFound,
    ImportOptions,
    NewImport,
    ReceivedFile,
)
from inventoryai.domain.jobs import JobFinished, JobId, JobKind, NewJob
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.ports.clock import Clock
from inventoryai.ports.files import FileStore
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.queue import JobQueue
from inventoryai.ports.storage import InCompany, UnitOfWork


@dataclass(frozen=True, slots=True)
class AcceptedImport:
    """The import of a file; ``again`` when the same bytes had come before and this is the first import."""

    imported: Import
    again: bool


@dataclass(frozen=True, slots=True)
class StartImport:
    """Takes a file of sales or stock that is safe on disk; a worker reads it.

    The same bytes sent again are the first import, unchanged; two sent at once are one. What is in
    the file is judged by the job: a file that cannot be read at all fails it with a code, single bad
    lines are listed with the import, and nothing is ever half imported.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    files: FileStore
    queue: JobQueue

    async def __call__(
        self, member: Membership, file: ReceivedFile, kind: ImportKind, options: ImportOptions
    ) -> AcceptedImport:
        """The import, queued."""
        new = NewImport(
            id=ImportId(self.identifiers.new()),
            kind=kind,
            file=file,
            options=options,
            created_by=member.user_id,
            created_at=self.clock.now(),
        )
        job = NewJob(
            id=JobId(self.identifiers.new()),
            kind=JobKind.IMPORT,
            user_id=member.user_id,
            payload={"import_id": str(new.id)},
            unit="rows",
        )
        async with self.begin(InCompany.of(member)) as work:
            await work.jobs.add(job)
            added = await work.imports.add(new, job.id)
            imported = await work.imports.get(new.id) if added else None
            if imported is None:
                await work.jobs.withdraw(job.id)
                imported = await work.imports.find_live(kind, file.sha256)
        if imported is None:
            raise ImportNotFound
        if not added:
            await self.files.discard(file.stored_as)
            return AcceptedImport(imported, again=True)
        await self.queue.wake([job.id])
        return AcceptedImport(imported, again=False)


@dataclass(frozen=True, slots=True)
class GetImport:
    """An import: what was understood of the file, and counts that add up."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, import_id: ImportId) -> Import:
        """Raises ``ImportNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            return await work.imports.get(import_id)


@dataclass(frozen=True, slots=True)
class ListImports:
    """The company's imports, newest first; deleted ones are left out."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest) -> Page[Import]:
        """One page."""
        async with self.begin(InCompany.of(member)) as work:
            return Page.cut(await work.imports.list(page), page, lambda one: str(one.id))


@dataclass(frozen=True, slots=True)
class ListImportErrors:
    """The lines of an import that were not taken, in the order of the file: where, what, and why."""

    begin: UnitOfWork

    async def __call__(
        self, member: Membership, import_id: ImportId, page: PageRequest
    ) -> Page[ImportLineError]:
        """One page; raises ``ImportNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            await work.imports.get(import_id)
            errors = await work.imports.errors(import_id, page)
        return Page.cut(errors, page, lambda error: str(error.number))


@dataclass(frozen=True, slots=True)
class DeleteImport:
    """Undoes an import as a whole: its sales or counts go, and days it had replaced come back.

    Products that it created stay. One that still runs is cancelled.
    """

    begin: UnitOfWork
    files: FileStore

    async def __call__(self, member: Membership, import_id: ImportId) -> None:
        """Raises ``ImportNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            job = (await work.imports.get(import_id)).job
            # It may have ended just now: then what it landed is undone like anything else.
            with suppress(JobFinished):
                await work.jobs.request_cancel(job.id)
            stored_as = await work.imports.delete(import_id)
        await self.files.discard(stored_as)
