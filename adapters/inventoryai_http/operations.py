"""How an operation is described in the OpenAPI document: by its use case, and by the errors it may end in."""

from collections import defaultdict
from collections.abc import Sequence
from inspect import cleandoc
from typing import Any, Final, TypeVar

from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.status_codes import HTTP_202_ACCEPTED

from inventoryai.domain.companies import (
    CompanyHeaderInvalid,
    CompanyMissing,
    CompanyNotFound,
    CompanySelectionRequired,
)
from inventoryai.domain.errors import InvalidFields, Problem
from inventoryai.domain.identity import TokenExpired, TokenInvalid, TokenMissing
from inventoryai.domain.jobs import Job
from inventoryai.domain.paging import CursorInvalid, LimitOutOfRange
from inventoryai.ports.storage import StorageUnavailable
from inventoryai_http.answers import MEDIA_TYPE, ProblemDocument, type_of
from inventoryai_http.problems import (
    TITLES,
    BodyMissing,
    BodyNotJson,
    BodyTooDeep,
    BodyTooLarge,
    MediaTypeUnsupported,
    QueryDoubled,
    QueryUnknown,
    status_of,
)
from inventoryai_http.writing import ExactResponse

Answer = TypeVar("Answer")
Errors = Sequence[type[Problem]]

LOGGED_IN: Final[Errors] = (TokenMissing, TokenInvalid, TokenExpired, StorageUnavailable)
IN_COMPANY: Final[Errors] = (
    *LOGGED_IN,
    CompanyHeaderInvalid,
    CompanySelectionRequired,
    CompanyMissing,
    CompanyNotFound,
)
BODY: Final[Errors] = (
    BodyNotJson,
    BodyTooDeep,
    BodyMissing,
    MediaTypeUnsupported,
    BodyTooLarge,
    InvalidFields,
    StorageUnavailable,
)
LIST: Final[Errors] = (LimitOutOfRange, CursorInvalid)
LOCATION: Final = [
    ResponseHeader(
        name="Location",
        value="/api/v1/jobs/01935c72-7d20-7e11-9c55-0a4f5b6c7d01",
        description="The job.",
        documentation_only=True,
    )
]


def described(use_case: type, *errors: Errors | type[Problem]) -> dict[str, Any]:
    """What a handler's decorator is told of the use case behind it.

    Args:
        use_case: Its name becomes the operation's id, its docstring the description.
        errors: What it may end in, one by one or in the groups above.
    """
    # Docstrings mark code with two backticks, OpenAPI's Markdown with one.
    text = cleandoc(use_case.__doc__ or "").replace("``", "`")
    return {
        "operation_id": use_case.__name__[0].lower() + use_case.__name__[1:],
        "summary": text.partition("\n")[0],
        "description": text,
        "responses": declared([QueryUnknown, QueryDoubled, *_flat(errors)]),
    }


def accepted(body: Answer, job: Job) -> Response[Answer]:
    """202: the work goes on, and the job tells how far it is."""
    return ExactResponse(body, status_code=HTTP_202_ACCEPTED, headers={"Location": f"/api/v1/jobs/{job.id}"})


def declared(errors: Errors) -> dict[int, ResponseSpec]:
    """Errors as responses, one a status, that tells every code and shows the first."""
    by_status: dict[int, list[type[Problem]]] = defaultdict(list)
    for error in dict.fromkeys(errors):
        by_status[status_of(error)].append(error)
    return {status: _response(group) for status, group in sorted(by_status.items())}


def _response(errors: Errors) -> ResponseSpec:
    return ResponseSpec(
        ProblemDocument,
        generate_examples=False,
        description="\n".join(f"- `{error.code}`: {error.en}" for error in errors),
        media_type=MEDIA_TYPE,
        examples=[Example(id=errors[0].code, value=_example(errors[0]))],
    )


def _example(error: type[Problem]) -> dict[str, Any]:
    """An error as it is sent, its placeholders still open."""
    status = status_of(error)
    return {
        "type": type_of(error.code),
        "title": TITLES[status][0],
        "status": status,
        "detail": error.en,
        "code": error.code,
        "instance": "/api/v1/…",
    }


def _flat(errors: Sequence[Errors | type[Problem]]) -> list[type[Problem]]:
    return [one for group in errors for one in (group if isinstance(group, Sequence) else (group,))]
