"""Requests that are nearly right, by the hundred and in the soak by the thousand: each answer is as documented, nothing is half done."""

import copy
import random
import re
import string
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from console.api.models import ApiAnswer
from console.served import ENDPOINTS
from domain.bookings.proof import overlaps, prove_bookings
from domain.staff.models import DeviceAct
from tests.console.contract import DOCUMENT
from tests.console.experiences.test_experiences import guests
from tests.console.tables.test_tables import orders
from tests.console.till import Till
from tests.console.waitlist.test_waitlist import sits

HOW_MANY = {"sqlite": 600, "mariadb": 120}
LONG = {"sqlite": 2000, "mariadb": 400}
TEXTS = ("", " ", "陈先生", "\u202e\u200b", "🍜" * 30, "x" * 300, "'; DROP TABLE booking; --", "<b>", "A01", "\x00", "1e5", "２")
NUMBERS = (-1, 0, 1, 2, 4, 10, 11, 500, 501, 2**31, 2**63, 10**40)
MOMENTS = (
    "2026-11-21T19:00:00+08:00",
    "2026-11-28T19:00:00+08:00",
    "2026-11-28T11:07:13.5Z",
    "2027-02-28T23:45:00-12:00",
    "2099-12-31T23:59:59Z",
    "2020-01-01T00:00:00Z",
    "2026-11-28T19:00",
    "2026-11-28T24:00:00Z",
    "2026-13-01T00:00:00Z",
)
DAYS = ("2026-11-21", "2026-11-28", "2020-01-01", "2099-12-31", "2026-02-29", "0000-00-00", "tomorrow")
ANYTHING = (None, True, 1.5, -0.0, [], {}, [[]], {"a": {}}, "x", 10**25)


