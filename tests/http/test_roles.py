"""Who may call what (S21): a route that is in the document and not in this table fails.

``anybody``: no token. ``person``: any account. ``member``: of the company that the call is about.
``admin``: an Admin of it.
"""

import re
from uuid import uuid4

import pytest
from callers import Api, Caller, Callers

from inventoryai_http.openapi import operations

ID = str(uuid4())
RULES = {
    ("POST", "/api/v1/register"): "anybody",
    ("POST", "/api/v1/login/token"): "anybody",
    ("POST", "/api/v1/login/refresh"): "anybody",
    ("POST", "/api/v1/email/verify"): "anybody",
    ("GET", "/health/live"): "anybody",
    ("GET", "/health/ready"): "anybody",
    ("GET", "/metrics"): "anybody",
    ("GET", "/api/v1/me"): "person",
    ("GET", "/api/v1/me/invitations"): "person",
    ("POST", "/api/v1/invitations/accept"): "person",
    ("POST", "/api/v1/invitations/decline"): "person",
    ("GET", "/api/v1/company"): "person",
    ("POST", "/api/v1/company"): "person",
    ("GET", "/api/v1/engines"): "person",
    ("GET", "/api/v1/company/{company_id}"): "member",
    ("POST", "/api/v1/company/{company_id}/invite"): "admin",
    ("GET", "/api/v1/products"): "member",
    ("POST", "/api/v1/products"): "member",
    ("GET", "/api/v1/products/{product_id}"): "member",
    ("PATCH", "/api/v1/products/{product_id}"): "member",
    ("GET", "/api/v1/promotions"): "member",
    ("POST", "/api/v1/promotions"): "member",
    ("GET", "/api/v1/promotions/{promotion_id}"): "member",
    ("DELETE", "/api/v1/promotions/{promotion_id}"): "member",
    ("GET", "/api/v1/stock"): "member",
    ("POST", "/api/v1/stock/counts"): "member",
    ("GET", "/api/v1/imports"): "member",
    ("POST", "/api/v1/imports"): "member",
    ("GET", "/api/v1/imports/{import_id}"): "member",
    ("GET", "/api/v1/imports/{import_id}/errors"): "member",
    ("DELETE", "/api/v1/imports/{import_id}"): "member",
    ("GET", "/api/v1/forecasts"): "member",
    ("POST", "/api/v1/forecasts"): "member",
    ("GET", "/api/v1/forecasts/{forecast_id}"): "member",
    ("DELETE", "/api/v1/forecasts/{forecast_id}"): "member",
    ("GET", "/api/v1/forecasts/{forecast_id}/accuracy"): "member",
    ("GET", "/api/v1/forecasts/{forecast_id}/products/{product_id}"): "member",
    ("GET", "/api/v1/forecasts/{forecast_id}/products"): "member",
    ("GET", "/api/v1/forecasts/{forecast_id}/overrides"): "member",
    ("POST", "/api/v1/forecasts/{forecast_id}/overrides"): "member",
    ("DELETE", "/api/v1/forecasts/{forecast_id}/overrides/{override_id}"): "member",
    ("GET", "/api/v1/models"): "member",
    ("POST", "/api/v1/models"): "member",
    ("GET", "/api/v1/models/{model_id}"): "member",
    ("DELETE", "/api/v1/models/{model_id}"): "member",
    ("POST", "/api/v1/models/{model_id}/use"): "member",
    ("POST", "/api/v1/models/{model_id}/retire"): "member",
    ("GET", "/api/v1/plans"): "member",
    ("POST", "/api/v1/plans"): "member",
    ("GET", "/api/v1/plans/{plan_id}"): "member",
    ("GET", "/api/v1/recommendations"): "member",
    ("GET", "/api/v1/jobs"): "member",
    ("GET", "/api/v1/jobs/{job_id}"): "member",
    ("DELETE", "/api/v1/jobs/{job_id}"): "member",
}
CLOSED = sorted(route for route, who in RULES.items() if who != "anybody")
OF_A_COMPANY = sorted(route for route, who in RULES.items() if who in {"member", "admin"})
BODIES = {
    "/api/v1/products": {"sku": "A", "name": "A"},
    "/api/v1/products/{product_id}": {"name": "B"},
    "/api/v1/promotions": {"name": "A", "starts_on": "2026-05-01", "ends_on": "2026-05-02", "all": True},
    "/api/v1/stock/counts": {"counts": [{"sku": "A", "on_hand": 1}]},
    "/api/v1/forecasts": {"horizon": 7},
    "/api/v1/forecasts/{forecast_id}/overrides": {
        "sku": "A",
        "from": "2026-05-01",
        "to": "2026-05-02",
        "factor": 2,
        "reason": "A fair",
    },
    "/api/v1/models": {"engine": "lstm"},
    "/api/v1/plans": {},
    "/api/v1/company/{company_id}/invite": {"email": "eve@example.com", "role": "admin"},
}


def test_every_route_has_a_rule(api: Api) -> None:
    routes = {(method.upper(), path) for path, method, _ in operations(api.app())}
    assert routes == set(RULES)


def addressed(path: str, company_id: object) -> str:
    """The path, with the company where it names one and an unknown id anywhere else."""
    path = path.replace("{company_id}", str(company_id))
    return re.sub(r"\{\w+\}", ID, path)


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_strangers_get_in_nowhere(callers: Callers, method: str, path: str) -> None:
    """S5: nor do those who hold another kind of token of ours."""
    ama = await callers.founder()
    await ama.post(f"/company/{ama.companies[0]}/invite", {"email": "kofi@example.com", "role": "member"})
    others = [ama.tokens["refresh_token"], callers.api.outbox.token("kofi@example.com"), "x.y.z"]
    tokens = [{}, *({"Authorization": f"Bearer {token}"} for token in others)]
    for headers in tokens:
        answer = await callers.client.request(method, addressed(path, ama.companies[0]), headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] in {"token.missing", "token.invalid"}


async def as_outsider(outsider: Caller, method: str, path: str, company_id: object) -> tuple[int, str]:
    answer = await outsider.callers.client.request(
        method,
        addressed(path, company_id),
        headers={**outsider.headers, "X-Company-ID": str(company_id)},
        json=BODIES.get(path),
    )
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(("method", "path"), OF_A_COMPANY)
async def test_people_of_other_companies_meet_the_same_404(callers: Callers, method: str, path: str) -> None:
    """S18: whether the company exists or not, and no row changes."""
    ama, eve = await callers.founder(), await callers.founder()
    await ama.post("/products", {"sku": "A", "name": "A"})
    before = callers.api.begin.rows
    assert await as_outsider(eve, method, path, ama.companies[0]) == (404, "company.not_found")
    assert await as_outsider(eve, method, path, uuid4()) == (404, "company.not_found")
    after = callers.api.begin.rows
    assert (after.products, after.counts, after.invitations, after.jobs) == (
        before.products,
        before.counts,
        before.invitations,
        before.jobs,
    )


@pytest.mark.parametrize(("method", "path"), sorted(route for route, who in RULES.items() if who == "admin"))
async def test_members_may_not_what_is_for_admins(callers: Callers, method: str, path: str) -> None:
    ama = await callers.founder()
    kofi = await ama.bring_in()
    answer = await callers.client.request(
        method, addressed(path, ama.companies[0]), headers=kofi.headers, json=BODIES[path]
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "company.admin_required")
