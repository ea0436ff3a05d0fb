"""Access tokens: what must be refused whatever it looks like (S1 to S6)."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest

from inventoryai.domain.identity import SessionId, TokenExpired, TokenInvalid, UserId
from inventoryai.ports.tokens import AccessClaims
from inventoryai_security import JwtAccessTokens
from inventoryai_security.tokens import AUDIENCE, ISSUER, KIND

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "a secret of this test, long enough for any algorithm: 0123456789abcdef"
CLAIMS = AccessClaims(UserId(UUID(int=1)), SessionId(UUID(int=2)))


@pytest.fixture
def tokens() -> JwtAccessTokens:
    return JwtAccessTokens(SECRET, "HS256", timedelta(minutes=30))


def payload(**changes: object) -> dict[str, object]:
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(CLAIMS.user_id),
        "sid": str(CLAIMS.session_id),
        "jti": "1",
        "iat": NOW,
        "exp": NOW + timedelta(minutes=5),
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def signed(algorithm: str = "HS256", secret: str = SECRET, typ: str = KIND, **changes: object) -> str:
    return jwt.encode(payload(**changes), secret, algorithm, headers={"typ": typ})


def test_what_was_issued_is_read(tokens: JwtAccessTokens) -> None:
    issued = tokens.issue(CLAIMS, NOW)
    assert issued.expires_in == 1800
    assert tokens.read(issued.token, NOW + timedelta(minutes=29)) == CLAIMS


def test_two_tokens_of_one_moment_differ(tokens: JwtAccessTokens) -> None:
    assert tokens.issue(CLAIMS, NOW).token != tokens.issue(CLAIMS, NOW).token


def test_S4_a_token_expires_on_the_callers_clock(tokens: JwtAccessTokens) -> None:
    issued = tokens.issue(CLAIMS, NOW)
    with pytest.raises(TokenExpired):
        tokens.read(issued.token, NOW + timedelta(minutes=30))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_S1_no_signature_is_no_proof(tokens: JwtAccessTokens, algorithm: str) -> None:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    body = payload(iat=int(NOW.timestamp()), exp=int(NOW.timestamp()) + 60)
    for signature in ("", "AA"):
        token = f"{part({'alg': algorithm, 'typ': KIND})}.{part(body)}.{signature}"
        with pytest.raises(TokenInvalid):
            tokens.read(token, NOW)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed("HS512"), id="S2 another algorithm with the right key"),
        pytest.param(signed(secret="another secret, which is also long enough to sign with"), id="foreign"),
        pytest.param(signed(typ="JWT"), id="S5 another kind of token"),
        pytest.param(signed(aud="somebody-else"), id="another audience"),
        pytest.param(signed(iss="somebody-else"), id="another issuer"),
        pytest.param(signed(exp=None), id="S4 without an end"),
        pytest.param(signed(sub=None), id="about nobody"),
        pytest.param(signed(sid=None), id="of no session"),
        pytest.param(signed(sub="1 or 1=1"), id="about something that is no id"),
        pytest.param(
            signed(iat=NOW + timedelta(hours=1), exp=NOW + timedelta(hours=2)), id="S4 of the future"
        ),
        pytest.param(signed(nbf=NOW + timedelta(hours=1)), id="S4 not yet good"),
        pytest.param(signed(exp=1e300), id="an end that is no time"),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="garbage"),
        pytest.param("\ud800.\ud800.\ud800", id="lone surrogates"),
        pytest.param(signed()[:-2], id="S6 truncated"),
        pytest.param("A" * 1_000_000, id="S6 a megabyte"),
    ],
)
def test_what_we_did_not_sign_for_this_is_refused(tokens: JwtAccessTokens, token: str) -> None:
    with pytest.raises(TokenInvalid):
        tokens.read(token, NOW)


def test_S3_headers_that_name_keys_are_not_followed(tokens: JwtAccessTokens) -> None:
    headers = {
        "typ": KIND,
        "kid": "../../dev/null",
        "jku": "http://127.0.0.1:1/",
        "x5u": "http://127.0.0.1:1/",
    }
    token = jwt.encode(payload(), SECRET, "HS256", headers=headers)
    assert tokens.read(token, NOW) == CLAIMS
    foreign = jwt.encode(payload(), "x" * 40, "HS256", headers=headers)
    with pytest.raises(TokenInvalid):
        tokens.read(foreign, NOW)
