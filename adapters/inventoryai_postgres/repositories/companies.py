"""Companies and the people in them."""

from dataclasses import dataclass
from typing import Any, Final

from inventoryai.domain.companies import (
    AlreadyMember,
    Company,
    CompanyNotFound,
    CompanyRole,
    Member,
    Membership,
    Role,
)
from inventoryai.domain.identity import Email, UserId
from inventoryai_postgres.constraints import expecting
from inventoryai_postgres.session import Session
from inventoryai_postgres.tables.companies import Companies, Memberships

_MINE: Final = """
select memberships.role as my_role, companies.* from memberships
join companies on companies.id = memberships.company_id
where memberships.user_id = $1
order by lower(companies.name), companies.id
"""
_MEMBERSHIP: Final = "select * from memberships where company_id = $1 and user_id = $2"
_MEMBERSHIP_BY_EMAIL: Final = """
select memberships.* from memberships join users on users.id = memberships.user_id
where memberships.company_id = $1 and users.email = $2
"""
_MEMBERS: Final = """
select user_id, email, full_name, role, joined_at
from memberships join users on users.id = memberships.user_id
where company_id = $1
order by joined_at, user_id
"""


@dataclass(frozen=True, slots=True)
class PostgresCompanies:
    """The company of the scope, and the list of those that a person is in."""

    session: Session

    async def add(self, company: Company) -> None:
        """Keeps a new company; by the end of the unit of work it must have an Admin."""
        row = Companies(
            id=company.id,
            name=company.name,
            country=company.country,
            currency=company.currency,
            time_zone=company.time_zone,
            locale=company.locale,
            created_at=company.created_at,
        )
        await self.session.execute(Companies.insert(row))

    async def get(self) -> Company:
        """The company of the scope; raises ``CompanyNotFound``."""
        found = Companies.select().where(Companies.id == self.session.company_id)
        row = await self.session.fetchrow(found)
        if row is None:
            raise CompanyNotFound
        return Company(**row)

    async def list_mine(self) -> tuple[CompanyRole, ...]:
        """The companies that the scope's user is in, by name."""
        rows = await self.session.fetch(_MINE, self.session.user_id)
        return tuple(_company_role(**row) for row in rows)


@dataclass(frozen=True, slots=True)
class PostgresMemberships:
    """Who is in the company of the scope."""

    session: Session

    async def add(self, membership: Membership) -> None:
        """Takes a person in; raises ``AlreadyMember``."""
        row = Memberships(
            company_id=membership.company_id,
            user_id=membership.user_id,
            role=membership.role.value,
            joined_at=membership.joined_at,
        )
        with expecting("memberships_pkey", AlreadyMember()):
            await self.session.execute(Memberships.insert(row))

    async def get(self, user_id: UserId) -> Membership:
        """A person's place; raises ``CompanyNotFound``. Every call of the API asks for one."""
        row = await self.session.fetchrow(_MEMBERSHIP, self.session.company_id, user_id)
        if row is None:
            raise CompanyNotFound
        return _membership(**row)

    async def find_by_email(self, email: Email) -> Membership | None:
        """The place of whoever has this e-mail."""
        row = await self.session.fetchrow(_MEMBERSHIP_BY_EMAIL, self.session.company_id, email)
        return None if row is None else _membership(**row)

    async def members(self) -> tuple[Member, ...]:
        """Everybody, in the order in which they joined."""
        rows = await self.session.fetch(_MEMBERS, self.session.company_id)
        return tuple(_member(**row) for row in rows)


def _company_role(my_role: str, **company: Any) -> CompanyRole:
    return CompanyRole(Company(**company), Role(my_role))


def _membership(role: str, **rest: Any) -> Membership:
    return Membership(role=Role(role), **rest)


def _member(role: str, **rest: Any) -> Member:
    return Member(role=Role(role), **rest)
