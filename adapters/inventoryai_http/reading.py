"""Reading bodies: straight from the bytes into the type that the handler names.

Litestar would first decode JSON without a type, and 0.1 would become a binary fraction on the way.
"""

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException

from inventoryai.domain.errors import FieldProblem, InvalidFields, Problem
from inventoryai_http.faults import FieldDoubled, faults
from inventoryai_http.problems import (
    BodyCutShort,
    BodyNotJson,
    BodyTooDeep,
    FormMalformed,
    MediaTypeUnsupported,
)

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
_MOST_FORM_FIELDS: Final = 50


class ExactRequest(Request[Any, Any, Any]):
    """A request whose JSON body is read exactly, and whose faults are all named."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body, piece by piece.

        Raises:
            BodyCutShort: The caller hung up, which is no fault of ours, as Litestar would have it.
        """
        try:
            async for piece in super().stream():
                yield piece
        except InternalServerException as hung_up:
            raise BodyCutShort from hung_up

    async def json(self) -> Any:
        """The body as what the handler's ``data`` is.

        Raises:
            MediaTypeUnsupported, BodyNotJson, BodyTooDeep, InvalidFields: It is not.
        """
        require_type(self, JSON)
        field = self.route_handler.parsed_data_field
        return read_json(await self.body(), object if field is None else field.annotation)


def require_type(request: Request[Any, Any, Any], expected: str) -> None:
    """Refuse a body that says it is of another type; one that says nothing is taken at its word.

    Raises:
        MediaTypeUnsupported: It is of another type.
    """
    kind = request.content_type[0]
    if kind and kind != expected:
        raise MediaTypeUnsupported(expected=expected)


def read_json(body: bytes, expected: Any) -> Any:
    """A body as a type.

    Raises:
        BodyNotJson, BodyTooDeep: It cannot be parsed.
        InvalidFields: It can, and is something else.
    """
    try:
        return msgspec.json.decode(body, type=expected)
    except msgspec.ValidationError as mismatch:
        raise _named(body, expected, mismatch) from mismatch
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise BodyNotJson from unreadable
    except RecursionError as depth:
        raise BodyTooDeep from depth


def _named(body: bytes, expected: Any, mismatch: msgspec.ValidationError) -> Problem:
    try:
        # Decimal, since a number too large for a float is still a number.
        value = msgspec.json.Decoder(float_hook=Decimal).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return BodyNotJson()
    except RecursionError:
        return BodyTooDeep()
    found = faults(value, expected)
    if not found:
        raise mismatch  # The walk knows less than the decoder: that is a bug of ours.
    return InvalidFields(found)


async def read_form(request: Request[Any, Any, Any], expected: Any) -> Any:
    """A URL-encoded form as a ``Struct`` of texts.

    Litestar's own parser keeps the last thousand forms in a cache; ours hold passwords.

    Raises:
        MediaTypeUnsupported, FormMalformed: It is no such form.
        InvalidFields: A field is missing, unknown or doubled.
    """
    require_type(request, FORM)
    try:
        pairs = parse_qsl(
            (await request.body()).decode(),
            keep_blank_values=True,
            strict_parsing=False,
            errors="strict",
            max_num_fields=_MOST_FORM_FIELDS,
        )
    except ValueError as unreadable:
        raise FormMalformed from unreadable
    return form(pairs, expected)


def form(pairs: list[tuple[str, str]], expected: Any) -> Any:
    """Form fields as a ``Struct`` of texts.

    Raises:
        InvalidFields: A field is missing, unknown or doubled.
    """
    names = [name for name, _ in pairs]
    doubled = [FieldProblem(name, FieldDoubled()) for name in dict.fromkeys(names) if names.count(name) > 1]
    if doubled:
        raise InvalidFields(doubled)
    try:
        return msgspec.convert(dict(pairs), expected)
    except msgspec.ValidationError:
        raise InvalidFields(faults(dict(pairs), expected)) from None
