"""The published document, held against what is really answered."""

import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from console.api.document import openapi
from console.served import ENDPOINTS, REFUSALS, VERSION

_URI = "urn:document"
DOCUMENT = openapi(ENDPOINTS, REFUSALS, VERSION)
_REGISTRY: Registry[Any] = Registry().with_resource(_URI, Resource(contents=DOCUMENT, specification=DRAFT202012))


def operation_at(method: str, path: str) -> dict[str, Any] | None:
    """The operation that a request is, or None. Fixed addresses go before those with a variable part."""
    for template in sorted(DOCUMENT["paths"], key=lambda one: "{" in one):
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path) and method.lower() in DOCUMENT["paths"][template]:
            found: dict[str, Any] = DOCUMENT["paths"][template][method.lower()]
            return found
    return None


def operation_named(name: str) -> dict[str, Any]:
    """The operation with this id."""
    return next(each for path in DOCUMENT["paths"].values() for each in path.values() if each["operationId"] == name)


def documented(operation: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """The answers of an operation by status, references resolved."""
    answers = {}
    for status, answer in operation["responses"].items():
        named = answer.get("$ref", "").rpartition("/")[2]
        answers[int(status)] = DOCUMENT["components"]["responses"][named] if named else answer
    return answers


def codes_of(operation: dict[str, Any]) -> set[str]:
    """Every code of a problem that an operation may answer."""
    return {
        code for answer in documented(operation).values() for content in answer["content"].values() for code in content.get("examples", {})
    }


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{_URI}#{pointer}"}, registry=_REGISTRY)


def faults_of(shape: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value by a schema of the document."""
    if set(shape) == {"$ref"}:
        return [error.message for error in _validator(shape["$ref"].removeprefix("#")).iter_errors(value)]
    whole = {**shape, "$id": f"{_URI}:one", "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(whole, registry=_REGISTRY).iter_errors(value)]


def check(method: str, path: str, status: int, kind: str, body: Any) -> None:
    """An answer is one that the document promises: its status, its type and every member of it."""
    operation = operation_at(method, path)
    assert operation is not None, f"{method} {path} is not documented"
    answers = documented(operation)
    assert status in answers, f"{method} {path} answered {status} {body}, which is not documented"
    content = answers[status]["content"]
    assert kind in content, f"{method} {path} answered {kind}"
    assert faults_of(content[kind]["schema"], body) == [], body
