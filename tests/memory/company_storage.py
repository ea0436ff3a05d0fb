"""Companies and the people in them, in memory."""

from dataclasses import dataclass, replace

from memory.rows import Transaction

from inventoryai.domain.companies import (
    AlreadyMember,
    Company,
    CompanyNotFound,
    CompanyRole,
    Member,
    Membership,
)
from inventoryai.domain.identity import Email, UserId
from inventoryai.domain.invitations import (
    Invitation,
    InvitationId,
    InvitationNotFound,
    InvitationOffer,
    InvitationState,
)


@dataclass(frozen=True, slots=True)
class MemoryCompanies:
    """The company of the scope, and the list of a person's."""

    transaction: Transaction

    async def add(self, company: Company) -> None:
        assert company.id == self.transaction.company_id
        self.transaction.rows.companies[company.id] = company

    async def get(self) -> Company:
        company = self.transaction.rows.companies.get(self.transaction.company_id)
        if company is None:
            raise CompanyNotFound
        return company

    async def list_mine(self) -> tuple[CompanyRole, ...]:
        rows = self.transaction.rows
        mine = [one for one in rows.memberships.values() if one.user_id == self.transaction.user_id]
        roles = [CompanyRole(rows.companies[one.company_id], one.role) for one in mine]
        return tuple(sorted(roles, key=lambda one: (one.company.name.lower(), one.company.id)))


@dataclass(frozen=True, slots=True)
class MemoryMemberships:
    """Who is in the company of the scope."""

    transaction: Transaction

    async def add(self, membership: Membership) -> None:
        assert membership.company_id == self.transaction.company_id
        key = (membership.company_id, membership.user_id)
        if key in self.transaction.rows.memberships:
            raise AlreadyMember
        self.transaction.rows.memberships[key] = membership

    async def get(self, user_id: UserId) -> Membership:
        membership = self.transaction.rows.memberships.get((self.transaction.company_id, user_id))
        if membership is None:
            raise CompanyNotFound
        return membership

    async def find_by_email(self, email: Email) -> Membership | None:
        users = self.transaction.rows.users
        return next((one for one in self._every() if users[one.user_id].email == email), None)

    async def members(self) -> tuple[Member, ...]:
        users = self.transaction.rows.users
        joined = sorted(self._every(), key=lambda one: (one.joined_at, one.user_id))
        return tuple(
            Member(
                one.user_id, users[one.user_id].email, users[one.user_id].full_name, one.role, one.joined_at
            )
            for one in joined
        )

    def _every(self) -> list[Membership]:
        every = self.transaction.rows.memberships.values()
        return [one for one in every if one.company_id == self.transaction.company_id]


@dataclass(frozen=True, slots=True)
class MemoryInvitations:
    """Invitations into the company of the scope, or addressed to its user."""

    transaction: Transaction

    async def add(self, invitation: Invitation) -> Invitation:
        assert invitation.company_id == self.transaction.company_id
        invitations = self.transaction.rows.invitations
        pending = [
            one
            for one in invitations.values()
            if one.company_id == invitation.company_id
            and one.email == invitation.email
            and one.state is InvitationState.PENDING
        ]
        if pending:
            first = pending[0]
            invitation = replace(invitation, id=first.id, created_at=first.created_at)
        invitations[invitation.company_id, invitation.id] = invitation
        return invitation

    async def get_by_token(self, token_hash: bytes) -> Invitation:
        for one in self.transaction.rows.invitations.values():
            if one.token_hash == token_hash == self.transaction.presented:
                return one
        raise InvitationNotFound

    async def get(self, invitation_id: InvitationId) -> Invitation:
        for one in self._to_me():
            if one.id == invitation_id:
                return one
        raise InvitationNotFound

    async def save(self, invitation: Invitation) -> None:
        key = (self.transaction.company_id, invitation.id)
        if key in self.transaction.rows.invitations:
            self.transaction.rows.invitations[key] = invitation

    async def list_mine(self) -> tuple[InvitationOffer, ...]:
        now, companies = self.transaction.now(), self.transaction.rows.companies
        to_me = [
            one for one in self._to_me() if one.state is InvitationState.PENDING and one.expires_at > now
        ]
        newest_first = sorted(to_me, key=lambda one: (one.created_at, one.id), reverse=True)
        return tuple(
            InvitationOffer(one.id, one.company_id, companies[one.company_id].name, one.role, one.expires_at)
            for one in newest_first
        )

    def _to_me(self) -> list[Invitation]:
        me = self.transaction.rows.users.get(self.transaction.user_id)
        if me is None or me.verified_at is None:
            return []
        return [one for one in self.transaction.rows.invitations.values() if one.email == me.email]
