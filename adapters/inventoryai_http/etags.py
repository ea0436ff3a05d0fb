"""Versions of what can be changed, as HTTP tells them: ``ETag`` in answers, ``If-Match`` in requests."""

import re
from typing import Annotated, Final, TypeVar

from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter

from inventoryai_http.writing import ExactResponse

Answer = TypeVar("Answer")
_STRONG: Final = re.compile(r'"([0-9]{1,18})"')

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        description="The `ETag` of what was read: nothing is changed (412) if somebody else has changed it.",
    ),
]
ETAG: Final = [
    ResponseHeader(
        name="ETag", value='"3"', description="The version, for `If-Match`.", documentation_only=True
    )
]


def tagged(body: Answer, version: int, status: int) -> Response[Answer]:
    """An answer that tells its version."""
    return ExactResponse(body, status_code=status, headers={"ETag": f'"{version}"'})


def versions_of(if_match: str | None) -> frozenset[int] | None:
    """The versions that a caller would change; None where any will do.

    A tag that no answer of ours ever had, a weak one among them, matches nothing.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tags = (_STRONG.fullmatch(tag.strip()) for tag in if_match.split(","))
    return frozenset(int(tag[1]) for tag in tags if tag)
