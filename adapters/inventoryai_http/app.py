"""The application: a factory, so that importing it starts nothing.

Routes stand in three groups, and a handler belongs to exactly one of them: ``OPEN`` to anybody,
``PERSONAL`` for who has a good access token, ``IN_A_COMPANY`` for members of the company that the
call is about. The guards of a group run before anything else of a request is read.
"""

from typing import Final

import msgspec
from litestar import Litestar, Router, get
from litestar.config.cors import CORSConfig
from litestar.di import Provide

from inventoryai.domain.errors import Locale
from inventoryai_http.answers import HANDLERS
from inventoryai_http.controllers import (
    accuracy,
    companies,
    engines,
    forecasts,
    health,
    identity,
    imports,
    invitations,
    jobs,
    models,
    overrides,
    products,
    promotions,
    replenishment,
    stock,
)
from inventoryai_http.error_reference import know_every_error
from inventoryai_http.languages import language
from inventoryai_http.observing import Metrics, Observed
from inventoryai_http.openapi import SECURITY, ExactNumbers, configuration, document
from inventoryai_http.paging import provide_page
from inventoryai_http.query import note_query_names, refuse_unknown_query
from inventoryai_http.reading import ExactRequest
from inventoryai_http.security import (
    COMPANY_HEADER,
    InsideCompany,
    LoggedIn,
    provide_actor,
    provide_member,
)
from inventoryai_http.settings import HttpSettings
from inventoryai_http.uploads import FORM_ALLOWANCE
from inventoryai_http.use_cases import HttpUseCases
from inventoryai_http.writing import ExactResponse

OPEN: Final = identity.OPEN
PERSONAL: Final = (
    *identity.PERSONAL,
    *companies.PERSONAL,
    *invitations.PERSONAL,
    *engines.PERSONAL,
)
IN_A_COMPANY: Final = (
    *products.IN_A_COMPANY,
    *promotions.IN_A_COMPANY,
    *stock.IN_A_COMPANY,
    *imports.IN_A_COMPANY,
    *forecasts.IN_A_COMPANY,
    *overrides.IN_A_COMPANY,
    *accuracy.IN_A_COMPANY,
    *models.IN_A_COMPANY,
    *replenishment.IN_A_COMPANY,
    *jobs.IN_A_COMPANY,
)
UPLOADS: Final = imports.UPLOADS


def create_app(use_cases: HttpUseCases, settings: HttpSettings) -> Litestar:
    """The API over these use cases.

    Nothing is started: the use cases bring their own connections, and whoever serves the
    application opens and closes them.
    """
    know_every_error()
    metrics = Metrics.fresh()
    app = Litestar(
        route_handlers=[_api(use_cases, settings), *health.AT_ROOT],
        dependencies={
            "use_cases": Provide(lambda: use_cases, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "metrics": Provide(lambda: metrics, sync_to_thread=False),
        },
        request_class=ExactRequest,
        response_class=ExactResponse,
        exception_handlers=dict(HANDLERS),
        request_max_body_size=settings.body_limit,
        cors_config=_cors(settings),
        openapi_config=configuration(settings.version),
        plugins=[ExactNumbers()],
        logging_config=None,
        debug=False,
    )
    note_query_names(app)
    app.asgi_handler = Observed(app.asgi_handler, metrics, https=settings.https)
    return app


def _api(use_cases: HttpUseCases, settings: HttpSettings) -> Router:
    logged_in = LoggedIn(use_cases.authenticate)
    inside = InsideCompany(use_cases.enter_company)
    personal = Router(
        "/",
        route_handlers=PERSONAL,
        guards=[logged_in],
        dependencies={"actor": Provide(provide_actor, sync_to_thread=False)},
        security=[{SECURITY: []}],
    )
    # The one large body is a file, which its handler takes in piece by piece.
    uploads = Router(
        "/", route_handlers=UPLOADS, request_max_body_size=settings.upload_limit + FORM_ALLOWANCE
    )
    in_a_company = Router(
        "/",
        route_handlers=[*IN_A_COMPANY, uploads],
        guards=[logged_in, inside],
        dependencies={"member": Provide(provide_member, sync_to_thread=False)},
        security=[{SECURITY: []}],
        opt={"company_header": COMPANY_HEADER},
    )
    return Router(
        "/api/v1",
        route_handlers=[*OPEN, personal, in_a_company, openapi_document],
        before_request=refuse_unknown_query,
        dependencies={
            "page": Provide(provide_page, sync_to_thread=False),
            "locale": Provide(provide_locale, sync_to_thread=False),
        },
    )


def provide_locale(request: ExactRequest) -> Locale:
    """The language to answer in."""
    return language(request)


@get("/openapi.json", include_in_schema=False, media_type="application/json")
async def openapi_document(request: ExactRequest) -> bytes:
    """Answers 200 with the OpenAPI document, made once."""
    state = request.app.state
    if "openapi" not in state:
        state["openapi"] = msgspec.json.encode(document(request.app))
    made: bytes = state["openapi"]
    return made


def _cors(settings: HttpSettings) -> CORSConfig | None:
    """Pages of configured origins may call; without any, no answer carries a word of it."""
    if not settings.cors_origins:
        return None
    return CORSConfig(
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Accept-Language",
            "If-Match",
            COMPANY_HEADER,
            "X-Request-ID",
        ],
        expose_headers=["ETag", "Location", "Link", "Retry-After", "X-Request-ID"],
        allow_credentials=False,
    )
