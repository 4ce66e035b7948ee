"""/screen/{store}: what the television at the door shows, to whom, and what it needs."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.orm import Session

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache, load_snapshot
from domain.staff.models import TokenScope
from domain.staff.service import create_token, revoke_tokens
from domain.storage import Database
from domain.waitlist.arriving import confirm_presence
from domain.waitlist.calling import call_next, call_ticket, miss_call
from domain.waitlist.presence import STEP, PresenceOutcome, door_key
from domain.waitlist.service import take_number
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.schema import SqliteTemplate
from wechat_gateway.pages.rendering import Pages
from wechat_gateway.pages.screens import ScreenPage

SHOP = """
brand: {name: 老灶, timezone: Asia/Shanghai}
stores:
  - id: river
    name: 河边 <b>店
    tables: [{code: A1, seats: 2}, {code: A2, seats: 2}, {code: B1, seats: 4}, {code: D1, seats: 8}]
  - id: hill
    name: 山上店
    tables: [{code: A1, seats: 2}]
"""
KEY = door_key(b"s" * 32)

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


@pytest.fixture
async def client(database: Database, clock: SettableClock) -> AsyncIterator[Client]:
    await bring_in(database, read_shop(SHOP.encode()).document, imported_by="test", now=clock.now())
    app = web.Application()
    app.add_routes(ScreenPage(database, SnapshotCache(), clock, Pages(), KEY).routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.fixture
async def token(client: Client, database: Database, clock: SettableClock) -> str:
    return await database.transaction(create_token, "river", TokenScope.SCREEN, now=clock.now())


class Door:
    """What happens at the door of the river store."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database = database
        self.clock = clock

    async def does(self, act: Callable[..., Any], *args: Any) -> Any:
        def run(session: Session) -> Any:
            return act(session, load_snapshot(session), "river", *args, by="host", now=self.clock.now())

        done = await self.database.transaction(run)
        self.clock.advance(seconds=1)
        return done

    async def takes(self, people: int, diner: str | None = None) -> str:
        standing = await self.does(take_number, diner, people)
        return str(standing.ticket.id)


@pytest.fixture
def door(database: Database, clock: SettableClock) -> Door:
    return Door(database, clock)


async def shown(client: Client, token: str, store: str = "river", status: int = 200) -> str:
    async with client.get(f"/screen/{store}", params={"token": token}) as answer:
        assert answer.status == status
        return await answer.text()


async def test_calls_with_their_tables_and_the_lines_with_their_first_numbers(client: Client, token: str, door: Door) -> None:
    for people in (2, 2, 2, 2, 2, 2, 4):
        await door.takes(people)
    await door.does(call_next, "A1")
    await door.does(call_next, "A2")

    page = await shown(client, token)

    assert '<li class="newest"><b>A002</b><i>→</i><strong>A2</strong><span>请入座</span></li>' in page
    assert page.index("A002</b>") < page.index("A001</b>")
    assert '<td class="count"><b>4</b> 桌</td>\n<td class="next">A003 A004 A005 …</td>' in page
    assert '<td class="next">B001</td>' in page
    assert '<tr class="free">\n<th>D</th>\n<td class="size">5-8 人</td>\n<td class="count">不用等</td>' in page
    assert "会员优先最多每10桌1桌，今天 0 桌 / 共叫 2 桌" in page


async def test_a_call_out_of_turn_says_why_and_a_missed_one_is_named(client: Client, token: str, door: Door) -> None:
    first, second = await door.takes(2), await door.takes(2)
    await door.does(call_next, "A1")
    await door.does(miss_call, first)
    await door.does(call_ticket, second, "D1")

    page = await shown(client, token)

    assert "<em>店员安排</em>" in page
    assert '<section class="missed"><h2>过号</h2><p>A001</p></section>' in page


async def test_nobody_is_named(client: Client, token: str, database: Database, clock: SettableClock, door: Door) -> None:
    diner = await database.transaction(meet_diner, Vault(b"k" * 32), "openid-x", now=clock.now())
    ticket = await door.takes(2, diner)

    page = await shown(client, token)

    assert "A001" in page
    assert diner not in page
    assert ticket not in page


async def test_the_code_on_the_screen_is_the_one_that_shows_presence_and_changes_every_five_minutes(
    client: Client, token: str, database: Database, clock: SettableClock, door: Door
) -> None:
    diner = await database.transaction(meet_diner, Vault(b"k" * 32), "openid-x", now=clock.now())
    await door.takes(2, diner)
    code = (await shown(client, token)).partition('<p class="code">')[2][:4]
    clock.advance(STEP)
    later = (await shown(client, token)).partition('<p class="code">')[2][:4]

    assert await database.transaction(confirm_presence, diner, later, key=KEY, now=clock.now()) is PresenceOutcome.HERE
    assert await database.transaction(confirm_presence, diner, code, key=KEY, now=clock.now()) is PresenceOutcome.HERE  # shown just before
    clock.advance(STEP)
    assert await database.transaction(confirm_presence, diner, code, key=KEY, now=clock.now()) is PresenceOutcome.WRONG


@pytest.mark.parametrize("given", ["", "hw_screen_wrong", "' OR 1=1 --"])
async def test_without_the_stores_own_token_nothing_is_shown(client: Client, token: str, given: str) -> None:
    page = await shown(client, given, status=403)

    assert "到店码" not in page
    assert "<script" not in page


async def test_a_token_of_another_store_another_scope_or_one_revoked_opens_nothing(
    client: Client, token: str, database: Database, clock: SettableClock
) -> None:
    other = await database.transaction(create_token, "hill", TokenScope.SCREEN, now=clock.now())
    agent = await database.transaction(create_token, "river", TokenScope.AGENT, now=clock.now())

    for wrong, store in ((other, "river"), (agent, "river"), (token, "hill"), (token, "nowhere")):
        await shown(client, wrong, store, status=403)
    await database.transaction(revoke_tokens, "river", TokenScope.SCREEN, now=clock.now())
    await shown(client, token, status=403)


async def test_it_renews_itself_from_here_alone_and_keeps_no_cookie(client: Client, token: str) -> None:
    async with client.get("/screen/river", params={"token": token}) as answer:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"  # the link holds the token
        assert answer.headers["Cache-Control"] == "no-store"

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert 'http-equiv="refresh"' in page  # where scripts are off
    sources = [part.partition('"')[0] for part in page.split('src="')[1:] + page.split('href="')[1:]]
    assert sources == ["/screen/static/screen.js", "/screen/static/screen.css"]
    for path in sources:
        async with client.get(path) as answer:
            assert answer.status == 200
    async with client.get("/screen/static/page.html") as answer:
        assert answer.status == 404


async def test_the_name_of_a_store_is_text_and_the_hour_is_the_stores(client: Client, token: str, clock: SettableClock) -> None:
    clock.advance(timedelta(minutes=2))
    page = await shown(client, token)

    assert "河边 &lt;b&gt;店" in page
    assert "<time>18:32</time>" in page
    assert "18:35 换新码" in page
