"""Invitations."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from inventoryai.domain.companies import AdminRequired, AlreadyMember, CompanyId, CompanyNotFound
from inventoryai.domain.identity import Actor, EmailNotVerified
from inventoryai.domain.invitations import InvitationExpired, InvitationId, InvitationNotFound, InvitationUsed
from inventoryai.domain.paging import PageRequest
from inventoryai.usecases.invitations import (
    AcceptInvitation,
    DeclineInvitation,
    InviteMember,
    ListMyInvitations,
)
from inventoryai_http.operations import BODY, LIST, LOGGED_IN, described
from inventoryai_http.paging import PageOf, answer_page, cut
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.invitations import Invitation, InvitationName, Joined, NewInvitation, Offer
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Invitations"]
ANSWERING = (InvitationNotFound, InvitationUsed, InvitationExpired, EmailNotVerified)


@post(
    "/company/{company_id:uuid}/invite",
    tags=TAGS,
    **described(InviteMember, LOGGED_IN, BODY, AdminRequired, AlreadyMember, CompanyNotFound),
)
async def invite_member(
    company_id: FromPath[UUID],
    data: JSONBody[NewInvitation],
    actor: NamedDependency[Actor],
    use_cases: NamedDependency[HttpUseCases],
) -> Invitation:
    """Answers 201 with the invitation."""
    invited = await use_cases.invite_member(actor, CompanyId(company_id), data.email, data.role)
    return Invitation.of(invited)


@post(
    "/invitations/accept",
    tags=TAGS,
    status_code=HTTP_200_OK,
    **described(AcceptInvitation, LOGGED_IN, BODY, ANSWERING, AlreadyMember),
)
async def accept_invitation(
    data: JSONBody[InvitationName], actor: NamedDependency[Actor], use_cases: NamedDependency[HttpUseCases]
) -> Joined:
    """Answers 200 with the membership."""
    return Joined.of(await use_cases.accept_invitation(actor, data.token, named(data)))


@post(
    "/invitations/decline",
    tags=TAGS,
    status_code=HTTP_204_NO_CONTENT,
    **described(DeclineInvitation, LOGGED_IN, BODY, ANSWERING),
)
async def decline_invitation(
    data: JSONBody[InvitationName], actor: NamedDependency[Actor], use_cases: NamedDependency[HttpUseCases]
) -> None:
    """Answers 204."""
    await use_cases.decline_invitation(actor, data.token, named(data))


@get("/me/invitations", tags=TAGS, **described(ListMyInvitations, LOGGED_IN, LIST))
async def list_my_invitations(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    actor: NamedDependency[Actor],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Offer]]:
    """Answers 200 with a page of invitations."""
    offers = await use_cases.list_my_invitations(actor)
    return answer_page(request, cut(offers, page, lambda offer: str(offer.id)), Offer.of)


def named(name: InvitationName) -> InvitationId | None:
    """The id that a request names an invitation by, if it does."""
    return None if name.id is None else InvitationId(name.id)


PERSONAL = (invite_member, accept_invitation, decline_invitation, list_my_invitations)
