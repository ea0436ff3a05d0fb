"""Lists, page by page: ``?limit=`` and ``?cursor=`` in, ``next_cursor`` and a ``Link`` header out."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.params import QueryParameter
from msgspec import Struct

from inventoryai.domain.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, Page, PageRequest
from inventoryai_http.writing import ExactResponse

Item = TypeVar("Item")
Wire = TypeVar("Wire")
_LONGEST_CURSOR: Final = 1_000

Limit = Annotated[
    int,
    QueryParameter(description=f"How many items a page has, 1 to {MAX_LIMIT}; {DEFAULT_LIMIT} by default."),
]
Cursor = Annotated[
    str | None, QueryParameter(description="Where the page starts: the ``next_cursor`` of the one before it.")
]


class PageOf(Struct, Generic[Wire], frozen=True):
    """One page of a list; ``next_cursor`` is null on the last."""

    items: list[Wire]
    next_cursor: str | None


def provide_page(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> PageRequest:
    """Which page is asked for.

    Raises:
        LimitOutOfRange, CursorInvalid: There is no such page.
    """
    return PageRequest(limit, None if cursor is None else decoded(cursor))


def answer_page(
    request: Request[Any, Any, Any], page: Page[Item], wire: Callable[[Item], Wire]
) -> Response[PageOf[Wire]]:
    """A page as it is sent."""
    cursor = None if page.next_after is None else encoded(page.next_after)
    return ExactResponse(PageOf([wire(item) for item in page.items], cursor), headers=links(request, cursor))


def cut(items: Sequence[Item], request: PageRequest, key: Callable[[Item], str]) -> Page[Item]:
    """A page of a short list that is there as a whole."""
    keys = [key(item) for item in items]
    if request.after is not None and request.after not in keys:
        raise CursorInvalid
    start = 0 if request.after is None else keys.index(request.after) + 1
    return Page.cut(items[start : start + request.limit + 1], request, key)


def links(request: Request[Any, Any, Any], cursor: str | None) -> dict[str, str]:
    """The ``Link`` header that leads to the next page, with the filters of this one."""
    if cursor is None:
        return {}
    query = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    return {"Link": f'<{request.url.path}?{urlencode([*query, ("cursor", cursor)])}>; rel="next"'}


def encoded(after: str) -> str:
    """The key of an item as a cursor: of letters that need no escaping, and none of anybody's business."""
    return urlsafe_b64encode(after.encode()).decode().rstrip("=")


def decoded(cursor: str) -> str:
    """The key that a cursor stands for.

    Raises:
        CursorInvalid: We never wrote that.
    """
    try:
        after = urlsafe_b64decode(cursor[:_LONGEST_CURSOR] + "=" * (-len(cursor) % 4)).decode()
    except (Base64Error, ValueError) as foreign:
        raise CursorInvalid from foreign
    if encoded(after) != cursor or "\0" in after:
        raise CursorInvalid
    return after
