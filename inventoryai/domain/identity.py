"""Accounts: who somebody is, and what proves it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType
from uuid import UUID

from inventoryai.domain.errors import Forbidden, Invalid, Locale, NotFound, Unauthenticated
from inventoryai.domain.text import clean

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
Email = NewType("Email", str)
"""An e-mail address in the one form in which it is stored and compared."""

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 256
VERIFICATION_LIFETIME: Final = timedelta(days=3)
REFRESH_LIFETIME: Final = timedelta(days=30)
_EMAIL: Final = re.compile(
    r"[^@\s\x00-\x1f<>()\[\]\\,;:\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}"
)
_LONGEST_EMAIL: Final = 254


class EmailInvalid(Invalid):
    """Not an address that a message could be sent to."""

    code = "email.invalid"
    en = "This is not an e-mail address."
    fr = "Ceci n’est pas une adresse e-mail."


class PasswordTooShort(Invalid):
    """A password that is guessed quickly."""

    code = "password.too_short"
    en = "A password has at least {least} characters."
    fr = "Un mot de passe comporte au moins {least} caractères."


class PasswordTooLong(Invalid):
    """A password that would cost more to hash than it is worth."""

    code = "password.too_long"
    en = "A password has at most {most} characters."
    fr = "Un mot de passe comporte au plus {most} caractères."


class PasswordHasNul(Invalid):
    """NUL ends a string in too many places to be part of a secret."""

    code = "password.nul"
    en = "A password must not contain the NUL character."
    fr = "Un mot de passe ne doit pas contenir le caractère NUL."


class LocaleUnknown(Invalid):
    """A language that the product does not speak."""

    code = "locale.unknown"
    en = "The language must be en or fr."
    fr = "La langue doit être en ou fr."


class LoginRejected(Unauthenticated):
    """A wrong e-mail or password; the answer does not say which."""

    code = "login.rejected"
    en = "The e-mail or the password is wrong."
    fr = "L’e-mail ou le mot de passe est incorrect."


class TokenMissing(Unauthenticated):
    """No token where one is needed."""

    code = "token.missing"
    en = "Log in first: this call needs an access token."
    fr = "Connectez-vous d’abord : cet appel exige un jeton d’accès."


class TokenInvalid(Unauthenticated):
    """A token that we did not sign for this use, that was tampered with, or whose session ended."""

    code = "token.invalid"
    en = "The access token is not valid. Log in again."
    fr = "Le jeton d’accès n’est pas valable. Reconnectez-vous."


class TokenExpired(Unauthenticated):
    """A token that was good once."""

    code = "token.expired"
    en = "The access token has expired. Refresh it or log in again."
    fr = "Le jeton d’accès a expiré. Renouvelez-le ou reconnectez-vous."


class EmailTokenInvalid(NotFound):
    """A link from an e-mail that is wrong, was used, or is too old."""

    code = "email_token.invalid"
    en = "This link is not valid any more. Ask for a new one."
    fr = "Ce lien n’est plus valable. Demandez-en un nouveau."


class EmailNotVerified(Forbidden):
    """The address has to be proved before it may be used as proof."""

    code = "email.not_verified"
    en = "Verify your e-mail address first: the link is in the message sent when you registered."
    fr = "Vérifiez d’abord votre adresse e-mail : le lien est dans le message reçu à l’inscription."


def normalise_email(text: str) -> Email:
    """The form in which an address is stored and compared: trimmed, NFKC, in lower case.

    Raises:
        EmailInvalid: It has not the shape of an address.
    """
    if len(text) > _LONGEST_EMAIL:
        raise EmailInvalid
    tidy = unicodedata.normalize("NFKC", text).strip().lower()
    if not _EMAIL.fullmatch(tidy) or not tidy.isprintable():
        raise EmailInvalid
    return Email(tidy)


def normalise_password(text: str) -> str:
    """The form in which a password is hashed (NFKC), so that every keyboard types the same one.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordHasNul: It breaks the rule of that name.
    """
    if len(text) > LONGEST_PASSWORD:
        raise PasswordTooLong(most=LONGEST_PASSWORD)
    if "\x00" in text:
        raise PasswordHasNul
    if len(text) < SHORTEST_PASSWORD:
        raise PasswordTooShort(least=SHORTEST_PASSWORD)
    return unicodedata.normalize("NFKC", text)


def as_locale(text: str | None, default: Locale = "en") -> Locale:
    """The language, or the default when none is given.

    Raises:
        LocaleUnknown: It is neither English nor French.
    """
    match text:
        case None:
            return default
        case "en":
            return "en"
        case "fr":
            return "fr"
        case _:
            raise LocaleUnknown


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: UserId
    email: Email
    full_name: str
    locale: Locale
    password_hash: str
    created_at: datetime
    verified_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "full_name", clean(self.full_name))


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something is done, proved by a token."""

    id: UserId
    email: Email
    full_name: str
    locale: Locale
    verified: bool


@dataclass(frozen=True, slots=True)
class Session:
    """One login, and the refresh token that keeps it going.

    Each refresh makes a new session of the same ``family`` and marks the old one ``replaced_at``;
    a token seen again after that was stolen, and ends the family.
    """

    id: SessionId
    family: UUID
    user_id: UserId
    token_hash: bytes
    expires_at: datetime
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EmailVerification:
    """A link that proves an address: single use, hashed, expiring."""

    token_hash: bytes
    user_id: UserId
    expires_at: datetime
