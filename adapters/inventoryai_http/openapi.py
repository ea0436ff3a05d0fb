"""The OpenAPI 3.1 document: what Litestar makes of the handlers, with what it cannot know."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, OAuthFlow, OAuthFlows, Schema, SecurityScheme
from litestar.openapi.spec.enums import OpenAPIType
from litestar.plugins import OpenAPISchemaPlugin
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from inventoryai_http.docs_page import SwaggerPage, docs_router
from inventoryai_http.paging import PageOf
from inventoryai_http.security import COMPANY_HEADER

SECURITY: Final = "password"
DESCRIPTION: Final = """What will sell, what to order, when, and why.

Register, verify the e-mail address, log in with *Authorize*, create a company, send sales to
`/imports`, ask for a forecast and a plan, and read the recommendations.

Errors are `application/problem+json` with a stable `code`. Calls about a company carry
`X-Company-ID`; who is in only one company may leave it out. Long work answers 202 with the
`Location` of its job.
"""


_PAGE_NAME: Final = re.compile(rb"PageOf_[\w.]*\.(\w+)_")


class ExactNumbers(OpenAPISchemaPlugin):
    """Says that a Decimal is sent as a number, as ``ExactResponse`` does."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        """Decimals, and nothing else."""
        return value is Decimal

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """A number."""
        del field_definition, schema_creator
        return Schema(type=OpenAPIType.NUMBER)


def configuration(version: str) -> OpenAPIConfig:
    """The document's head, the security scheme behind *Authorize*, and the page at ``/docs``."""
    flow = OAuthFlow(token_url="/api/v1/login/token", scopes={})  # noqa: S106 - an address
    scheme = SecurityScheme(
        type="oauth2",
        description="Log in with e-mail and password.",
        flows=OAuthFlows(password=flow),
    )
    return OpenAPIConfig(
        title="InventoryAI",
        version=version,
        description=DESCRIPTION,
        components=Components(security_schemes={SECURITY: scheme}),
        openapi_router=docs_router(),
        render_plugins=[SwaggerPage()],
    )


def document(app: Litestar) -> dict[str, Any]:
    """The whole document, with examples, forms and the company header in their places."""
    made = _with_short_names(app.openapi_schema.to_schema())
    for path, method, handler in operations(app):
        operation = made["paths"][path][method]
        _describe_body(operation, handler)
        _describe_answer(operation, handler)
        if "company_header" in handler.opt:
            operation.setdefault("parameters", []).append(_COMPANY_PARAMETER)
    return made


def _with_short_names(made: dict[str, Any]) -> dict[str, Any]:
    """The page of products is called ProductPage, and not by the path of its module."""
    text = _PAGE_NAME.sub(rb"\1Page", msgspec.json.encode(made))
    short: dict[str, Any] = msgspec.json.decode(text)
    return short


def operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Every operation that the document has: path, method, handler."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if handler.resolve_include_in_schema():
                    yield route.path_format, method.lower(), handler


_COMPANY_PARAMETER: Final = {
    "name": COMPANY_HEADER,
    "in": "header",
    "required": False,
    "description": "The company that is meant; may be left out by who is in only one.",
    "schema": {"type": "string", "format": "uuid"},
    "deprecated": False,
}


def _describe_body(operation: dict[str, Any], handler: HTTPRouteHandler) -> None:
    """An example of what is sent; of forms, which handlers read by themselves, the schema too."""
    if "request_body" in handler.opt:
        media_type, struct = handler.opt["request_body"]
        operation["requestBody"] = {
            "required": True,
            "content": {media_type: {"schema": _form_schema(struct, handler.opt.get("file"))}},
        }
    for content in operation.get("requestBody", {}).get("content", {}).values():
        struct = handler.opt["request_body"][1] if "request_body" in handler.opt else _data_type(handler)
        content["example"] = example_of(struct)


def _form_schema(struct: type[msgspec.Struct], file: str | None) -> dict[str, Any]:
    _, components = msgspec.json.schema_components([struct])
    schema: dict[str, Any] = components[struct.__name__]
    for field in schema["properties"].values():
        # A field of a form is a text or is not there; it cannot be null.
        field.update(field.pop("anyOf", [{}])[0])
        field.pop("default", None)
    if file is not None:
        schema["properties"] = {file: {"type": "string", "format": "binary"}, **schema["properties"]}
        schema["required"] = [file, *schema["required"]]
    return schema


def _describe_answer(operation: dict[str, Any], handler: HTTPRouteHandler) -> None:
    """An example of the good answer, and the other good answers where there are several."""
    answer = operation["responses"][str(handler.status_code)]
    answer["description"] = handler.fn.__doc__
    for content in answer.get("content", {}).values():
        content["example"] = example_of(_answer_type(handler))
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            for example in content.get("examples", {}).values():
                example.pop("id", None)  # Litestar writes it; OpenAPI does not know it.
    for status, why in handler.opt.get("also", {}).items():
        operation["responses"][str(status)] = {**answer, "description": why, "headers": {}}


def _data_type(handler: HTTPRouteHandler) -> Any:
    field = handler.parsed_data_field
    return None if field is None else field.annotation


def _answer_type(handler: HTTPRouteHandler) -> Any:
    """What a handler answers with, taken out of its ``Response``."""
    annotation = handler.parsed_fn_signature.return_type.annotation
    return get_args(annotation)[0] if get_origin(annotation) is Response else annotation


def example_of(kind: Any) -> Any:
    """The example of a wire type, or a page with one item of it."""
    if get_origin(kind) is PageOf:
        return {"items": [example_of(get_args(kind)[0])], "next_cursor": None}
    return getattr(kind, "example", None)
