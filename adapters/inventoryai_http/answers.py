"""Errors as they leave: ``application/problem+json`` (RFC 9457), whatever went wrong.

{"type": "/docs/errors#sku.already_exists", "title": "Conflict with what is there", "status": 409,
"detail": "A product with the SKU A-1 exists already.", "code": "sku.already_exists",
"instance": "/api/v1/products"}
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from litestar import Request, Response
from litestar.enums import HttpMethod
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.status_codes import (
    HTTP_401_UNAUTHORIZED,
    HTTP_405_METHOD_NOT_ALLOWED,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_503_SERVICE_UNAVAILABLE,
)
from msgspec import UNSET, Struct, UnsetType

from inventoryai.domain.companies import CompanySelectionRequired
from inventoryai.domain.errors import FieldProblem, Invalid, InvalidFields, Locale, Problem
from inventoryai_http.faults import ParameterInvalid
from inventoryai_http.languages import language
from inventoryai_http.observing import request_id_of
from inventoryai_http.problems import (
    FIELDS,
    TITLES,
    BodyMissing,
    BodyTooLarge,
    MethodNotAllowed,
    NotReady,
    RequestMalformed,
    RouteNotFound,
    ServerError,
    status_of,
)
from inventoryai_http.writing import ExactResponse

logger = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]
MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER: Final = 5
"""Seconds that a caller should wait when something does not answer."""


class FieldError(Struct, frozen=True):
    """What is wrong with one field of the input."""

    field: str
    code: str
    message: str


class CompanyChoice(Struct, frozen=True):
    """A company that may have been meant."""

    id: str
    name: str


class ProblemDocument(Struct, frozen=True, omit_defaults=True):
    """An error, for a program (``code``) and for a person (``title``, ``detail``)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldError] | UnsetType = UNSET
    companies: list[CompanyChoice] | UnsetType = UNSET
    missing: list[str] | UnsetType = UNSET
    request_id: str | UnsetType = UNSET


def type_of(code: str) -> str:
    """Where an error is explained to people."""
    return f"/docs/errors#{code}"


def document(problem: Problem, instance: str, locale: Locale) -> ProblemDocument:
    """An error in one language, as it happened on one path."""
    status = status_of(type(problem))
    return ProblemDocument(
        type=type_of(problem.code),
        title=TITLES[status][1 if locale == "fr" else 0],
        status=status,
        detail=problem.message(locale),
        code=problem.code,
        instance=instance,
        errors=_field_errors(problem, locale),
        companies=_companies(problem),
        missing=list(problem.missing) if isinstance(problem, NotReady) else UNSET,
        request_id=problem.request_id if isinstance(problem, ServerError) else UNSET,
    )


def _field_errors(problem: Problem, locale: Locale) -> list[FieldError] | UnsetType:
    match problem:
        case InvalidFields():
            found = problem.problems
        case Invalid() if type(problem) in FIELDS:
            found = (FieldProblem(FIELDS[type(problem)], problem),)
        case _:
            return UNSET
    return [FieldError(one.field, one.problem.code, one.problem.message(locale)) for one in found]


def _companies(problem: Problem) -> list[CompanyChoice] | UnsetType:
    if not isinstance(problem, CompanySelectionRequired):
        return UNSET
    return [CompanyChoice(id=str(one.id), name=one.name) for one in problem.companies]


def answer(request: AnyRequest, problem: Problem) -> Response[ProblemDocument]:
    """The answer to a request that met an error."""
    locale = language(request)
    made = document(problem, request.scope["path"], locale)
    headers = {"Content-Language": locale, "Vary": "Accept-Language"}
    if made.status == HTTP_405_METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed(request))
    if made.status == HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="inventoryai"'
    if made.status in {HTTP_429_TOO_MANY_REQUESTS, HTTP_503_SERVICE_UNAVAILABLE}:
        headers["Retry-After"] = str(RETRY_AFTER)
    return ExactResponse(made, status_code=made.status, media_type=MEDIA_TYPE, headers=headers)


def _allowed(request: AnyRequest) -> Iterator[str]:
    """The methods that a path does take."""
    for method in HttpMethod:
        with suppress(HTTPException):
            request.app.asgi_router.handle_routing(request.scope["path"], method)
            yield method.value


def answer_crash(request: AnyRequest, crash: Exception) -> Response[ProblemDocument]:
    """The answer to a request that met a bug: an id to look up in the log, and nothing else."""
    request_id = request_id_of(request.scope)
    logger.error("a request crashed", exc_info=crash, extra={"request_id": request_id})
    return answer(request, ServerError(request_id))


def answer_framework(request: AnyRequest, error: HTTPException) -> Response[ProblemDocument]:
    """What Litestar itself refuses, in the words of the product."""
    problem = _in_our_words(request, error)
    return answer_crash(request, error) if problem is None else answer(request, problem)


def _in_our_words(request: AnyRequest, error: HTTPException) -> Problem | None:
    match error:
        case ValidationException():
            return _invalid_parameters(error)
        case NotFoundException():
            return RouteNotFound()
        case MethodNotAllowedException():
            return MethodNotAllowed()
        case RequestEntityTooLarge():
            return BodyTooLarge(limit=request.route_handler.resolve_request_max_body_size())
        case ClientException():
            return RequestMalformed()
        case _:
            return None


def _invalid_parameters(error: ValidationException) -> Problem:
    """Litestar says which parameter it could not read; a missing body it calls ``data``."""
    names = [one.get("key", "") for one in error.extra or [] if isinstance(one, dict)]
    if "data" in names:
        return BodyMissing()
    return (
        InvalidFields([FieldProblem(name, ParameterInvalid()) for name in names])
        if names
        else RequestMalformed()
    )


HANDLERS: Final[Mapping[int | type[Exception], Callable[[AnyRequest, Any], Response[Any]]]] = {
    Problem: answer,
    HTTPException: answer_framework,
    Exception: answer_crash,
}
"""Who answers what: every exception, also those of paths that do not exist."""
