"""Invitations: how a person comes into a company that somebody else founded."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from inventoryai.domain.companies import CompanyId, Membership, Role
from inventoryai.domain.errors import Conflict, Invalid, NotFound
from inventoryai.domain.identity import Actor, Email, EmailNotVerified, UserId

InvitationId = NewType("InvitationId", UUID)
INVITATION_LIFETIME: Final = timedelta(days=7)


class InvitationNotFound(NotFound):
    """No such invitation, or one addressed to somebody else: the answer is the same."""

    code = "invitation.not_found"
    en = "There is no such invitation for you."
    fr = "Il n’y a pas d’invitation de ce genre pour vous."


class InvitationExpired(Conflict):
    """The invitation was good once."""

    code = "invitation.expired"
    en = "This invitation has expired. Ask the company to invite you again."
    fr = "Cette invitation a expiré. Demandez à l’entreprise de vous réinviter."


class InvitationUsed(Conflict):
    """The invitation was accepted, declined or withdrawn before."""

    code = "invitation.used"
    en = "This invitation is no longer open."
    fr = "Cette invitation n’est plus ouverte."


class InvitationUnnamed(Invalid):
    """Neither a token nor an id, or both."""

    code = "invitation.unnamed"
    en = "Name the invitation by its token or by its id, one of the two."
    fr = "Désignez l’invitation par son jeton ou par son identifiant, l’un des deux."


class InvitationState(StrEnum):
    """Where an invitation stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An offer of membership to whoever owns an e-mail address."""

    id: InvitationId
    company_id: CompanyId
    email: Email
    role: Role
    state: InvitationState
    token_hash: bytes
    invited_by: UserId
    created_at: datetime
    expires_at: datetime

    def _answer(self, actor: Actor, now: datetime) -> None:
        if actor.email != self.email:
            raise InvitationNotFound
        if not actor.verified:
            raise EmailNotVerified
        if self.state is not InvitationState.PENDING:
            raise InvitationUsed
        if now >= self.expires_at:
            raise InvitationExpired

    def accept(self, actor: Actor, now: datetime) -> tuple["Invitation", Membership]:
        """The invitation as accepted, and the membership that comes of it.

        Raises:
            InvitationNotFound: It is addressed to somebody else.
            EmailNotVerified: The actor has not proved that the address is theirs.
            InvitationUsed: It was answered or withdrawn before.
            InvitationExpired: It is too old.
        """
        self._answer(actor, now)
        membership = Membership(self.company_id, actor.id, self.role, now)
        return replace(self, state=InvitationState.ACCEPTED), membership

    def decline(self, actor: Actor, now: datetime) -> "Invitation":
        """The invitation as declined; raises as ``accept`` does."""
        self._answer(actor, now)
        return replace(self, state=InvitationState.DECLINED)


@dataclass(frozen=True, slots=True)
class InvitationOffer:
    """An invitation as the invited person sees it."""

    id: InvitationId
    company_id: CompanyId
    company_name: str
    role: Role
    expires_at: datetime
