"""Tokens: signed ones that say who somebody is, and random ones that are stored hashed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inventoryai.domain.identity import SessionId, UserId


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says: a user, in one session."""

    user_id: UserId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A signed access token and how long it lasts."""

    token: str
    expires_in: int
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A random token: ``token`` is shown once, ``token_hash`` is stored."""

    token: str
    token_hash: bytes


class AccessTokens(Protocol):
    """Signed, expiring proofs of a login."""

    def issue(self, claims: AccessClaims, now: datetime) -> IssuedToken:
        """A token for an access."""
        ...

    def read(self, token: str, now: datetime) -> AccessClaims:
        """What a token says, if it is ours, meant for this, and still good.

        Raises:
            TokenInvalid: It is malformed, of another algorithm, signer, audience or kind.
            TokenExpired: It was good once.
        """
        ...


class Secrets(Protocol):
    """Random tokens for refreshing, invitations and e-mails."""

    def new(self) -> Secret:
        """A token that cannot be guessed (256 bits), and its hash."""
        ...

    def hash(self, token: str) -> bytes:
        """SHA-256 of a token that came back; of any text whatever."""
        ...
