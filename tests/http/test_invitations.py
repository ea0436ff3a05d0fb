"""Invitations over HTTP."""

from uuid import uuid4

from callers import Callers


async def test_inviting_and_accepting_by_the_token_of_the_mail(callers: Callers) -> None:
    ama, kofi = await callers.founder(name="Chez Ama"), await callers.register()
    path = f"/company/{ama.companies[0]}/invite"
    invited = await ama.post(path, {"email": kofi.email, "role": "member"})
    assert invited.status_code == 201
    invitation = invited.json()
    assert set(invitation) == {"id", "email", "role", "state", "expires_at"}
    assert (invitation["email"], invitation["role"], invitation["state"]) == (kofi.email, "member", "pending")

    token = {"token": callers.api.outbox.token(kofi.email)}
    accepted = await kofi.post("/invitations/accept", token)
    assert accepted.status_code == 200
    assert (accepted.json()["company_id"], accepted.json()["role"]) == (str(ama.companies[0]), "member")
    again = await kofi.post("/invitations/accept", token)
    assert (again.status_code, again.json()["code"]) == (409, "invitation.used")


async def test_ones_own_invitations_can_be_declined(callers: Callers) -> None:
    ama, kofi = await callers.founder(name="Chez Ama"), await callers.register()
    await ama.post(f"/company/{ama.companies[0]}/invite", {"email": kofi.email, "role": "admin"})
    offers = (await kofi.get("/me/invitations")).json()
    assert [(one["company_name"], one["role"]) for one in offers["items"]] == [("Chez Ama", "admin")]
    assert offers["next_cursor"] is None
    declined = await kofi.post("/invitations/decline", {"id": offers["items"][0]["id"]})
    assert (declined.status_code, declined.content) == (204, b"")
    assert (await kofi.get("/me/invitations")).json()["items"] == []


async def test_a_member_can_invite_nobody(callers: Callers) -> None:
    """S16."""
    ama = await callers.founder()
    kofi = await ama.bring_in()
    path = f"/company/{ama.companies[0]}/invite"
    answer = await kofi.post(path, {"email": "eve@example.com", "role": "admin"})
    assert (answer.status_code, answer.json()["code"]) == (403, "company.admin_required")


async def test_inviting_into_a_foreign_company_is_inviting_into_none(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    body = {"email": "kofi@example.com", "role": "member"}
    answers = [await eve.post(f"/company/{one}/invite", body) for one in (ama.companies[0], uuid4())]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, "company.not_found")
    ] * 2


async def test_inviting_does_not_tell_who_has_an_account(callers: Callers) -> None:
    """S10."""
    ama, kofi = await callers.founder(), await callers.register()
    path = f"/company/{ama.companies[0]}/invite"
    answers = [
        (await ama.post(path, {"email": email, "role": "member"})).json()
        for email in (kofi.email, f"{uuid4().hex}@example.com")
    ]
    varying = {"id": "", "email": "", "expires_at": ""}
    assert {**answers[0], **varying} == {**answers[1], **varying}


async def test_an_invitation_must_be_named_one_way(callers: Callers) -> None:
    ama = await callers.register()
    for body in ({}, {"token": "x", "id": str(uuid4())}):
        answer = await ama.post("/invitations/accept", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invitation.unnamed")


async def test_an_unknown_role_is_told_with_the_choice(callers: Callers) -> None:
    ama = await callers.founder()
    body = {"email": "kofi@example.com", "role": "owner"}
    answer = await ama.post(f"/company/{ama.companies[0]}/invite", body)
    assert answer.json()["errors"] == [
        {"field": "role", "code": "field.not_a_choice", "message": "This must be one of: admin, member."}
    ]
