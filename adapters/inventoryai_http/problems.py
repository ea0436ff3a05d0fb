"""What can be wrong with a request before any rule of the product is asked, and what each kind is in HTTP."""

from collections.abc import Mapping, Sequence
from typing import Final

from inventoryai.domain.companies import CountryUnknown, TimeZoneUnknown
from inventoryai.domain.engines import EngineOptionsInvalid, EngineUnknown
from inventoryai.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    Stale,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from inventoryai.domain.forecasts import HorizonOutOfRange, LevelsInvalid, NoProductsNamed
from inventoryai.domain.identity import EmailInvalid, LocaleUnknown
from inventoryai.domain.imports import ImportKindUnknown, ImportMappingInvalid
from inventoryai.domain.models import EngineNotTrainable
from inventoryai.domain.money import CurrencyUnknown
from inventoryai.domain.paging import LimitOutOfRange
from inventoryai.domain.planning import ReviewDaysInvalid, ServiceLevelInvalid
from inventoryai.domain.products import SimilarProductUnknown
from inventoryai.domain.stock import StockCountsTooMany
from inventoryai.ports.files import UploadTooLarge


class BodyNotJson(Malformed):
    """The body cannot be parsed."""

    code = "request.not_json"
    en = "The body is not JSON in UTF-8."
    fr = "Le corps n’est pas du JSON en UTF-8."


class BodyTooDeep(Malformed):
    """Brackets within brackets, without end."""

    code = "request.too_deep"
    en = "The body is nested too deeply."
    fr = "Le corps est imbriqué trop profondément."


class BodyMissing(Malformed):
    """A body is needed and none came."""

    code = "request.body_missing"
    en = "This call needs a body."
    fr = "Cet appel exige un corps."


class BodyCutShort(Malformed):
    """The caller hung up in the middle of the body; nobody reads this answer, and nothing was done."""

    code = "request.cut_short"
    en = "The body ended before it was complete. Send it again."
    fr = "Le corps s’est interrompu avant la fin. Renvoyez-le."


class FormMalformed(Malformed):
    """A form that is cut short, or not written as its Content-Type says."""

    code = "request.form_malformed"
    en = "The form is cut short or not written as its Content-Type says."
    fr = "Le formulaire est incomplet ou n’a pas la forme qu’annonce son Content-Type."


class QueryUnknown(Malformed):
    """A query parameter that means nothing here: a filter that would silently not filter."""

    code = "query.unknown"
    en = "This call has no query parameter {name}. It has: {known}."
    fr = "Cet appel n’a pas de paramètre {name}. Il a : {known}."


class QueryDoubled(Malformed):
    """A query parameter that is given twice: nobody knows which is meant."""

    code = "query.doubled"
    en = "The query parameter {name} is given more than once."
    fr = "Le paramètre {name} est donné plusieurs fois."


class RequestMalformed(Malformed):
    """Not a request as HTTP knows it."""

    code = "request.malformed"
    en = "The request cannot be understood."
    fr = "La requête est incompréhensible."


class RouteNotFound(NotFound):
    """Nothing is at this path."""

    code = "route.not_found"
    en = "There is nothing at this path."
    fr = "Il n’y a rien à ce chemin."


class MethodNotAllowed(Malformed):
    """The path exists, and is not called this way."""

    code = "route.method_not_allowed"
    en = "This path does not take this method."
    fr = "Ce chemin n’accepte pas cette méthode."


class MediaTypeUnsupported(Malformed):
    """A body of a type that is not read here."""

    code = "request.media_type_unsupported"
    en = "The body must be of type {expected}."
    fr = "Le corps doit être de type {expected}."


class BodyTooLarge(Invalid):
    """A body over the limit."""

    code = "request.too_large"
    en = "The body is larger than {limit} bytes."
    fr = "Le corps dépasse {limit} octets."


class NotReady(Unavailable):
    """Something that serving needs is not there."""

    code = "service.not_ready"
    en = "Not ready; missing: {missing}."
    fr = "Pas prêt ; il manque : {missing}."

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(missing=", ".join(missing))
        self.missing = tuple(missing)


class ServerError(Problem):
    """Our fault. What happened is in the log, under the id of the request, and nowhere else."""

    code = "server.error"
    en = "Something went wrong on our side. It was logged under {request_id}."
    fr = "Une erreur s’est produite de notre côté. Elle est consignée sous {request_id}."

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id=request_id)
        self.request_id = request_id


STATUSES: Final[Mapping[type[Problem], int]] = {
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Stale: 412,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
    # HTTP itself tells these few apart from their kind.
    MethodNotAllowed: 405,
    BodyTooLarge: 413,
    UploadTooLarge: 413,
    MediaTypeUnsupported: 415,
}

TITLES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("The request cannot be understood", "La requête est incompréhensible"),
    401: ("Not logged in", "Non connecté"),
    403: ("Not allowed", "Interdit"),
    404: ("Not found", "Introuvable"),
    405: ("Method not allowed", "Méthode non autorisée"),
    409: ("Conflict with what is there", "Conflit avec l’existant"),
    412: ("Changed in the meantime", "Modifié entre-temps"),
    413: ("Too large", "Trop volumineux"),
    415: ("Type of body not supported", "Type de corps non pris en charge"),
    422: ("Not valid", "Non valable"),
    429: ("Too many requests", "Trop de requêtes"),
    500: ("Error on our side", "Erreur de notre côté"),
    503: ("Not available right now", "Indisponible pour l’instant"),
}
"""The title of each status, in English and in French."""

FIELDS: Final[Mapping[type[Problem], str]] = {
    CountryUnknown: "country",
    CurrencyUnknown: "currency",
    EmailInvalid: "email",
    EngineNotTrainable: "engine",
    EngineOptionsInvalid: "options",
    EngineUnknown: "engine",
    HorizonOutOfRange: "horizon",
    ImportKindUnknown: "kind",
    ImportMappingInvalid: "mapping",
    LevelsInvalid: "levels",
    NoProductsNamed: "products",
    LimitOutOfRange: "limit",
    LocaleUnknown: "locale",
    ReviewDaysInvalid: "review_days",
    ServiceLevelInvalid: "service_level",
    SimilarProductUnknown: "similar_to.product_id",
    StockCountsTooMany: "counts",
    TimeZoneUnknown: "time_zone",
    UploadTooLarge: "file",
}
"""The field of a request that an error speaks of when it is raised by itself."""


def status_of(kind: type[Problem]) -> int:
    """The HTTP status of an error: its own, or that of the nearest ancestor that has one; else 500."""
    return next((STATUSES[one] for one in kind.__mro__ if one in STATUSES), 500)
