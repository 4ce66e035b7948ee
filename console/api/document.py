"""The OpenAPI 3.1 document of the declared endpoints. Whatever is said here is served, and nothing else is."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from console.api.endpoint import Endpoint
from console.api.problems import ALWAYS, OF_CHANGES, WRONG_CURSOR, Fault, Kind, problem
from console.api.reading import KEY_HEADER
from console.api.refusals import Refusals
from console.api.shapes import Nothing, PageQuery

_REF = "#/components/schemas/{model}"
_PROBLEM = "application/problem+json"
_JSON = "application/json"
_ABOUT = """\
The JSON API of a store's tills, screens and floor. A bearer token (`haowei token create --store STORE --scope till`) opens one store.

Whatever changes something needs an `Idempotency-Key`: the same request under the same key acts once, and gets the same answer for
48 hours (`Idempotent-Replayed: true`). A refusal changed nothing and is not kept: the same request may succeed later.

Instants are ISO 8601 with a zone, money is whole fen. Problems are RFC 9457: `code` is stable and for programs, `detail` is plain
Chinese for the staff. Ignore members that you do not know: later versions may add some.
"""
_ULID = {"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}
_TABLE = {"type": "string", "minLength": 1, "maxLength": 16}
_EXAMPLE_ID = "01KQ3ZK7M5S8W0V2C4D6E8F0G2"


def openapi(endpoints: Sequence[Endpoint], refusals: Refusals, version: str) -> dict[str, Any]:
    """The document. Args: version: Of the program."""
    schemas = _schemas(endpoints, refusals)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for endpoint in endpoints:
        paths[endpoint.path][endpoint.method.lower()] = _operation(endpoint, refusals, schemas)
    queries = {endpoint.asks.__name__ for endpoint in endpoints if not endpoint.changes}
    shapes = {name: schema for name, schema in schemas.items() if name not in queries and name != Nothing.__name__}
    return {
        "openapi": "3.1.1",
        "info": {"title": "Haowei", "version": version, "description": _ABOUT},
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in endpoints)],
        "paths": dict(paths),
        "components": {
            "schemas": shapes | _problem_schemas(),
            "responses": _responses(endpoints),
            "securitySchemes": {"storeToken": {"type": "http", "scheme": "bearer", "description": "A store's token."}},
        },
    }


def _schemas(endpoints: Sequence[Endpoint], refusals: Refusals) -> dict[str, Any]:
    """The shapes of all that is asked and answered, by name."""
    models: dict[type[BaseModel], JsonSchemaMode] = {endpoint.asks: "validation" for endpoint in endpoints}
    models |= {endpoint.answer: "serialization" for endpoint in endpoints}
    models |= {refusal.members: "serialization" for refusal in refusals.values() if refusal.members is not None}
    _, schema = models_json_schema(list(models.items()), ref_template=_REF)
    found: dict[str, Any] = schema["$defs"]
    return found


def _operation(endpoint: Endpoint, refusals: Refusals, schemas: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [_path_parameter(name) for name in re.findall(r"{(\w+)}", endpoint.path)]
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": " ".join((endpoint.handle.__doc__ or endpoint.summary).split()),
        "security": [{"storeToken": [scope.value]} for scope in sorted(endpoint.scopes, reverse=True)],
    }
    if endpoint.changes:
        parameters.append(_key_parameter())
        if endpoint.asks is not Nothing:
            body = schemas[endpoint.asks.__name__]
            operation["requestBody"] = {
                "required": bool(body.get("required")),
                "content": {_JSON: {"schema": _ref(endpoint.asks), "example": dict(endpoint.asks.EXAMPLE)}},
            }
    else:
        parameters += _query_parameters(schemas[endpoint.asks.__name__])
    if parameters:
        operation["parameters"] = parameters
    operation["responses"] = {str(endpoint.status): _success(endpoint)} | _problems(endpoint, refusals, schemas)
    return operation


def _success(endpoint: Endpoint) -> dict[str, Any]:
    headers = {"Request-Id": _header("What to name when something is wrong.")}
    if endpoint.changes:
        headers["Idempotent-Replayed"] = _header('"true" when this was answered before, and nothing was done now.')
    if endpoint.location:
        headers["Location"] = _header("Where it stands.")
    content = {_JSON: {"schema": _ref(endpoint.answer), "example": dict(endpoint.answer.EXAMPLE)}}
    return {"description": " ".join((endpoint.answer.__doc__ or "").split()), "headers": headers, "content": content}


def _problems(endpoint: Endpoint, refusals: Refusals, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """What may go wrong, by status: every code, with an example of each. What goes wrong everywhere alike is named only."""
    own = {kind.status for kind in endpoint.problems} | {refusals[error].status for error in endpoint.refusals}
    kinds: dict[int, list[Kind]] = defaultdict(list)
    for kind in (*_frame(endpoint), *endpoint.problems):
        kinds[kind.status].append(kind)
    answers = {}
    for status in sorted(kinds.keys() | own):
        if status not in own:
            answers[str(status)] = {"$ref": f"#/components/responses/{_group(endpoint, status)}"}
            continue
        examples = {kind.code: _kind_example(kind) for kind in kinds[status]}
        members: dict[str, Any] = {}
        for error in endpoint.refusals:
            refusal = refusals[error]
            if refusal.status == status:
                examples[error.code] = {"summary": refusal.title, "value": refusal.example(error.code)}
                members |= schemas[refusal.members.__name__]["properties"] if refusal.members is not None else {}
        answers[str(status)] = _answer(status, kinds[status], examples, members)
    return answers


def _responses(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The problems of the frame, by the group of endpoints that have them and their status."""
    found = {}
    for endpoint in endpoints:
        frame = _frame(endpoint)
        for status in sorted({kind.status for kind in frame}):
            kinds = [kind for kind in frame if kind.status == status]
            found[_group(endpoint, status)] = _answer(status, kinds, {kind.code: _kind_example(kind) for kind in kinds}, {})
    return found