class Mischief:
    """Makes requests out of the document, and spoils some."""

    def __init__(self, dice: random.Random, known: dict[str, list[str]]) -> None:
        self.dice = dice
        self.known = known

    def path(self, template: str) -> str:
        """An address whose variable parts are mostly those of something that is there."""

        def part(match: re.Match[str]) -> str:
            name = match[1]
            here = self.known["table" if name == "table" else name]
            if self.dice.random() < 0.9:
                return self.dice.choice(here)
            return self.dice.choice(("x", "%00", "%2f", "0" * 26, "%F0%9F%8D%9C", new_id_text(self.dice), "A99"))

        return re.sub(r"{(\w+)}", part, template)

    def value(self, schema: dict[str, Any]) -> Any:
        """Something of a schema, at its edges and a little over."""
        if self.dice.random() < 0.04:
            return self.dice.choice(ANYTHING)
        if "$ref" in schema:
            return self.value(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self.value(self.dice.choice(schema["anyOf"]))
        if "enum" in schema:
            return self.dice.choice(schema["enum"])
        kind, form = schema.get("type"), schema.get("format")
        if form in {"date-time", "date"}:
            return self.dice.choice(MOMENTS[:4] if form == "date-time" and self.dice.random() < 0.8 else (*MOMENTS, *DAYS))
        if kind == "object":
            return self.object(schema)
        if kind == "array":
            return [self.value(schema["items"]) for _ in range(self.dice.randrange(4))]
        if kind == "integer":
            return self.dice.choice((1, 2, 3, 4, 15)) if self.dice.random() < 0.7 else self.dice.choice(NUMBERS)
        if kind == "boolean":
            return self.dice.random() < 0.5
        if kind == "null":
            return None
        return self.dice.choice(self.known["table"]) if schema.get("maxLength") == 16 else self.dice.choice(TEXTS)

    def object(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A body: what is needed, and some of what may be."""
        required = set(schema.get("required", ()))
        made = {
            name: self.value(each) for name, each in schema.get("properties", {}).items() if name in required or self.dice.random() < 0.3
        }
        if self.dice.random() < 0.05:
            made.pop(self.dice.choice([*made, "nothing"]), None)
        if self.dice.random() < 0.05:
            made[self.dice.choice(("__proto__", "version", "people", "", "a/b"))] = self.dice.choice(ANYTHING)
        return made

    def request(self) -> tuple[str, str, dict[str, Any]]:
        """(method, path, more of it)."""
        endpoint = self.dice.choice(ENDPOINTS)
        operation = DOCUMENT["paths"][endpoint.path][endpoint.method.lower()]
        path = self.path(endpoint.path)
        if not endpoint.changes:
            query = {
                each["name"]: str(self.value(each["schema"]))
                for each in operation.get("parameters", ())
                if each["in"] == "query" and (each["required"] or self.dice.random() < 0.4)
            }
            return endpoint.method, path, {"params": query}
        more: dict[str, Any] = {"key": self.dice.choice(("again", "again2")) if self.dice.random() < 0.03 else ""}
        if "requestBody" in operation:
            more["json"] = self.value(operation["requestBody"]["content"]["application/json"]["schema"])
        if self.dice.random() < 0.03:
            more.pop("json", None)
            noise = bytes(self.dice.randrange(256) for _ in range(self.dice.randrange(40)))
            more |= {"data": noise, "kind": self.dice.choice(("application/json", "text/plain"))}
        return endpoint.method, path, more


def new_id_text(dice: random.Random) -> str:
    """The id of nothing."""
    return "01" + "".join(dice.choice(string.digits) for _ in range(24))


async def scene(till: Till) -> dict[str, list[str]]:
    """A restaurant in which something goes on; the ids of it."""
    at = "2026-11-21T20:00:00+08:00"
    bookings = [(await till.post("/bookings", {"starts_at": at, "people": people}))["id"] for people in (2, 4)]
    numbers = [(await till.post("/waitlist", {"people": people}))["id"] for people in (2, 2, 4, 10)]
    calls = [(await till.post("/service-calls", {"table": table}))["call"]["id"] for table in ("A01", "A02")]
    placed = [await orders(till, await sits(till, table, f"o-{table}")) for table in ("A03", "V01")]
    guest = await guests(till)
    tables = ["A01", "A02", "A03", "A04", "V01"]
    return {
        "booking_id": [*bookings, guest.id],
        "number_id": numbers,
        "call_id": calls,
        "order_id": placed,
        "session_id": [guest.session_id],
        "table": tables,
    }


def learnt(known: dict[str, list[str]], path: str, answer: Any) -> None:
    """What was made is played with, too."""
    for prefix, name in (("/bookings", "booking_id"), ("/waitlist", "number_id")):
        if path == prefix:
            known[name].append(answer["id"])


@pytest.mark.parametrize("how_many", [pytest.param(HOW_MANY, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.soak)])
async def test_nothing_that_a_device_can_say_breaks_the_house(till: Till, how_many: dict[str, int]) -> None:
    requests = how_many["sqlite" if till.database.url.startswith("sqlite") else "mariadb"]
    dice = random.Random(20261121)
    known = await scene(till)
    mischief = Mischief(dice, known)
    before = await _rows(till)
    seen: Counter[str] = Counter()
    acts = 0

    with capture_logs() as lines:
        for _ in range(requests):
            method, path, more = mischief.request()
            answer = await till.ask(method, path, **copy.deepcopy(more))
            seen[answer.code or str(answer.status)] += 1
            if method != "GET" and answer.status < 300 and "Idempotent-Replayed" not in answer.headers:
                acts += 1
                learnt(known, path, answer)
            if dice.random() < 0.02:
                till.clock.advance(minutes=dice.choice((1, 5, 20)))

    assert [line for line in lines if line["log_level"] in {"error", "critical"}] == []
    assert acts > requests // 20  # about one in ten does something
    assert len(seen) > 10, seen
    after = await _rows(till)
    assert [after[table] - before[table] for table in before] == [acts, acts]
    assert await till.database.read(prove_bookings) == []
    assert await till.database.read(overlaps) == []


async def _rows(till: Till) -> dict[str, int]:
    """How many answers are kept, and how many acts are on record."""

    def count(session: Any) -> Iterator[tuple[str, int]]:
        for table in (ApiAnswer, DeviceAct):
            yield table.__tablename__, session.execute(select(func.count()).select_from(table)).scalar_one()

    return await till.database.read(lambda session: dict(count(session)))
