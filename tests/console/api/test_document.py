"""/api/v1/openapi.json: valid, whole, and the same as what is served."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from console.api.problems import ALWAYS, OF_CHANGES, WRONG_CURSOR
from console.served import ENDPOINTS, REFUSALS
from domain.kernel.errors import DomainError
from tests.console.conftest import Client
from tests.console.contract import DOCUMENT, documented, faults_of, operation_named
from tests.schema import SqliteTemplate

NAMES = [endpoint.name for endpoint in ENDPOINTS]


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


async def test_anybody_may_read_it_and_it_is_valid(client: Client) -> None:
    async with client.get("/api/v1/openapi.json") as response:
        published = await response.json()
        headers = response.headers

    assert published == DOCUMENT
    assert list(OpenAPIV31SpecValidator(published).iter_errors()) == []
    assert published["openapi"].startswith("3.1.")
    assert headers["Cache-Control"] == "public, max-age=300"


async def test_it_is_not_sent_again_to_who_has_it(client: Client) -> None:
    async with client.get("/api/v1/openapi.json") as response:
        etag = response.headers["ETag"]

    async with client.get("/api/v1/openapi.json", headers={"If-None-Match": etag}) as again:
        assert (again.status, await again.read()) == (304, b"")


async def test_every_operation_is_served_and_every_route_is_documented(client: Client) -> None:
    api = client.server.app._subapps[0]  # type: ignore[attr-defined]
    served = {
        (route.method, route.resource.canonical.removeprefix("/api/v1"))
        for route in api.router.routes()
        if route.method != "HEAD" and route.resource.canonical != "/api/v1/openapi.json"
    }

    assert served == {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}


def test_names_are_unique_and_answers_are_at_most_once_declared() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert [endpoint.name for endpoint in ENDPOINTS if len(set(endpoint.refusals)) < len(endpoint.refusals)] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_says_all_that_a_client_needs(name: str) -> None:
    operation = operation_named(name)
    endpoint = next(endpoint for endpoint in ENDPOINTS if endpoint.name == name)

    assert operation["summary"]
    assert len(operation["description"]) > 20
    assert operation["security"]
    needed = {kind.status for kind in (*ALWAYS, *(OF_CHANGES if endpoint.changes else ()))}
    assert set(documented(operation)) >= {endpoint.status} | needed
    has_key = any(parameter["name"] == "Idempotency-Key" and parameter["required"] for parameter in operation.get("parameters", ()))
    assert has_key == endpoint.changes


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_an_operation_is_true_to_its_shape(name: str) -> None:
    operation = operation_named(name)
    shown: list[tuple[dict[str, Any], Any]] = [
        (each["schema"], each["example"]) for each in operation.get("parameters", ()) if "example" in each
    ]
    shown += [(each["schema"], each["example"]) for each in operation.get("requestBody", {}).get("content", {}).values()]
    for answer in documented(operation).values():
        for content in answer["content"].values():
            shown += [(content["schema"], content["example"])] if "example" in content else []
            shown += [(content["schema"], each["value"]) for each in content.get("examples", {}).values()]

    assert [(value, faults) for schema, value in shown if (faults := faults_of(schema, value))] == []
    assert all(
        "example" in content or "examples" in content for answer in documented(operation).values() for content in answer["content"].values()
    )


@pytest.mark.parametrize("error", [pytest.param(error, id=error.code) for error in REFUSALS])
def test_the_words_of_a_refusal_need_only_what_it_tells(error: type[DomainError]) -> None:
    details = " ".join((inspect.getdoc(error) or "").split()).partition("Details:")[2]

    told = set(re.findall(r"\w+", details))
    assert REFUSALS[error].placeholders <= told
    assert 400 <= REFUSALS[error].status < 500


def test_every_refusal_that_is_declared_has_words_and_no_words_are_left_over() -> None:
    declared = {error for endpoint in ENDPOINTS for error in endpoint.refusals}

    assert declared == set(REFUSALS)


def test_a_code_is_one_problem_everywhere() -> None:
    kinds = {kind.code: kind for kind in (*ALWAYS, *OF_CHANGES, WRONG_CURSOR, *(kind for one in ENDPOINTS for kind in one.problems))}
    codes = [*kinds, *(error.code for error in REFUSALS)]

    assert len(codes) == len(set(codes))


def test_the_document_is_plain_json() -> None:
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT
