"""Query parameters that mean nothing, or come twice, are refused: no filter is silently ignored."""

from collections import Counter
from typing import Any, Final

from litestar import Litestar, Request
from litestar.routes import HTTPRoute

from inventoryai_http.problems import QueryDoubled, QueryUnknown

_NAMES: Final = "query_names"
_LONGEST_NAME: Final = 100


def note_query_names(app: Litestar) -> None:
    """Notes with every handler which query parameters it and its dependencies take."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler, model in route.route_handler_map.values():
                handler.opt[_NAMES] = sorted(one.field_alias for one in model.expected_query_params)


async def refuse_unknown_query(request: Request[Any, Any, Any]) -> None:
    """Raises ``QueryUnknown`` or ``QueryDoubled``."""
    known = request.route_handler.opt.get(_NAMES, ())
    given = Counter(name for name, _ in request.query_params.multi_items())
    for name, times in given.items():
        if name not in known:
            raise QueryUnknown(name=name[:_LONGEST_NAME], known=", ".join(known) or "—")
        if times > 1:
            raise QueryDoubled(name=name)
