"""Companies and the people in them, as they are kept."""

from typing import Protocol

from inventoryai.domain.companies import Company, CompanyRole, Member, Membership
from inventoryai.domain.identity import Email, UserId
from inventoryai.domain.invitations import Invitation, InvitationId, InvitationOffer


class Companies(Protocol):
    """Companies."""

    async def add(self, company: Company) -> None:
        """Keeps a new company (scope ``InCompany`` of it, or ``AsUser`` and ``enter``)."""
        ...

    async def get(self) -> Company:
        """The company of the scope.

        Raises:
            CompanyNotFound: There is none.
        """
        ...

    async def list_mine(self) -> tuple[CompanyRole, ...]:
        """The companies that the scope's user is in, by name (scope ``AsUser``)."""
        ...


class Memberships(Protocol):
    """Who is in the company of the scope, and as what."""

    async def add(self, membership: Membership) -> None:
        """Takes a person in.

        Raises:
            AlreadyMember: They are in already.
        """
        ...

    async def get(self, user_id: UserId) -> Membership:
        """A person's place.

        Raises:
            CompanyNotFound: They are not a member, or there is no such company.
        """
        ...

    async def find_by_email(self, email: Email) -> Membership | None:
        """The place of whoever has this e-mail."""
        ...

    async def members(self) -> tuple[Member, ...]:
        """Everybody, in the order in which they joined."""
        ...


class Invitations(Protocol):
    """Invitations into the company of the scope, or addressed to the scope's user."""

    async def add(self, invitation: Invitation) -> Invitation:
        """Keeps an invitation. A pending one to the same e-mail is renewed instead and keeps its id."""
        ...

    async def get_by_token(self, token_hash: bytes) -> Invitation:
        """The invitation of a token, locked until the end (after ``work.present``).

        Raises:
            InvitationNotFound: There is none.
        """
        ...

    async def get(self, invitation_id: InvitationId) -> Invitation:
        """An invitation to the scope's user, whose e-mail is verified, locked until the end.

        Raises:
            InvitationNotFound: There is none.
        """
        ...

    async def save(self, invitation: Invitation) -> None:
        """Keeps its new state."""
        ...

    async def list_mine(self) -> tuple[InvitationOffer, ...]:
        """What is pending and not expired for the scope's user, if their e-mail is verified."""
        ...
