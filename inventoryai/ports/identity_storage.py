"""Accounts, as they are kept."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from inventoryai.domain.identity import Email, EmailVerification, Session, SessionId, User, UserId


class Users(Protocol):
    """Accounts, unique by e-mail."""

    async def add(self, user: User) -> bool:
        """Keeps a new account; False, and nothing changed, when the e-mail is taken.

        Scope ``Anonymous``, which from then on acts as the new account's owner.
        """
        ...

    async def find_by_email(self, email: Email) -> User | None:
        """The account of an e-mail (scope ``Anonymous``)."""
        ...

    async def find_by_session(self, session_id: SessionId, now: datetime) -> User | None:
        """The account of a session that is live at ``now`` (scope ``AsUser``: its own sessions only).

        A session that a refresh replaced is as live as its family: it counts until it expires.
        """
        ...

    async def change_password_hash(self, user_id: UserId, password_hash: str) -> None:
        """Replaces the hash."""
        ...

    async def mark_verified(self, user_id: UserId, at: datetime) -> None:
        """The address is proved; a first proof stands."""
        ...


class Sessions(Protocol):
    """Logins and their refresh tokens, in families."""

    async def add(self, session: Session) -> None:
        """Keeps a login (scope ``AsUser``, its own)."""
        ...

    async def find_by_token(self, token_hash: bytes) -> Session | None:
        """The session of a refresh token, locked until the end.

        It is there in scope ``AsUser`` if it is the user's own, and in any after ``work.present``.
        """
        ...

    async def mark_replaced(self, session_id: SessionId, at: datetime) -> None:
        """Its refresh token was used."""
        ...

    async def end_family(self, family: UUID) -> None:
        """Ends every session of a family: logged out, or a stolen token."""
        ...

    async def end_all(self, user_id: UserId) -> None:
        """Ends every session of a user."""
        ...


class EmailVerifications(Protocol):
    """Links that prove an address."""

    async def add(self, verification: EmailVerification) -> None:
        """Keeps a link."""
        ...

    async def use(self, token_hash: bytes, now: datetime) -> UserId | None:
        """The user of a link that is still good, which is then used up (after ``work.present``).

        A unit of work that began ``Anonymous`` acts as that user from then on.
        """
        ...
