"""Accounts: registering, proving an address, logging in, staying logged in."""

from dataclasses import dataclass
from uuid import UUID

from inventoryai.domain.companies import CompanyRole
from inventoryai.domain.errors import FieldCheck, Locale
from inventoryai.domain.identity import (
    REFRESH_LIFETIME,
    VERIFICATION_LIFETIME,
    Actor,
    Email,
    EmailInvalid,
    EmailTokenInvalid,
    EmailVerification,
    LoginRejected,
    PasswordHasNul,
    PasswordTooLong,
    PasswordTooShort,
    Session,
    SessionId,
    TokenInvalid,
    User,
    UserId,
    as_locale,
    normalise_email,
    normalise_password,
)
from inventoryai.domain.text import clean
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.mail import Mail
from inventoryai.ports.passwords import PasswordHasher
from inventoryai.ports.storage import Anonymous, AsUser, UnitOfWork
from inventoryai.ports.tokens import AccessClaims, AccessTokens, IssuedToken, Secrets
from inventoryai.usecases.letters import Letters


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody says of themselves when registering."""

    email: str
    password: str
    full_name: str
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What a login hands out; the refresh token is good once."""

    access: IssuedToken
    refresh_token: str
    companies: tuple[CompanyRole, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Creates a personal account and sends a message to prove the e-mail address.

    The answer is the same whether or not the address has an account already; its owner is told
    by e-mail. Everything that is wrong with the input is said at once.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    passwords: PasswordHasher
    secrets: Secrets
    mail: Mail
    letters: Letters

    async def __call__(self, account: NewAccount) -> Email:
        """The address in the form in which it is kept."""
        check = FieldCheck()
        email = check("email", lambda: normalise_email(account.email))
        password = check("password", lambda: normalise_password(account.password))
        full_name = check("full_name", lambda: clean(account.full_name))
        locale: Locale | None = check("locale", lambda: as_locale(account.locale))
        check.done()
        assert email and password and full_name and locale  # noqa: S101, PT018 - done() raised otherwise
        user = User(
            id=UserId(self.identifiers.new()),
            email=email,
            full_name=full_name,
            locale=locale,
            password_hash=await self.passwords.hash(password),
            created_at=self.clock.now(),
        )
        await self._keep(user)
        return email

    async def _keep(self, user: User) -> None:
        secret = self.secrets.new()
        async with self.begin(Anonymous()) as work:
            added = await work.users.add(user)
            if added:
                expires_at = user.created_at + VERIFICATION_LIFETIME
                await work.verifications.add(EmailVerification(secret.token_hash, user.id, expires_at))
        letter = (
            self.letters.verification(user, secret.token) if added else self.letters.registered_twice(user)
        )
        await self.mail.send(letter)


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    """Proves an e-mail address by the token that was sent to it, once, within three days."""

    begin: UnitOfWork
    clock: Clock
    secrets: Secrets

    async def __call__(self, token: str) -> None:
        """Raises ``EmailTokenInvalid`` for a token that is wrong, used or old."""
        now = self.clock.now()
        token_hash = self.secrets.hash(token)
        async with self.begin(Anonymous()) as work:
            await work.present(token_hash)
            user_id = await work.verifications.use(token_hash, now)
            if user_id is None:
                raise EmailTokenInvalid
            await work.users.mark_verified(user_id, now)


@dataclass(frozen=True, slots=True)
class LogIn:
    """Exchanges an e-mail and a password for tokens, and tells which companies the person is in.

    A wrong password and an unknown address answer alike, after equal work; so does an address that
    is not verified yet, where that is required.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    passwords: PasswordHasher
    tokens: AccessTokens
    secrets: Secrets
    require_verified_email: bool

    async def __call__(self, email: str, password: str) -> LoggedIn:
        """Raises ``LoginRejected`` when they do not belong together."""
        user = await self._find(email)
        known = user.password_hash if user else self.passwords.decoy
        good = await self.passwords.verify(known, self._typed(password))
        if user is None or not good or (self.require_verified_email and user.verified_at is None):
            raise LoginRejected
        if self.passwords.outdated(user.password_hash):
            renewed = await self.passwords.hash(self._typed(password))
            async with self.begin(AsUser(user.id)) as work:
                await work.users.change_password_hash(user.id, renewed)
        return await self._open(user)

    async def _find(self, email: str) -> User | None:
        try:
            address = normalise_email(email)
        except EmailInvalid:
            return None
        async with self.begin(Anonymous()) as work:
            return await work.users.find_by_email(address)

    @staticmethod
    def _typed(password: str) -> str:
        try:
            return normalise_password(password)
        except (PasswordTooShort, PasswordTooLong, PasswordHasNul):
            return ""

    async def _open(self, user: User) -> LoggedIn:
        session_id = self.identifiers.new()
        opening = Opening(self.begin, self.clock, self.tokens, self.secrets)
        return await opening(user.id, SessionId(session_id), family=session_id)


@dataclass(frozen=True, slots=True)
class Opening:
    """A new session of a family, and the tokens that go with it."""

    begin: UnitOfWork
    clock: Clock
    tokens: AccessTokens
    secrets: Secrets

    async def __call__(
        self, user_id: UserId, session_id: SessionId, family: UUID, replaces: Session | None = None
    ) -> LoggedIn:
        """Keeps the session and marks the one that it ``replaces``."""
        now = self.clock.now()
        secret = self.secrets.new()
        session = Session(session_id, family, user_id, secret.token_hash, now + REFRESH_LIFETIME)
        async with self.begin(AsUser(user_id)) as work:
            if replaces is not None:
                current = await work.sessions.find_by_token(replaces.token_hash)
                if current is None or current.replaced_at is not None:
                    raise TokenInvalid
                await work.sessions.mark_replaced(replaces.id, now)
            await work.sessions.add(session)
            companies = await work.companies.list_mine()
        return LoggedIn(self.tokens.issue(AccessClaims(user_id, session_id), now), secret.token, companies)


@dataclass(frozen=True, slots=True)
class RefreshLogin:
    """Exchanges a refresh token, once, for new tokens.

    A refresh token that comes a second time was stolen: the whole family of sessions ends.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    tokens: AccessTokens
    secrets: Secrets

    async def __call__(self, refresh_token: str) -> LoggedIn:
        """Raises ``TokenInvalid`` for a token that is unknown, used or too old."""
        token_hash = self.secrets.hash(refresh_token)
        async with self.begin(Anonymous()) as work:
            await work.present(token_hash)
            session = await work.sessions.find_by_token(token_hash)
        if session is None or session.expires_at <= self.clock.now():
            raise TokenInvalid
        if session.replaced_at is not None:
            async with self.begin(AsUser(session.user_id)) as work:
                await work.sessions.end_family(session.family)
            raise TokenInvalid
        opening = Opening(self.begin, self.clock, self.tokens, self.secrets)
        new_id = SessionId(self.identifiers.new())
        return await opening(session.user_id, new_id, session.family, replaces=session)


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Tells who is behind an access token: a live session of an existing account."""

    begin: UnitOfWork
    clock: Clock
    tokens: AccessTokens

    async def __call__(self, token: str) -> Actor:
        """Raises ``TokenInvalid`` or ``TokenExpired``."""
        now = self.clock.now()
        claims = self.tokens.read(token, now)
        async with self.begin(AsUser(claims.user_id)) as work:
            user = await work.users.find_by_session(claims.session_id, now)
        if user is None:
            raise TokenInvalid
        return as_actor(user)


def as_actor(user: User) -> Actor:
    """An account as the one who acts."""
    return Actor(user.id, user.email, user.full_name, user.locale, user.verified_at is not None)
