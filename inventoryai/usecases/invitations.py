"""Invitations: asking a person in, and their answer."""

from dataclasses import dataclass

from inventoryai.domain.companies import AlreadyMember, CompanyId, Membership, Role
from inventoryai.domain.identity import Actor, normalise_email
from inventoryai.domain.invitations import (
    INVITATION_LIFETIME,
    Invitation,
    InvitationId,
    InvitationOffer,
    InvitationState,
    InvitationUnnamed,
)
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.mail import Mail
from inventoryai.ports.storage import AsUser, InCompany, UnitOfWork, Work
from inventoryai.ports.tokens import Secrets
from inventoryai.usecases.letters import Letters


@dataclass(frozen=True, slots=True)
class InviteMember:
    """An Admin invites an e-mail address into the company, as Admin or Member.

    The answer does not tell whether the address has an account. Inviting again renews the
    invitation: the token sent before is good no longer.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    secrets: Secrets
    mail: Mail
    letters: Letters

    async def __call__(self, actor: Actor, company_id: CompanyId, email: str, role: Role) -> Invitation:
        """The pending invitation; raises ``AdminRequired``, ``EmailInvalid``, ``AlreadyMember``."""
        now = self.clock.now()
        secret = self.secrets.new()
        async with self.begin(InCompany(company_id, actor.id)) as work:
            (await work.memberships.get(actor.id)).require_admin()
            address = normalise_email(email)
            if await work.memberships.find_by_email(address):
                raise AlreadyMember
            invitation = await work.invitations.add(
                Invitation(
                    id=InvitationId(self.identifiers.new()),
                    company_id=company_id,
                    email=address,
                    role=role,
                    state=InvitationState.PENDING,
                    token_hash=secret.token_hash,
                    invited_by=actor.id,
                    created_at=now,
                    expires_at=now + INVITATION_LIFETIME,
                )
            )
            company = await work.companies.get()
        await self.mail.send(self.letters.invitation(address, company, secret.token))
        return invitation


@dataclass(frozen=True, slots=True)
class InvitationName:
    """What an invitation is called by: the token of the e-mail, or its id in ``GET /me/invitations``."""

    token_hash: bytes | None
    id: InvitationId | None

    async def find(self, work: Work) -> Invitation:
        """The invitation, locked; raises ``InvitationNotFound`` or ``InvitationUnnamed``."""
        if self.token_hash is not None and self.id is None:
            await work.present(self.token_hash)
            return await work.invitations.get_by_token(self.token_hash)
        if self.id is not None and self.token_hash is None:
            return await work.invitations.get(self.id)
        raise InvitationUnnamed


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """Only the invited e-mail, verified, may accept: once, before the invitation expires."""

    begin: UnitOfWork
    clock: Clock
    secrets: Secrets

    async def __call__(
        self, actor: Actor, token: str | None, invitation_id: InvitationId | None
    ) -> Membership:
        """The new membership."""
        name = InvitationName(self.secrets.hash(token) if token else None, invitation_id)
        async with self.begin(AsUser(actor.id)) as work:
            invitation = await name.find(work)
            accepted, membership = invitation.accept(actor, self.clock.now())
            await work.enter(invitation.company_id)
            await work.memberships.add(membership)
            await work.invitations.save(accepted)
        return membership


@dataclass(frozen=True, slots=True)
class DeclineInvitation:
    """Only the invited e-mail, verified, may decline: once, before the invitation expires."""

    begin: UnitOfWork
    clock: Clock
    secrets: Secrets

    async def __call__(self, actor: Actor, token: str | None, invitation_id: InvitationId | None) -> None:
        """Raises as accepting does."""
        name = InvitationName(self.secrets.hash(token) if token else None, invitation_id)
        async with self.begin(AsUser(actor.id)) as work:
            invitation = await name.find(work)
            declined = invitation.decline(actor, self.clock.now())
            await work.enter(invitation.company_id)
            await work.invitations.save(declined)


@dataclass(frozen=True, slots=True)
class ListMyInvitations:
    """The open invitations to the caller's e-mail address, once it is verified."""

    begin: UnitOfWork

    async def __call__(self, actor: Actor) -> tuple[InvitationOffer, ...]:
        """Newest first."""
        async with self.begin(AsUser(actor.id)) as work:
            return await work.invitations.list_mine()
