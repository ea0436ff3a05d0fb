"""Accounts on the wire."""

from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct

from inventoryai.domain.companies import CompanyRole, Role
from inventoryai.domain.identity import Actor
from inventoryai.usecases import identity


class NewAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants an account. The language, ``en`` or ``fr``, is English when left unsaid."""

    email: str
    password: str
    full_name: str
    locale: str | None = None

    example: ClassVar[dict[str, Any]] = {
        "email": "awa@example.com",
        "password": "correct horse battery",
        "full_name": "Awa Ndiaye",
        "locale": "fr",
    }

    def understood(self) -> identity.NewAccount:
        """What it says, for the use case."""
        return identity.NewAccount(self.email, self.password, self.full_name, self.locale)


class Registered(Struct, frozen=True):
    """The address as it is kept; the same answer whether or not it had an account."""

    email: str

    example: ClassVar[dict[str, Any]] = {"email": "awa@example.com"}


class EmailToken(Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the message that was sent to an address."""

    token: str

    example: ClassVar[dict[str, Any]] = {"token": "Zb0nQ7…"}


class RefreshToken(Struct, frozen=True, forbid_unknown_fields=True):
    """The refresh token of the last login or refresh; it is good once."""

    refresh_token: str

    example: ClassVar[dict[str, Any]] = {"refresh_token": "vX3k9s…"}


class LoginForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The OAuth2 password form. What OAuth2 clients send beside name and password means nothing here."""

    username: str
    password: str
    grant_type: str | None = None
    scope: str | None = None
    client_id: str | None = None
    client_secret: str | None = None

    example: ClassVar[dict[str, Any]] = {
        "grant_type": "password",
        "username": "awa@example.com",
        "password": "correct horse battery",
    }


class CompanyOfLogin(Struct, frozen=True):
    """A company that the person is in, and as what."""

    id: UUID
    name: str
    role: Role

    @classmethod
    def of(cls, one: CompanyRole) -> "CompanyOfLogin":
        """As it is sent."""
        return cls(one.company.id, one.company.name, one.role)


class Tokens(Struct, frozen=True):
    """What a login hands out. ``expires_in`` counts seconds."""

    access_token: str
    expires_in: int
    refresh_token: str
    companies: list[CompanyOfLogin]
    token_type: str = "bearer"  # noqa: S105 - the name of a scheme

    example: ClassVar[dict[str, Any]] = {
        "access_token": "eyJhbGciOi…",
        "token_type": "bearer",
        "expires_in": 1800,
        "refresh_token": "vX3k9s…",
        "companies": [
            {"id": "01935c6e-5d1c-7a0e-9a51-7f3f0c2b8a11", "name": "Épicerie Awa", "role": "admin"}
        ],
    }

    @classmethod
    def of(cls, login: identity.LoggedIn) -> "Tokens":
        """As they are sent."""
        companies = [CompanyOfLogin.of(one) for one in login.companies]
        return cls(login.access.token, login.access.expires_in, login.refresh_token, companies)


class Profile(Struct, frozen=True):
    """The caller's own account."""

    id: UUID
    email: str
    full_name: str
    locale: str
    email_verified: bool

    example: ClassVar[dict[str, Any]] = {
        "id": "01935c6e-5d1c-7a0e-9a51-7f3f0c2b8a10",
        "email": "awa@example.com",
        "full_name": "Awa Ndiaye",
        "locale": "fr",
        "email_verified": True,
    }

    @classmethod
    def of(cls, actor: Actor) -> "Profile":
        """As it is sent."""
        return cls(actor.id, actor.email, actor.full_name, actor.locale, actor.verified)
