"""Invitations, as the company sees them and as the invited person does."""

from dataclasses import dataclass
from typing import Any, Final

from inventoryai.domain.companies import Role
from inventoryai.domain.invitations import (
    Invitation,
    InvitationId,
    InvitationNotFound,
    InvitationOffer,
    InvitationState,
)
from inventoryai_postgres.session import Session
from inventoryai_postgres.tables.invitations import Invitations

_ADD: Final = """
insert into invitations
    (company_id, id, email, role, state, token_hash, invited_by, created_at, expires_at)
values ($1, $2, $3, $4, 'pending', $5, $6, $7, $8)
on conflict (company_id, email) where state = 'pending' do update set
    role = excluded.role, token_hash = excluded.token_hash, invited_by = excluded.invited_by,
    expires_at = excluded.expires_at
returning *
"""
_ADDRESSED_TO: Final = "email = (select email from users where id = $1 and verified_at is not null)"
_MINE: Final = f"select * from invitations where {_ADDRESSED_TO} and id = $2 for update"
_OFFERS: Final = f"""
select invitations.id, company_id, companies.name as company_name, role, expires_at
from invitations join companies on companies.id = company_id
where {_ADDRESSED_TO} and state = 'pending' and expires_at > now()
order by invitations.created_at desc, invitations.id desc
"""


@dataclass(frozen=True, slots=True)
class PostgresInvitations:
    """Invitations into the company of the scope, or addressed to its user."""

    session: Session

    async def add(self, invitation: Invitation) -> Invitation:
        """Keeps an invitation, or renews the pending one to the same e-mail, which keeps its id."""
        row = await self.session.fetchrow(
            _ADD,
            self.session.company_id,
            invitation.id,
            invitation.email,
            invitation.role.value,
            invitation.token_hash,
            invitation.invited_by,
            invitation.created_at,
            invitation.expires_at,
        )
        return _invitation(row)

    async def get_by_token(self, token_hash: bytes) -> Invitation:
        """The invitation of a token, locked; raises ``InvitationNotFound``."""
        found = Invitations.select().where(Invitations.token_hash == token_hash).lock_rows("UPDATE")
        return _invitation(await self.session.fetchrow(found))

    async def get(self, invitation_id: InvitationId) -> Invitation:
        """An invitation to the scope's user, locked; raises ``InvitationNotFound``."""
        return _invitation(await self.session.fetchrow(_MINE, self.session.user_id, invitation_id))

    async def save(self, invitation: Invitation) -> None:
        """Keeps its new state."""
        change = Invitations.update(
            {
                Invitations.role: invitation.role.value,
                Invitations.state: invitation.state.value,
                Invitations.token_hash: invitation.token_hash,
                Invitations.expires_at: invitation.expires_at,
            }
        )
        mine = Invitations.company_id == self.session.company_id
        await self.session.execute(change.where(mine, Invitations.id == invitation.id))

    async def list_mine(self) -> tuple[InvitationOffer, ...]:
        """What is open to the scope's user, newest first."""
        rows = await self.session.fetch(_OFFERS, self.session.user_id)
        return tuple(_offer(**row) for row in rows)


def _invitation(row: Any) -> Invitation:
    if row is None:
        raise InvitationNotFound
    role, state = Role(row["role"]), InvitationState(row["state"])
    return Invitation(**{**row, "role": role, "state": state})


def _offer(role: str, **rest: Any) -> InvitationOffer:
    return InvitationOffer(role=Role(role), **rest)
