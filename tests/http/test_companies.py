"""Companies over HTTP, and the rules of X-Company-ID."""

from uuid import uuid4

import pytest
from callers import Caller, Callers

COMPANY_FIELDS = {"id", "name", "country", "currency", "time_zone", "locale", "role", "created_at"}


@pytest.mark.parametrize("path", ["/company", "/company/"])
async def test_founding_a_company_keeps_its_shape(callers: Callers, path: str) -> None:
    ama = await callers.register()
    answer = await ama.post(path, {"name": "Épicerie", "country": "NG"})
    assert answer.status_code == 201
    company = answer.json()
    assert set(company) == COMPANY_FIELDS
    assert (company["currency"], company["time_zone"], company["role"]) == ("NGN", "Africa/Lagos", "admin")
    assert [one["id"] for one in (await ama.get(path)).json()["items"]] == [company["id"]]


async def test_a_member_sees_the_company_with_its_members(callers: Callers) -> None:
    ama = await callers.founder()
    kofi = await ama.bring_in()
    answer = (await kofi.get(f"/company/{ama.companies[0]}")).json()
    assert set(answer) == COMPANY_FIELDS | {"members"}
    assert answer["role"] == "member"
    assert [(one["email"], one["role"]) for one in answer["members"]] == [
        (ama.email, "admin"),
        (kofi.email, "member"),
    ]
    assert set(answer["members"][0]) == {"user_id", "email", "full_name", "role", "joined_at"}


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"country": "XYZ"}, "country", "country.unknown"),
        ({"currency": "DOGE"}, "currency", "currency.unknown"),
        ({"time_zone": "Mars/Base"}, "time_zone", "time_zone.unknown"),
        ({"locale": "de"}, "locale", "locale.unknown"),
    ],
)
async def test_a_company_with_a_fault_says_in_which_field(
    callers: Callers, said: dict[str, str], field: str, code: str
) -> None:
    ama = await callers.register()
    answer = await ama.post("/company", {"name": "Épicerie", **said})
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_nobody_sees_whether_a_company_exists_that_is_not_theirs(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    foreign = await eve.get(f"/company/{ama.companies[0]}")
    unknown = await eve.get(f"/company/{uuid4()}")
    assert foreign.status_code == unknown.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}


async def test_with_one_company_the_header_may_be_left_out(callers: Callers) -> None:
    ama = await callers.founder()
    assert (await ama.get("/products")).status_code == 200


async def test_without_a_company_one_is_told_so(callers: Callers) -> None:
    ama = await callers.register()
    answer = await ama.get("/products")
    assert (answer.status_code, answer.json()["code"]) == (404, "company.none")


async def two_companies(callers: Callers) -> Caller:
    ama = await callers.founder(name="Une")
    await ama.found(name="Deux")
    return ama


async def test_with_several_companies_one_must_be_chosen(callers: Callers) -> None:
    """S19: never simply the first."""
    ama = await two_companies(callers)
    answer = await ama.get("/products")
    assert (answer.status_code, answer.json()["code"]) == (400, "company.selection_required")
    assert answer.json()["companies"] == [
        {"id": str(ama.companies[1]), "name": "Deux"},
        {"id": str(ama.companies[0]), "name": "Une"},
    ]


async def test_the_header_decides_between_several(callers: Callers) -> None:
    ama = await two_companies(callers)
    for company_id in ama.companies:
        headers = {"X-Company-ID": str(company_id)}
        answer = await ama.post("/products", {"sku": "A", "name": str(company_id)}, headers=headers)
        assert answer.status_code == 201
        found = (await ama.get("/products", headers=headers)).json()["items"]
        assert [one["name"] for one in found] == [str(company_id)]


@pytest.mark.parametrize(
    "value",
    ["", "1", "nonsense", "{0}x", "{{{0}}}", "urn:uuid:{0}", "{0}, {0}", "{0},{1}"],
)
async def test_a_malformed_header_is_refused(callers: Callers, value: str) -> None:
    ama = await two_companies(callers)
    header = value.format(*ama.companies)
    answer = await ama.get("/products", headers={"X-Company-ID": header})
    assert (answer.status_code, answer.json()["code"]) == (400, "company.header_invalid")


async def test_a_doubled_header_is_refused_even_when_both_agree(callers: Callers) -> None:
    ama = await callers.founder()
    twice = [("X-Company-ID", str(ama.companies[0]))] * 2
    answer = await callers.client.get("/api/v1/products", headers=[*ama.headers.items(), *twice])
    assert (answer.status_code, answer.json()["code"]) == (400, "company.header_invalid")


async def test_a_foreign_and_an_unknown_company_answer_alike(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    answers = [
        await eve.get("/products", headers={"X-Company-ID": str(company_id)})
        for company_id in (ama.companies[0], uuid4())
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == answers[1].content


async def test_the_path_decides_where_it_names_a_company(callers: Callers) -> None:
    ama = await two_companies(callers)
    for header in (str(ama.companies[1]), "nonsense"):
        answer = await ama.get(f"/company/{ama.companies[0]}", headers={"X-Company-ID": header})
        assert answer.json()["id"] == str(ama.companies[0])


async def test_a_strangers_body_does_not_matter_in_a_foreign_company(callers: Callers) -> None:
    ama, eve = await callers.founder(), await callers.founder()
    headers = {"X-Company-ID": str(ama.companies[0])}
    answer = await eve.call("POST", "/products", content=b"{", headers=headers)
    assert answer.status_code == 404
