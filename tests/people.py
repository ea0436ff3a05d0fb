"""Made-up accounts and companies for tests, each its own, so that tests can share a database."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from memory.storage import MemoryWork

from inventoryai.domain.companies import Company, CompanyId, Membership, Role
from inventoryai.domain.identity import Actor, Email, User, UserId
from inventoryai.domain.money import Currency
from inventoryai.domain.products import Product, ProductId
from inventoryai.ports.storage import Anonymous, AsUser, InCompany, Scope
from inventoryai_postgres.work import PostgresWork

Begin = Callable[[Scope], AbstractAsyncContextManager[MemoryWork | PostgresWork]]
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)


def some_user(**said: Any) -> User:
    user = User(
        id=UserId(uuid4()),
        email=Email(f"ama.{uuid4().hex}@example.com"),
        full_name="Ama Mensah",
        locale="en",
        password_hash="$argon2id$made-up",
        created_at=NOON,
        verified_at=NOON,
    )
    return replace(user, **said)


def some_company(**said: Any) -> Company:
    company = Company(
        id=CompanyId(uuid4()),
        name="Épicerie Douala",
        country="CM",
        currency=Currency("XAF"),
        time_zone="Africa/Douala",
        locale="fr",
        created_at=NOON,
    )
    return replace(company, **said)


def some_product(sku: str, **said: Any) -> Product:
    return replace(Product(id=ProductId(uuid4()), sku=sku, name=sku.title(), created_at=NOON), **said)


@dataclass(frozen=True, slots=True)
class Founded:
    """A company with its Admin."""

    company: Company
    admin: User

    @property
    def scope(self) -> InCompany:
        return InCompany(self.company.id, self.admin.id)


async def register(begin: Begin, **said: Any) -> User:
    user = some_user(**said)
    async with begin(Anonymous()) as work:
        assert await work.users.add(user)
    return user


async def found(begin: Begin, admin: User | None = None, **said: Any) -> Founded:
    admin = admin or await register(begin)
    company = some_company(**said)
    async with begin(AsUser(admin.id)) as work:
        await work.enter(company.id)
        await work.companies.add(company)
        await work.memberships.add(Membership(company.id, admin.id, Role.ADMIN, NOON))
    return Founded(company, admin)


async def join(begin: Begin, founded: Founded, role: Role = Role.MEMBER, **said: Any) -> User:
    user = await register(begin, **said)
    async with begin(founded.scope) as work:
        await work.memberships.add(Membership(founded.company.id, user.id, role, NOON))
    return user


def actor(user: User) -> Actor:
    return Actor(user.id, user.email, user.full_name, user.locale, user.verified_at is not None)
