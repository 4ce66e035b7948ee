"""Who is let in, how a request must look, and in which form everything is answered."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.shop.reading import read_shop
from domain.staff.models import TokenScope
from domain.staff.service import find_device, revoke_token
from haowei.shop_files import bring_in
from tests.console.conftest import Client
from tests.console.till import SHOP_FILE, Till, new_till
from tests.schema import SqliteTemplate

JSON = "application/json"
BOOKING = {"starts_at": "2026-11-28T19:00:00+08:00", "people": 2}


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


async def raw(client: Client, method: str, path: str, **more: Any) -> tuple[int, Any, bytes]:
    """A request as it stands, with nothing added."""
    async with client.request(method, f"/api/v1{path}", **more) as response:
        return response.status, response.headers, await response.read()


def bearer(till: Till) -> dict[str, str]:
    return {"Authorization": f"Bearer {till.token}"}


class TestTokens:
    async def test_without_a_token_it_is_401_and_says_how_to_come_in(self, client: Client) -> None:
        status, headers, body = await raw(client, "GET", "/store")

        assert (status, json.loads(body)["code"]) == (401, "api.no_token")
        assert headers["WWW-Authenticate"] == 'Bearer realm="haowei"'
        assert headers["Content-Type"].startswith("application/problem+json")

    @pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer ", "Basic YTpi", "bearer", "Bearer \xff\xfe", "Bearer a b"])
    async def test_a_wrong_token_is_401_and_named_invalid(self, client: Client, given: str) -> None:
        status, headers, body = await raw(client, "GET", "/store", headers={"Authorization": given})

        assert (status, json.loads(body)["code"]) == (401, "api.wrong_token")
        assert 'error="invalid_token"' in headers["WWW-Authenticate"]

    async def test_a_revoked_token_opens_nothing_at_once(self, till: Till) -> None:
        device = await till.database.read(find_device, till.token)
        assert device is not None
        await till.does(revoke_token, device.id)

        assert (await till.get("/store")).code == "api.wrong_token"

    @pytest.mark.parametrize("scope", [TokenScope.AGENT, TokenScope.SCREEN])
    async def test_a_token_of_another_scope_is_403(self, till: Till, scope: TokenScope) -> None:
        other = await new_till(till.client, till.database, till.clock, "river", scope)

        answer = await other.get("/bookings")

        assert (answer.status, answer.code) == (403, "api.wrong_scope")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="haowei", error="insufficient_scope", scope="till"'

    async def test_whoever_may_not_come_in_learns_nothing_of_the_body(self, client: Client) -> None:
        status, _, _ = await raw(client, "POST", "/bookings", data=b"{", headers={"Content-Type": "application/json"})

        assert status == 401

    async def test_a_store_that_was_closed_for_good_can_be_looked_at_and_not_acted_in(self, till: Till, hill: Till) -> None:
        without = SHOP_FILE.replace(
            "  - id: hill\n    name: 山上店\n    tables: [{code: T1, seats: 4}]\n    bookings: {days_ahead: 365}\n", ""
        )
        await bring_in(till.database, read_shop(without.encode()).document, imported_by="test", now=till.clock.now())

        assert (await hill.get("/store"))["open"] is False
        assert (await hill.post("/bookings", BOOKING)).code == "bookings.not_taken"
        assert (await hill.post("/waitlist", {"people": 2})).code == "waitlist.closed"


class TestAddresses:
    async def test_an_unknown_address_is_a_problem_too(self, client: Client) -> None:
        status, headers, body = await raw(client, "GET", "/nowhere")

        assert (status, json.loads(body)["code"]) == (404, "api.not_found")
        assert headers["Cache-Control"] == "no-store"

    async def test_another_method_is_405_and_says_which_there_are(self, client: Client) -> None:
        status, headers, body = await raw(client, "DELETE", "/bookings")

        assert (status, json.loads(body)["code"]) == (405, "api.wrong_method")
        assert headers["Allow"] == "GET, HEAD, OPTIONS, POST"

    async def test_options_says_the_same_without_a_problem(self, client: Client) -> None:
        status, headers, body = await raw(client, "OPTIONS", "/bookings/offers")

        assert (status, body) == (204, b"")
        assert "GET" in headers["Allow"]

    async def test_head_is_get_without_the_body(self, client: Client, till: Till) -> None:
        asked = await raw(client, "GET", "/store", headers=bearer(till))
        status, headers, body = await raw(client, "HEAD", "/store", headers=bearer(till))

        assert (status, body) == (200, b"")
        assert headers["Content-Length"] == asked[1]["Content-Length"]

    @pytest.mark.parametrize(
        "path", ["/bookings/B018", "/bookings/%00", "/bookings/%ff", "/bookings/..%2f..", "/bookings/01KQ3ZK7M5S8W0V2C4D6E8F0G2"]
    )
    async def test_an_id_that_names_nothing_is_404(self, till: Till, path: str) -> None:
        answer = await till.get("/bookings/x")
        status, _, body = await raw(till.client, "GET", path, headers=bearer(till))

        assert answer.status == status == 404
        assert json.loads(body)["code"] in {"bookings.unknown", "api.not_found"}

    async def test_nothing_private_is_kept_by_a_cache_and_every_answer_has_a_number(self, till: Till) -> None:
        answers = [await till.get("/store"), await till.get("/bookings/x"), await till.post("/waitlist", {"people": 2})]

        assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
        assert {answer.headers["X-Content-Type-Options"] for answer in answers} == {"nosniff"}
        assert len({answer.headers["Request-Id"] for answer in answers}) == 3


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("day=tomorrow", "day"),
            ("day=2026-02-30", "day"),
            ("day=1764000000", "day"),
            ("day=1999-01-01", "day"),
            ("state=sleeping", "state"),
            ("limit=0", "limit"),
            ("limit=1e2", "limit"),
            ("limit=9999999999999999999999", "limit"),
            ("colour=red", "colour"),
            ("day=2026-11-28&day=2026-11-29", "day"),
        ],
    )
    async def test_a_wrong_parameter_is_400_and_named(self, till: Till, query: str, parameter: str) -> None:
        status, _, body = await raw(till.client, "GET", f"/bookings?{query}", headers=bearer(till))

        problem = json.loads(body)
        assert (status, problem["code"]) == (400, "api.wrong_parameter")
        assert [fault["parameter"] for fault in problem["errors"]] == [parameter]

    @pytest.mark.parametrize(
        ("method", "path", "more", "words"),
        [
            (
                "GET",
                "/bookings",
                {"params": {"state": "foo"}},
                "只能是 requested、held、confirmed、seated、done、cancelled、no_show、expired",
            ),
            ("POST", "/service-calls", {"json": {"table": "A01", "kind": "dance"}}, "只能是 water、tissue、chair、clean、bill、other"),
            ("POST", f"/bookings/{'0' * 26}/cancel", {"json": {"reason": "停电" * 31}}, "太长，最多 60 个字"),
        ],
    )
    async def test_a_fault_is_told_in_words_for_the_staff(
        self, till: Till, method: str, path: str, more: dict[str, Any], words: str
    ) -> None:
        answer = await till.ask(method, path, **more)

        assert [fault["detail"] for fault in answer["errors"]] == [words]

    async def test_a_plus_that_became_a_space_is_explained(self, till: Till) -> None:
        status, _, body = await raw(till.client, "GET", "/bookings/offers?at=2026-11-28T19:00:00+08:00&people=2", headers=bearer(till))

        assert status == 400
        assert "%2B" in json.loads(body)["errors"][0]["detail"]

    @pytest.mark.parametrize("after", ["x", "bnVsbA", "W10=!", "%ff", "eyJhIjoxfQ"])
    async def test_a_cursor_that_is_none_of_ours_is_400(self, till: Till, after: str) -> None:
        assert (await till.get("/bookings", after=after)).code == "api.wrong_cursor"

    async def test_an_act_takes_no_query(self, till: Till) -> None:
        answer = await till.ask("POST", "/waitlist", json={"people": 2}, params={"people": "3"})

        assert answer.code == "api.wrong_parameter"


class TestBodies:
    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ({}, "#/starts_at", "missing"),
            ({**BOOKING, "people": "2"}, "#/people", "int_type"),
            ({**BOOKING, "people": 2.5}, "#/people", "int_type"),
            ({**BOOKING, "people": True}, "#/people", "int_type"),
            ({**BOOKING, "people": 0}, "#/people", "greater_than_equal"),
            ({**BOOKING, "people": 10**30}, "#/people", "less_than_equal"),
            ({**BOOKING, "phone": "13800000000"}, "#/phone", "extra_forbidden"),
            ({**BOOKING, "a/b~": 1}, "#/a~1b~0", "extra_forbidden"),
            ({**BOOKING, "name": "长" * 41}, "#/name", "string_too_long"),
            ({**BOOKING, "scene": "party"}, "#/scene", "enum"),
            ({**BOOKING, "starts_at": "2026-11-28T19:00:00"}, "#/starts_at", "instant"),
            ({**BOOKING, "starts_at": "2026-11-28"}, "#/starts_at", "instant"),
            ({**BOOKING, "starts_at": 1764000000}, "#/starts_at", "instant"),
            ({**BOOKING, "starts_at": "1764000000"}, "#/starts_at", "instant"),
            ({**BOOKING, "starts_at": "2026-02-30T19:00:00Z"}, "#/starts_at", "no_such_day"),
            ({**BOOKING, "starts_at": "0001-01-01T00:00:00+14:00"}, "#/starts_at", "far_away"),
            ({**BOOKING, "starts_at": "9999-12-31T23:59:59-14:00"}, "#/starts_at", "far_away"),
        ],
    )
    async def test_what_does_not_fit_is_422_and_pointed_at(self, till: Till, body: Any, pointer: str, code: str) -> None:
        text = json.dumps(body)
        answer = await till.ask("POST", "/bookings", data=text, kind=JSON)

        assert (answer.status, answer.code) == (422, "api.wrong_body")
        assert (pointer, code) in [(fault["pointer"], fault["code"]) for fault in answer["errors"]]

    @pytest.mark.parametrize("body", [[], "x", None, 1, True])
    async def test_a_body_is_an_object(self, till: Till, body: Any) -> None:
        answer = await till.ask("POST", "/waitlist", data=json.dumps(body), kind=JSON)

        assert (answer.status, answer.code) == (422, "api.wrong_body")

    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b'{"people": 2} x',
            b'{"people": 2, "people": 3}',
            b'{"people": NaN}',
            b'{"people": 1e999999}' * 2,
            b"\xff\xfe",
            b'{"people": 2, "name": "\\ud800"}',
            b'{"people": ' + b"1" * 5000 + b"}",
            b"[" * 30_000,
        ],
    )
    async def test_what_is_no_json_is_400(self, till: Till, body: bytes) -> None:
        answer = await till.ask("POST", "/waitlist", data=body, kind=JSON)

        assert (answer.status, answer.code) == (400, "api.no_json")

    async def test_a_body_over_64_kib_is_413_whether_it_says_so_or_not(self, till: Till) -> None:
        async def pieces() -> Any:
            for _ in range(70):
                yield b" " * 1024

        said = await till.ask("POST", "/waitlist", data=b" " * (64 * 1024 + 1), kind=JSON)
        silent = await till.ask("POST", "/waitlist", data=pieces(), kind=JSON)

        assert [(answer.status, answer.code) for answer in (said, silent)] == [(413, "api.too_large")] * 2

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk"])
    async def test_another_type_than_json_is_415(self, till: Till, kind: str) -> None:
        headers = {**bearer(till), "Content-Type": kind, "Idempotency-Key": "1"}
        status, answered, body = await raw(till.client, "POST", "/waitlist", data=b'{"people": 2}', headers=headers)

        assert (status, json.loads(body)["code"]) == (415, "api.wrong_type")
        assert answered["Accept"] == "application/json"

    async def test_an_act_that_asks_for_nothing_takes_no_body_or_an_empty_object(self, till: Till) -> None:
        booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:30:00+08:00", "people": 2})

        assert (await till.post(f"/bookings/{booked['id']}/seat")).status == 200
        assert (await till.post(f"/bookings/{booked['id']}/seat", {})).status == 200
        assert (await till.post(f"/bookings/{booked['id']}/seat", {"x": 1})).code == "api.wrong_body"

    async def test_control_characters_leave_every_text(self, till: Till) -> None:
        booked = await till.post("/bookings", {**BOOKING, "name": " 陈\u202e先\x07生 ", "notes": "靠\u200b窗"})

        assert (booked["name"], booked["notes"]) == ("陈先生", "靠窗")


class TestOtherStores:
    async def test_what_belongs_to_another_store_is_as_if_it_were_not(self, till: Till, hill: Till) -> None:
        booked = await till.post("/bookings", BOOKING)
        number = await till.post("/waitlist", {"people": 2})
        call = (await till.post("/service-calls", {"table": "A01"}))["call"]

        codes = [
            (await hill.get(f"/bookings/{booked['id']}")).code,
            (await hill.patch(f"/bookings/{booked['id']}", {"version": 1, "people": 1})).code,
            *[
                (await hill.post(f"/bookings/{booked['id']}/{act}", body)).code
                for act, body in (
                    ("cancel", {}),
                    ("seat", {}),
                    ("finish", {}),
                    ("no-show", {}),
                    ("excuse", {}),
                    ("extend", {"minutes": 15}),
                )
            ],
        ]
        assert set(codes) == {"bookings.unknown"}
        assert (await hill.post(f"/bookings/{booked['id']}/confirm", {"yes": True})).code == "bookings.unknown"
        assert (await hill.get(f"/waitlist/{number['id']}")).code == "waitlist.unknown_number"
        assert (await hill.post(f"/waitlist/{number['id']}/leave", {})).code == "waitlist.unknown_number"
        assert (await hill.post(f"/service-calls/{call['id']}/take")).code == "service_calls.unknown"
        assert (await hill.post("/tables/A01/close")).code == "tables.unknown_table"
        assert await hill.done() == []
        assert (await till.get(f"/bookings/{booked['id']}")).json == booked.json
