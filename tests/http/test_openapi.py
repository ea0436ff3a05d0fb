"""The OpenAPI document: complete, and true of what the API does."""

import re
from typing import Any

import pytest
from callers import Api, Callers, Json

from inventoryai.domain.errors import every_problem
from inventoryai_http.openapi import document
from inventoryai_http.problems import STATUSES, status_of

WITHOUT_BODY = {204}


@pytest.fixture
def described(api: Api) -> Json:
    return document(api.app())


def operations(described: Json) -> list[tuple[str, str, Json]]:
    return [
        (path, method.upper(), operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


async def test_it_is_served_and_parses(callers: Callers) -> None:
    answer = await callers.client.get("/api/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.1.")
    assert "/api/v1/products" in answer.json()["paths"]


def test_every_operation_is_described(described: Json) -> None:
    for path, method, operation in operations(described):
        where = f"{method} {path}"
        assert operation["operationId"], where
        assert len(operation["tags"]) == 1, where
        assert operation["description"].endswith("."), where
        assert not re.search(r"\bArgs:|\bRaises:", operation["description"]), where


def test_operation_ids_are_unique(described: Json) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(ids) == len(set(ids))


def test_every_body_has_an_example(described: Json) -> None:
    for path, method, operation in operations(described):
        for content in operation.get("requestBody", {"content": {}})["content"].values():
            assert content["example"], f"{method} {path}"


def test_every_good_answer_has_an_example(described: Json) -> None:
    for path, method, operation in operations(described):
        good = {int(status): answer for status, answer in operation["responses"].items() if status < "300"}
        assert good, f"{method} {path}"
        for status, answer in good.items():
            contents = answer.get("content", {})
            assert contents or status in WITHOUT_BODY, f"{method} {path}"
            if "/metrics" not in path:
                assert all(content["example"] for content in contents.values()), f"{method} {path}"


def test_examples_have_the_fields_of_their_schema(described: Json) -> None:
    """An example that lags behind its shape would teach a client what is not so."""
    schemas = described["components"]["schemas"]
    for path, method, operation in operations(described):
        contents = [
            content
            for part in (operation.get("requestBody", {}), *operation["responses"].values())
            for kind, content in part.get("content", {}).items()
            if kind == "application/json" and "$ref" in content["schema"]
        ]
        for content in contents:
            check_fields(content["example"], content["schema"], schemas, f"{method} {path}")


def check_fields(example: Any, schema: Json, schemas: Json, where: str) -> None:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    properties = schema.get("properties")
    if not isinstance(example, dict) or not properties:
        return
    assert set(example) <= set(properties), f"{where}: {set(example) - set(properties)}"
    assert set(schema.get("required", ())) <= set(example), where
    for name, value in example.items():
        for item in value if isinstance(value, list) else [value]:
            check_fields(item, properties[name].get("items", properties[name]), schemas, where)


def test_declared_errors_have_their_status(described: Json) -> None:
    known = {problem.code: problem for problem in every_problem()}
    for path, method, operation in operations(described):
        errors = {status: one for status, one in operation["responses"].items() if status >= "300"}
        assert errors, f"{method} {path}"
        for status, answer in errors.items():
            assert set(answer["content"]) == {"application/problem+json"}
            codes = re.findall(r"^- `([\w.]+)`", answer["description"], re.MULTILINE)
            assert codes, f"{method} {path} {status}"
            assert {status_of(known[code]) for code in codes} == {int(status)}, f"{method} {path}"


def test_protected_operations_say_that_they_are(described: Json) -> None:
    open_to_all = {"/api/v1/register", "/api/v1/login/token", "/api/v1/login/refresh", "/api/v1/email/verify"}
    for path, method, operation in operations(described):
        if path in open_to_all or not path.startswith("/api/v1"):
            assert "security" not in operation, f"{method} {path}"
        else:
            assert operation["security"] == [{"password": []}], f"{method} {path}"
            assert "401" in operation["responses"], f"{method} {path}"


def test_authorize_knows_where_to_log_in(described: Json) -> None:
    scheme = described["components"]["securitySchemes"]["password"]
    assert scheme["type"] == "oauth2"
    assert scheme["flows"] == {"password": {"tokenUrl": "/api/v1/login/token", "scopes": {}}}


def test_money_and_quantities_are_numbers(described: Json) -> None:
    cost = described["components"]["schemas"]["Product"]["properties"]["cost"]
    assert {"type": "number"} in cost["oneOf"]


def test_lists_take_a_limit_and_a_cursor(described: Json) -> None:
    for path, method, operation in operations(described):
        names = {one["name"] for one in operation.get("parameters", ())}
        is_page = "Page" in str(operation["responses"].get("200", {}).get("content", {}))
        assert ({"limit", "cursor"} <= names) == is_page, f"{method} {path}"


def test_the_promised_paths_are_there(described: Json) -> None:
    promised = {
        "/api/v1/register": {"post"},
        "/api/v1/login/token": {"post"},
        "/api/v1/company": {"post", "get"},
        "/api/v1/company/{company_id}": {"get"},
        "/api/v1/company/{company_id}/invite": {"post"},
    }
    for path, methods in promised.items():
        assert methods <= set(described["paths"][path])


def test_every_kind_of_error_has_a_status() -> None:
    assert {status_of(kind) for kind in STATUSES} == set(STATUSES.values())
