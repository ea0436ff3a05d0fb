"""Companies on the wire."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct

from inventoryai.domain import companies
from inventoryai.domain.companies import Role
from inventoryai.usecases.companies import CompanyDetails

_COMPANY = {
    "id": "01935c6e-5d1c-7a0e-9a51-7f3f0c2b8a11",
    "name": "Épicerie Awa",
    "country": "CM",
    "currency": "XAF",
    "time_zone": "Africa/Douala",
    "locale": "fr",
    "role": "admin",
    "created_at": "2026-03-01T08:30:00Z",
}


class NewCompany(Struct, frozen=True, forbid_unknown_fields=True):
    """A company to found; what is left unsaid is what is usual in its country."""

    name: str
    country: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    locale: str | None = None

    example: ClassVar[dict[str, Any]] = {"name": "Épicerie Awa", "country": "CM"}

    def understood(self) -> companies.NewCompany:
        """What it says, for the use case."""
        return companies.NewCompany(self.name, self.country, self.currency, self.time_zone, self.locale)


class Company(Struct, frozen=True):
    """A company, and what the caller is in it."""

    id: UUID
    name: str
    country: str
    currency: str
    time_zone: str
    locale: str
    role: Role
    created_at: datetime

    example: ClassVar[dict[str, Any]] = _COMPANY

    @classmethod
    def of(cls, one: companies.CompanyRole) -> "Company":
        """As it is sent."""
        company = one.company
        return cls(
            id=company.id,
            name=company.name,
            country=company.country,
            currency=company.currency,
            time_zone=company.time_zone,
            locale=company.locale,
            role=one.role,
            created_at=company.created_at,
        )


class Member(Struct, frozen=True):
    """Somebody in the company."""

    user_id: UUID
    email: str
    full_name: str
    role: Role
    joined_at: datetime

    @classmethod
    def of(cls, member: companies.Member) -> "Member":
        """As they are shown to the others."""
        return cls(member.user_id, member.email, member.full_name, member.role, member.joined_at)


class CompanyWithMembers(Company, frozen=True, kw_only=True):
    """A company with everybody who is in it."""

    members: list[Member]

    example: ClassVar[dict[str, Any]] = {
        **_COMPANY,
        "members": [
            {
                "user_id": "01935c6e-5d1c-7a0e-9a51-7f3f0c2b8a10",
                "email": "awa@example.com",
                "full_name": "Awa Ndiaye",
                "role": "admin",
                "joined_at": "2026-03-01T08:30:00Z",
            }
        ],
    }

    @classmethod
    def detailed(cls, details: CompanyDetails) -> "CompanyWithMembers":
        """As it is sent."""
        company = details.company
        return cls(
            id=company.id,
            name=company.name,
            country=company.country,
            currency=company.currency,
            time_zone=company.time_zone,
            locale=company.locale,
            role=details.role,
            created_at=company.created_at,
            members=[Member.of(one) for one in details.members],
        )
