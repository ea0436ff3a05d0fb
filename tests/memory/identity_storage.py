"""Accounts, in memory."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from memory.rows import Transaction

from inventoryai.domain.identity import Email, EmailVerification, Session, SessionId, User, UserId


@dataclass(frozen=True, slots=True)
class MemoryUsers:
    """Accounts, unique by e-mail; whoever is found by e-mail or secret, others are not seen."""

    transaction: Transaction

    async def add(self, user: User) -> bool:
        self.transaction.become(user.id)
        users = self.transaction.rows.users
        if any(known.email == user.email for known in users.values()):
            return False
        users[user.id] = user
        return True

    async def find_by_email(self, email: Email) -> User | None:
        users = self.transaction.rows.users.values()
        return next((user for user in users if user.email == email), None)

    async def find_by_session(self, session_id: SessionId, now: datetime) -> User | None:
        session = self.transaction.rows.sessions.get(session_id)
        if session is None or session.user_id != self.transaction.user or session.expires_at <= now:
            return None
        return self.transaction.rows.users[session.user_id]

    async def change_password_hash(self, user_id: UserId, password_hash: str) -> None:
        self._change(user_id, password_hash=password_hash)

    async def mark_verified(self, user_id: UserId, at: datetime) -> None:
        user = self.transaction.rows.users.get(user_id)
        if user is not None and user.verified_at is None:
            self._change(user_id, verified_at=at)

    def _change(self, user_id: UserId, **change: object) -> None:
        users = self.transaction.rows.users
        if user_id == self.transaction.user and user_id in users:
            users[user_id] = replace(users[user_id], **change)  # type: ignore[arg-type]  # two callers above


@dataclass(frozen=True, slots=True)
class MemorySessions:
    """Logins: of the scope's user, or of the token that was presented."""

    transaction: Transaction

    async def add(self, session: Session) -> None:
        assert session.user_id == self.transaction.user_id
        self.transaction.rows.sessions[session.id] = session

    async def find_by_token(self, token_hash: bytes) -> Session | None:
        return next((one for one in self._seen() if one.token_hash == token_hash), None)

    async def mark_replaced(self, session_id: SessionId, at: datetime) -> None:
        for one in self._seen():
            if one.id == session_id:
                self.transaction.rows.sessions[one.id] = replace(one, replaced_at=at)

    async def end_family(self, family: UUID) -> None:
        for one in self._seen():
            if one.family == family:
                del self.transaction.rows.sessions[one.id]

    async def end_all(self, user_id: UserId) -> None:
        for one in self._seen():
            if one.user_id == user_id:
                del self.transaction.rows.sessions[one.id]

    def _seen(self) -> list[Session]:
        mine, presented = self.transaction.user, self.transaction.presented
        every = self.transaction.rows.sessions.values()
        return [one for one in every if one.user_id == mine or one.token_hash == presented]


@dataclass(frozen=True, slots=True)
class MemoryEmailVerifications:
    """Links that prove an address."""

    transaction: Transaction

    async def add(self, verification: EmailVerification) -> None:
        assert verification.user_id == self.transaction.user_id
        self.transaction.rows.verifications[verification.token_hash] = verification

    async def use(self, token_hash: bytes, now: datetime) -> UserId | None:
        links = self.transaction.rows.verifications
        link = links.get(token_hash)
        if link is None or now >= link.expires_at:
            return None
        if link.user_id != self.transaction.user and token_hash != self.transaction.presented:
            return None
        del links[token_hash]
        self.transaction.become(link.user_id)
        return link.user_id
