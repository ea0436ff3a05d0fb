"""Access tokens: JSON Web Tokens signed with the one secret of the installation."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import jwt

from inventoryai.domain.identity import SessionId, TokenExpired, TokenInvalid, UserId
from inventoryai.ports.tokens import AccessClaims, IssuedToken

ISSUER: Final = "inventoryai"
AUDIENCE: Final = "inventoryai-api"
KIND: Final = "at+jwt"
"""The header ``typ`` of RFC 9068: nothing else that is signed with the same secret is an access token."""

LONGEST: Final = 4_096
_REQUIRED: Final = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")


class JwtAccessTokens:
    """Signs and reads access tokens with one algorithm, named in the settings and never by the token.

    Args:
        secret: At least 32 characters.
        algorithm: HS256, HS384 or HS512.
        lifetime: How long a token is good.
    """

    def __init__(self, secret: str, algorithm: str, lifetime: timedelta) -> None:
        self._secret = secret
        self._algorithm = algorithm
        self._lifetime = lifetime

    def issue(self, claims: AccessClaims, now: datetime) -> IssuedToken:
        """A token for an access."""
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + self._lifetime,
        }
        token = jwt.encode(payload, self._secret, self._algorithm, headers={"typ": KIND})
        return IssuedToken(token, int(self._lifetime.total_seconds()))

    def read(self, token: str, now: datetime) -> AccessClaims:
        """What a token says; raises ``TokenInvalid`` or ``TokenExpired``."""
        if len(token) > LONGEST:
            raise TokenInvalid
        try:
            payload = self._decode(token)
            expires_at = datetime.fromtimestamp(payload["exp"], UTC)
            issued_at = datetime.fromtimestamp(payload["iat"], UTC)
            not_before = datetime.fromtimestamp(payload.get("nbf", payload["iat"]), UTC)
            claims = AccessClaims(UserId(UUID(payload["sub"])), SessionId(UUID(payload["sid"])))
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError, RecursionError) as error:
            raise TokenInvalid from error
        if max(issued_at, not_before) > now:
            raise TokenInvalid
        if expires_at <= now:
            raise TokenExpired
        return claims

    def _decode(self, token: str) -> dict[str, Any]:
        """The payload of a token that we signed for this use; its times are judged by the caller's clock."""
        if jwt.get_unverified_header(token).get("typ") != KIND:
            raise jwt.InvalidTokenError("not an access token")
        payload: dict[str, Any] = jwt.decode(
            token,
            self._secret,
            algorithms=[self._algorithm],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={
                "require": list(_REQUIRED),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        return payload
