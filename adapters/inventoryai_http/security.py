"""Who is calling, and in which company.

Both are settled by guards, before anything else of a request is looked at: Litestar reads bodies
before it resolves dependencies, and the body of a stranger is not worth reading. The dependencies
only hand over what the guards found.
"""

from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from inventoryai.domain.companies import CompanyHeaderInvalid, CompanyId, Membership
from inventoryai.domain.identity import Actor, TokenInvalid, TokenMissing
from inventoryai.usecases.companies import EnterCompany
from inventoryai.usecases.identity import Authenticate
from inventoryai_http.languages import remember
from inventoryai_http.reading import ExactRequest

Connection = ASGIConnection[Any, Any, Any, Any]

COMPANY_HEADER: Final = "X-Company-ID"
_LONGEST_TOKEN: Final = 4_096
_UUID_LENGTH: Final = 36


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Lets those pass who have a good access token."""

    authenticate: Authenticate

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        """Raises ``TokenMissing``, ``TokenInvalid`` or ``TokenExpired``."""
        actor = await self.authenticate(bearer_token(connection.headers.getall("authorization", [])))
        state = connection.scope["state"]
        state["actor"], state["user_id"] = actor, actor.id
        remember(connection, actor.locale)

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        """Litestar copies its routers deeply; what a guard asks, a pool of connections, is one."""
        return self


@dataclass(frozen=True, slots=True)
class InsideCompany:
    """Lets those pass who are members of the company that the header names, or of one alone."""

    enter: EnterCompany

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        """Raises ``CompanyHeaderInvalid``, and what ``EnterCompany`` raises."""
        named = company_named(connection.headers.getall(COMPANY_HEADER, []))
        state = connection.scope["state"]
        state["member"] = await self.enter(state["actor"], named)

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        """As above."""
        return self


def bearer_token(headers: list[str]) -> str:
    """The token of ``Authorization: Bearer …``.

    Raises:
        TokenMissing: There is no such header.
        TokenInvalid: It is of another scheme, doubled, or larger than any token of ours.
    """
    if not headers:
        raise TokenMissing
    scheme, _, token = headers[0].strip().partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not 0 < len(token) <= _LONGEST_TOKEN:
        raise TokenInvalid
    return token.strip()


def company_named(headers: list[str]) -> CompanyId | None:
    """The company of ``X-Company-ID``; None when the header is not there.

    Raises:
        CompanyHeaderInvalid: It is doubled, or no id in the usual form.
    """
    if not headers:
        return None
    if len(headers) > 1 or len(headers[0]) != _UUID_LENGTH:
        raise CompanyHeaderInvalid
    try:
        return CompanyId(UUID(headers[0]))
    except ValueError as malformed:
        raise CompanyHeaderInvalid from malformed


def provide_actor(request: ExactRequest) -> Actor:
    """Who is calling, as the guard found."""
    actor: Actor = request.scope["state"]["actor"]
    return actor


def provide_member(request: ExactRequest) -> Membership:
    """The caller's place in the company of this call, as the guard found."""
    member: Membership = request.scope["state"]["member"]
    return member
