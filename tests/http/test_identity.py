"""Accounts over HTTP: the promised paths, and what they do not give away."""

from datetime import timedelta

import pytest
from callers import PASSWORD, Api, Callers


async def test_registering_and_logging_in_keeps_its_shape(callers: Callers) -> None:
    account = {"email": " Ama@Example.com", "password": PASSWORD, "full_name": "Ama Mensah", "locale": "fr"}
    answer = await callers.client.post("/api/v1/register", json=account)
    assert (answer.status_code, answer.json()) == (201, {"email": "ama@example.com"})

    tokens = await callers.log_in("ama@example.com")
    assert tokens == {
        "access_token": tokens["access_token"],
        "token_type": "bearer",
        "expires_in": 1800,
        "refresh_token": tokens["refresh_token"],
        "companies": [],
    }


async def test_login_tells_the_companies(callers: Callers) -> None:
    ama = await callers.founder(name="Chez Ama")
    assert (await callers.log_in(ama.email))["companies"] == [
        {"id": str(ama.companies[0]), "name": "Chez Ama", "role": "admin"}
    ]


async def test_me_is_the_callers_account(callers: Callers) -> None:
    ama = await callers.register(locale="fr")
    me = (await ama.get("/me")).json()
    assert me == {
        "id": me["id"],
        "email": ama.email,
        "full_name": "Ama Mensah",
        "locale": "fr",
        "email_verified": True,
    }


async def test_answers_with_tokens_are_not_stored_by_anybody(callers: Callers) -> None:
    ama = await callers.register()
    form = {"username": ama.email, "password": PASSWORD}
    login = await callers.client.post("/api/v1/login/token", data=form)
    token = {"refresh_token": login.json()["refresh_token"]}
    refresh = await callers.client.post("/api/v1/login/refresh", json=token)
    assert login.headers["cache-control"] == refresh.headers["cache-control"] == "no-store"


async def test_a_refresh_token_is_good_once(callers: Callers) -> None:
    ama = await callers.register()
    token = {"refresh_token": ama.tokens["refresh_token"]}
    fresh = await callers.client.post("/api/v1/login/refresh", json=token)
    assert set(fresh.json()) == set(ama.tokens)
    again = await callers.client.post("/api/v1/login/refresh", json=token)
    assert (again.status_code, again.json()["code"]) == (401, "token.invalid")


async def test_known_and_unknown_addresses_answer_byte_for_byte_alike(callers: Callers) -> None:
    """S10, for registering and logging in."""
    ama = await callers.register()
    for email in (ama.email, "nobody.at.all@example.com"):
        account = {"email": email, "password": PASSWORD, "full_name": "Eve"}
        answer = await callers.client.post("/api/v1/register", json=account)
        assert (answer.status_code, answer.json()) == (201, {"email": email})
    wrong = [
        (await callers.client.post("/api/v1/login/token", data={"username": email, "password": "wrong"}))
        for email in (ama.email, "who.is.that@example.com", "not an address", "")
    ]
    assert {answer.status_code for answer in wrong} == {401}
    assert len({answer.content for answer in wrong}) == 1
    assert {answer.headers["www-authenticate"] for answer in wrong} == {'Bearer realm="inventoryai"'}


async def test_registering_names_every_fault_at_once(callers: Callers) -> None:
    account = {"email": "nobody", "password": "short", "full_name": "", "locale": "de"}
    answer = await callers.client.post("/api/v1/register", json=account)
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("email", "email.invalid"),
        ("password", "password.too_short"),
        ("full_name", "text.empty"),
        ("locale", "locale.unknown"),
    ]


async def test_login_takes_what_oauth2_clients_send_and_nothing_else(callers: Callers) -> None:
    ama = await callers.register()
    form = {"username": ama.email, "password": PASSWORD}
    extra = {"grant_type": "password", "scope": "", "client_id": "x", "client_secret": "y"}
    assert (await callers.client.post("/api/v1/login/token", data=form | extra)).status_code == 200
    unknown = await callers.client.post("/api/v1/login/token", data=form | {"role": "admin"})
    assert unknown.json()["errors"] == [
        {"field": "role", "code": "field.unknown", "message": "There is no such field here."}
    ]
    as_json = await callers.client.post("/api/v1/login/token", json=form)
    assert (as_json.status_code, as_json.json()["code"]) == (415, "request.media_type_unsupported")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"username=a&username=b&password=c", "field.doubled"),
        (b"username=a", "field.missing"),
        (b"", "field.missing"),
    ],
)
async def test_a_login_form_with_a_fault_says_which(callers: Callers, body: bytes, code: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await callers.client.post("/api/v1/login/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


@pytest.mark.parametrize("body", [b"\xff=1", b"username=%ff&password=x", b"&".join([b"a=1"] * 100)])
async def test_an_unreadable_login_form_is_malformed(callers: Callers, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await callers.client.post("/api/v1/login/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.form_malformed")


async def test_a_verification_token_works_once_and_nothing_else_does(callers: Callers) -> None:
    ama = await callers.register(verified=False)
    token = {"token": callers.api.outbox.token(ama.email)}
    assert (await callers.client.post("/api/v1/email/verify", json=token)).status_code == 204
    again = await callers.client.post("/api/v1/email/verify", json=token)
    assert (again.status_code, again.json()["code"]) == (404, "email_token.invalid")


async def test_an_unverified_address_logs_in_only_where_that_is_allowed(api: Api) -> None:
    api.require_verified_email = True
    async with api.serving() as callers:
        ama = await callers.register()
        account = {"email": "kofi@example.com", "password": PASSWORD, "full_name": "Kofi"}
        await callers.client.post("/api/v1/register", json=account)
        unverified, wrong = [
            await callers.client.post("/api/v1/login/token", data={"username": email, "password": password})
            for email, password in (("kofi@example.com", PASSWORD), (ama.email, "wrong"))
        ]
        assert unverified.status_code == 401
        assert unverified.content == wrong.content


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "token.missing"),
        ("", "token.invalid"),
        ("Bearer", "token.invalid"),
        ("Bearer ", "token.invalid"),
        ("Basic YTpi", "token.invalid"),
        ("Bearer nonsense", "token.invalid"),
        ("Bearer " + "x" * 1_000_000, "token.invalid"),
    ],
)
async def test_without_a_good_token_nobody_gets_in(
    callers: Callers, authorization: str | None, code: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await callers.client.get("/api/v1/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_is_case_insensitive(callers: Callers, scheme: str) -> None:
    ama = await callers.register()
    headers = {"Authorization": f"{scheme} {ama.tokens['access_token']}"}
    assert (await callers.client.get("/api/v1/me", headers=headers)).status_code == 200


async def test_an_expired_token_says_so(callers: Callers) -> None:
    ama = await callers.register()
    callers.api.clock.time += timedelta(hours=1)
    answer = await ama.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "token.expired")


async def test_a_stranger_learns_nothing_from_a_bad_body(callers: Callers) -> None:
    """Who is calling is settled before the body is looked at."""
    for body in (b"{", b"[" * 100_000, b'{"id": 1}'):
        answer = await callers.client.post("/api/v1/products", content=body)
        assert answer.status_code == 401
