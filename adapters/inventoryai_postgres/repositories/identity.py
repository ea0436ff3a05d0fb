"""Accounts, logins and links that prove an address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from inventoryai.domain import identity
from inventoryai.domain.identity import Email, EmailVerification, SessionId, User, UserId
from inventoryai_postgres.session import EMAIL, Session
from inventoryai_postgres.tables.identity import EmailVerifications, Sessions, Users

_BY_SESSION: Final = """
select users.* from users
where id = (select user_id from sessions where id = $1 and expires_at > $2)
"""
_MARK_VERIFIED: Final = "update users set verified_at = coalesce(verified_at, $2) where id = $1"
_USE: Final = "delete from email_verifications where token_hash = $1 and expires_at > $2 returning user_id"


@dataclass(frozen=True, slots=True)
class PostgresUsers:
    """Accounts. Of a nobody's statements, each sees the one account that it is about."""

    session: Session

    async def add(self, user: User) -> bool:
        """Keeps a new account, and acts as its owner from then on."""
        await self.session.become(user.id)
        row = Users(
            id=user.id,
            email=user.email,
            full_name=user.full_name,
            locale=user.locale,
            password_hash=user.password_hash,
            created_at=user.created_at,
            verified_at=user.verified_at,
        )
        insert = Users.insert(row).on_conflict(target=Users.email, action="DO NOTHING")
        return await self.session.execute(insert) == 1

    async def find_by_email(self, email: Email) -> User | None:
        """The account of an e-mail, which is named to the database first."""
        await self.session.name(EMAIL, email)
        row = await self.session.fetchrow(Users.select().where(Users.email == email))
        return None if row is None else User(**row)

    async def find_by_session(self, session_id: SessionId, now: datetime) -> User | None:
        """The account of a live session."""
        row = await self.session.fetchrow(_BY_SESSION, session_id, now)
        return None if row is None else User(**row)

    async def change_password_hash(self, user_id: UserId, password_hash: str) -> None:
        """Replaces the hash."""
        change = Users.update({Users.password_hash: password_hash})
        await self.session.execute(change.where(Users.id == user_id))

    async def mark_verified(self, user_id: UserId, at: datetime) -> None:
        """The address is proved; a first proof stands."""
        await self.session.execute(_MARK_VERIFIED, user_id, at)


@dataclass(frozen=True, slots=True)
class PostgresSessions:
    """Logins: those of the scope's user, or the one whose token was presented."""

    session: Session

    async def add(self, session: identity.Session) -> None:
        """Keeps a login."""
        row = Sessions(
            id=session.id,
            family=session.family,
            user_id=session.user_id,
            token_hash=session.token_hash,
            expires_at=session.expires_at,
            replaced_at=session.replaced_at,
        )
        await self.session.execute(Sessions.insert(row))

    async def find_by_token(self, token_hash: bytes) -> identity.Session | None:
        """The session of a refresh token, locked, so that of two refreshes at once one comes second."""
        found = Sessions.select().where(Sessions.token_hash == token_hash).lock_rows("UPDATE")
        row = await self.session.fetchrow(found)
        return None if row is None else identity.Session(**row)

    async def mark_replaced(self, session_id: SessionId, at: datetime) -> None:
        """Its refresh token was used."""
        change = Sessions.update({Sessions.replaced_at: at})
        await self.session.execute(change.where(Sessions.id == session_id))

    async def end_family(self, family: UUID) -> None:
        """Ends every session of a family."""
        await self.session.execute(Sessions.delete().where(Sessions.family == family))

    async def end_all(self, user_id: UserId) -> None:
        """Ends every session of a user."""
        await self.session.execute(Sessions.delete().where(Sessions.user_id == user_id))


@dataclass(frozen=True, slots=True)
class PostgresEmailVerifications:
    """Links: those of the scope's user, or the one whose token was presented."""

    session: Session

    async def add(self, verification: EmailVerification) -> None:
        """Keeps a link."""
        row = EmailVerifications(
            token_hash=verification.token_hash,
            user_id=verification.user_id,
            expires_at=verification.expires_at,
        )
        await self.session.execute(EmailVerifications.insert(row))

    async def use(self, token_hash: bytes, now: datetime) -> UserId | None:
        """The user of a link that is still good, as whom the unit of work acts from then on."""
        user_id: UserId | None = await self.session.fetchval(_USE, token_hash, now)
        if user_id is not None:
            await self.session.become(user_id)
        return user_id
