"""Imports."""

from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from inventoryai.domain.companies import Membership
from inventoryai.domain.errors import InvalidFields, Locale
from inventoryai.domain.imports import ImportId, ImportNotFound
from inventoryai.domain.paging import PageRequest
from inventoryai.ports.files import UploadTooLarge
from inventoryai.usecases.imports import (
    DeleteImport,
    GetImport,
    ListImportErrors,
    ListImports,
    StartImport,
)
from inventoryai_http.operations import IN_COMPANY, LIST, LOCATION, accepted, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.problems import FormMalformed, MediaTypeUnsupported
from inventoryai_http.reading import ExactRequest, form
from inventoryai_http.schemas.imports import Import, ImportForm, LineError
from inventoryai_http.settings import HttpSettings
from inventoryai_http.uploads import MULTIPART, forget, receive_upload
from inventoryai_http.use_cases import HttpUseCases
from inventoryai_http.writing import ExactResponse

TAGS = ["Imports"]
UPLOAD_BODY: dict[str, Any] = {
    "request_body": (MULTIPART, ImportForm),
    "file": "file",
    "also": {200: "The same bytes came before: the first import."},
}


@post(
    "/imports",
    tags=TAGS,
    status_code=HTTP_202_ACCEPTED,
    response_headers=LOCATION,
    opt=UPLOAD_BODY,
    **described(
        StartImport, IN_COMPANY, (FormMalformed, MediaTypeUnsupported, UploadTooLarge, InvalidFields)
    ),
)
async def start_import(
    request: ExactRequest,
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
    settings: NamedDependency[HttpSettings],
) -> Response[Import]:
    """Answers 202 with the import, or 200 with the first one of the same bytes."""
    upload = await receive_upload(request, use_cases.files, settings.upload_limit)
    try:
        kind, options = form(upload.fields, ImportForm).understood()
    except InvalidFields:
        await forget(upload, use_cases.files)
        raise
    started = await use_cases.start_import(member, upload.received(), kind, options)
    answer = Import.of(started.imported, locale)
    return (
        ExactResponse(answer, status_code=HTTP_200_OK)
        if started.again
        else accepted(answer, started.imported.job)
    )


@get("/imports", tags=TAGS, **described(ListImports, IN_COMPANY, LIST))
async def list_imports(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Import]]:
    """Answers 200 with a page of imports."""
    found = await use_cases.list_imports(member, page)
    return answer_page(request, found, lambda one: Import.of(one, locale))


@get("/imports/{import_id:uuid}", tags=TAGS, **described(GetImport, IN_COMPANY, ImportNotFound))
async def get_import(
    import_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Import:
    """Answers 200 with the import."""
    return Import.of(await use_cases.get_import(member, ImportId(import_id)), locale)


@get(
    "/imports/{import_id:uuid}/errors",
    tags=TAGS,
    **described(ListImportErrors, IN_COMPANY, LIST, ImportNotFound),
)
async def list_import_errors(
    request: ExactRequest,
    import_id: FromPath[UUID],
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[LineError]]:
    """Answers 200 with a page of lines that were not taken."""
    errors = await use_cases.list_import_errors(member, ImportId(import_id), page)
    return answer_page(request, errors, lambda error: LineError.of(error, locale))


@delete("/imports/{import_id:uuid}", tags=TAGS, **described(DeleteImport, IN_COMPANY, ImportNotFound))
async def delete_import(
    import_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> None:
    """Answers 204."""
    await use_cases.delete_import(member, ImportId(import_id))


UPLOADS = (start_import,)
IN_A_COMPANY = (list_imports, get_import, list_import_errors, delete_import)