def _group(endpoint: Endpoint, status: int) -> str:
    always = {kind.code for kind in ALWAYS if kind.status == status}
    if {kind.code for kind in _frame(endpoint) if kind.status == status} == always:
        return f"Problem{status}"
    return f"ActProblem{status}" if endpoint.changes else f"ListProblem{status}"


def _answer(status: int, kinds: Sequence[Kind], examples: Mapping[str, Any], members: Mapping[str, Any]) -> dict[str, Any]:
    headers = {name: _header() for kind in kinds for name in kind.headers}
    special = {"type": "object", "properties": {"status": {"const": status}, "code": {"enum": list(examples)}, **members}}
    schema = {"allOf": [{"$ref": _REF.format(model="Problem")}, special]}
    return {
        "description": "; ".join(f"{code}: {example['summary']}" for code, example in examples.items()),
        **({"headers": headers} if headers else {}),
        "content": {_PROBLEM: {"schema": schema, "examples": dict(examples)}},
    }


def _kind_example(kind: Kind) -> dict[str, Any]:
    return {"summary": kind.title, "value": problem(kind.code, kind.status, kind.title, kind.detail)}


def _frame(endpoint: Endpoint) -> tuple[Kind, ...]:
    """What may go wrong before a feature is asked."""
    if endpoint.changes:
        return (*ALWAYS, *OF_CHANGES)
    return (*ALWAYS, WRONG_CURSOR) if issubclass(endpoint.asks, PageQuery) else ALWAYS


def _path_parameter(name: str) -> dict[str, Any]:
    is_id = name.endswith("_id")
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": _ULID if is_id else _TABLE,
        "example": _EXAMPLE_ID if is_id else "A03",
    }


def _key_parameter() -> dict[str, Any]:
    return {
        "name": KEY_HEADER,
        "in": "header",
        "required": True,
        "description": "New for each act, the same when it is tried again. 1 to 64 visible ASCII characters, with or without quotes.",
        "schema": {"type": "string", "pattern": '^("[!#-\\[\\]-~]{1,64}"|[!-~]{1,64})$'},
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    }


def _query_parameters(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": " ".join(str(shape.get("description", "")).split()),
            "schema": _not_null(shape),
        }
        for name, shape in schema.get("properties", {}).items()
    ]


def _not_null(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """An address has no null: what may be left out is left out."""
    some = [each for each in shape.get("anyOf", ()) if each != {"type": "null"}]
    kept = {name: value for name, value in shape.items() if name not in {"anyOf", "title", "description"} and value is not None}
    return kept | (some[0] if some else {})


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _header(about: str = "") -> dict[str, Any]:
    return {"description": about, "schema": {"type": "string"}} if about else {"schema": {"type": "string"}}


def _problem_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    fault = Fault("missing", "缺少这一项", pointer="#/people").to_json()
    return {
        "Problem": {
            "type": "object",
            "description": "RFC 9457. Nothing was changed.",
            "required": ["type", "title", "status", "detail", "code"],
            "properties": {
                "type": {"type": "string", "format": "uri", "description": "The code as a URI."},
                "title": {**text, "description": "The same each time."},
                "status": {"type": "integer"},
                "detail": {**text, "description": "For the staff, in plain Chinese."},
                "code": {**text, "description": "Stable, for programs."},
                "errors": {"type": "array", "items": {"$ref": _REF.format(model="Fault")}},
                "request": {**text, "description": "What to name when something is wrong."},
            },
        },
        "Fault": {
            "type": "object",
            "description": "One thing that is wrong with a request.",
            "required": ["code", "detail"],
            "properties": {
                "code": text,
                "detail": text,
                "pointer": {**text, "description": "Where in the body: a JSON pointer as a fragment."},
                "parameter": {**text, "description": "Which parameter of the address."},
            },
            "examples": [fault],
        },
    }
