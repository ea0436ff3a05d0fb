"""Swagger UI at ``/docs``, from installed files: no page of ours asks another host for anything."""

from pathlib import Path
from typing import Any, Final

from litestar import Request, Response, Router, get
from litestar.openapi.plugins import OpenAPIRenderPlugin
from swagger_ui_bundle import swagger_ui_path

from inventoryai_http.error_reference import errors_page

DOCUMENT: Final = "/api/v1/openapi.json"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Swagger UI sets styles on its elements; scripts it has in files alone."""

_FILES: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>InventoryAI</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START: Final = f"""SwaggerUIBundle({{
  url: "{DOCUMENT}",
  dom_id: "#page",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
}});
"""


class SwaggerPage(OpenAPIRenderPlugin):
    """The page, and the files that it needs."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page; it fetches the document by itself."""
        del request, openapi_schema
        return _PAGE.encode()

    def has_path(self, path: str) -> bool:
        """Also the document's, which stands under ``/api/v1``: Litestar then adds no second one here."""
        return path == "/openapi.json" or super().has_path(path)

    def receive_router(self, router: Router) -> None:
        """Adds the files beside the page."""
        router.register(start_script)
        router.register(errors_page)
        for name, media_type in _FILES.items():
            router.register(_file(name, media_type))


def docs_router() -> Router:
    """Where the page stands, and what it may load there; answers of the API may load nothing."""
    return Router(
        "/docs",
        route_handlers=[],
        include_in_schema=False,
        response_headers={"Content-Security-Policy": _POLICY},
    )


@get("/start.js", include_in_schema=False, media_type="text/javascript")
async def start_script() -> str:
    """Answers 200 with what starts the page."""
    return _START


def _file(name: str, media_type: str) -> Any:
    """A handler for one installed file."""
    content = (Path(str(swagger_ui_path)) / name).read_bytes()

    @get(f"/{name}", include_in_schema=False, media_type=media_type, name=f"docs:{name}")
    async def installed_file() -> Response[bytes]:
        return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})

    return installed_file
