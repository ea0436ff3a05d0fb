"""Invitations on the wire. The token itself travels by e-mail alone."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct

from inventoryai.domain import invitations
from inventoryai.domain.companies import Membership, Role
from inventoryai.domain.invitations import InvitationState

_ID = "01935c70-0a11-7c44-8a0b-2f6f7f1f9c01"


class NewInvitation(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is invited, and as what."""

    email: str
    role: Role

    example: ClassVar[dict[str, Any]] = {"email": "paul@example.com", "role": "member"}


class Invitation(Struct, frozen=True):
    """An invitation as the company sees it."""

    id: UUID
    email: str
    role: Role
    state: InvitationState
    expires_at: datetime

    example: ClassVar[dict[str, Any]] = {
        "id": _ID,
        "email": "paul@example.com",
        "role": "member",
        "state": "pending",
        "expires_at": "2026-03-08T08:30:00Z",
    }

    @classmethod
    def of(cls, one: invitations.Invitation) -> "Invitation":
        """As it is sent."""
        return cls(one.id, one.email, one.role, one.state, one.expires_at)


class InvitationName(Struct, frozen=True, forbid_unknown_fields=True):
    """Which invitation: by the token of the e-mail, or by its id in ``GET /me/invitations``."""

    token: str | None = None
    id: UUID | None = None

    example: ClassVar[dict[str, Any]] = {"id": _ID}


class Offer(Struct, frozen=True):
    """An invitation as the invited person sees it."""

    id: UUID
    company_id: UUID
    company_name: str
    role: Role
    expires_at: datetime

    example: ClassVar[dict[str, Any]] = {
        "id": _ID,
        "company_id": "01935c6e-5d1c-7a0e-9a51-7f3f0c2b8a11",
        "company_name": "Épicerie Awa",
        "role": "member",
        "expires_at": "2026-03-08T08:30:00Z",
    }

    @classmethod
    def of(cls, one: invitations.InvitationOffer) -> "Offer":
        """As it is sent."""
        return cls(one.id, one.company_id, one.company_name, one.role, one.expires_at)


class Joined(Struct, frozen=True):
    """The membership that came of an invitation."""

    company_id: UUID
    role: Role
    joined_at: datetime

    example: ClassVar[dict[str, Any]] = {
        "company_id": "01935c6e-5d1c-7a0e-9a51-7f3f0c2b8a11",
        "role": "member",
        "joined_at": "2026-03-02T10:00:00Z",
    }

    @classmethod
    def of(cls, membership: Membership) -> "Joined":
        """As it is sent."""
        return cls(membership.company_id, membership.role, membership.joined_at)
