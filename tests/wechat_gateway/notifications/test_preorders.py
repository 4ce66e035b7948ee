"""What a diner hears of the dishes they chose while waiting: once, in words that say what is to be done."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.responses import NLU_DATA, Responses
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, SnapshotCache, snapshot_of
from domain.storage import Database
from haowei.routing import ROUTES
from tests.clock import SettableClock
from tests.schema import SqliteTemplate
from wechat_gateway.notifications.preorders import tells_that_it_is_dropped, tells_that_it_is_placed, tells_that_it_waits_at_the_table

_RESPONSES = Responses.load(NLU_DATA / "responses")
_SHOP = b"""
stores: [{id: one, name: "\xe4\xb8\x80\xe5\xba\x97"}]
menu: [{category: c, dishes: [{id: pork, name: p, price: "58"}]}]
"""
_OF = {"ticket_id": "T1", "store_id": "one", "store_name": "一店", "queue_number": "A005", "dishes": [{"name": "红烧肉", "quantity": "2"}]}
_AT = {"table_code": "A1", "sold_out": [], "too_few": []}
_FEW = {"name": "大虾", "left": "1", "unit": "份"}
_PLACED = _AT | {"order_id": "O1", "order_number": "0007", "total_fen": 11600, "payment_id": None}


class OneStore(SnapshotCache):
    def get(self, session: Session, version: int | None = None) -> ShopSnapshot:
        return snapshot_of(read_shop(_SHOP).document)


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


Hears = Callable[..., Any]


@pytest.fixture
async def hears(database: Database, clock: SettableClock) -> Hears:
    """After an event about a pre-order: every message so far."""
    diner = await database.transaction(meet_diner, Vault(b"k" * 32), "openid-x", now=clock.now())
    told_by = {
        "placed": tells_that_it_is_placed(_RESPONSES),
        "brought": tells_that_it_waits_at_the_table(_RESPONSES),
        "dropped": tells_that_it_is_dropped(_RESPONSES, OneStore()),
    }

    async def hear(what: str, fields: Mapping[str, Any]) -> list[Message]:
        payload = {**_OF, "diner_id": diner, **fields}
        await database.transaction(told_by[what], payload, event_id="E1", now=clock.now())
        return await database.read(lambda session: list(session.execute(select(Message)).scalars()))

    return hear


@pytest.mark.parametrize(
    ("what", "fields", "parts"),
    [
        ("placed", _PLACED, ("A1桌", "红烧肉×2", "单号0007", "116.00元")),
        ("placed", _PLACED | {"sold_out": ["米饭"], "too_few": [_FEW]}, ("米饭刚刚卖完", "大虾只剩1份", "购物车")),
        ("placed", _PLACED | {"payment_id": "P1", "sold_out": ["米饭"]}, ("单号0007", "付款后", "米饭刚刚卖完")),
        ("brought", _AT | {"reason": "unconfirmed"}, ("A1桌", "红烧肉×2还没确认", "下单")),
        ("brought", _AT | {"reason": "late"}, ("没来得及下单", "A1桌的购物车", "下单")),
        ("brought", _AT | {"reason": "sold_out", "sold_out": ["红烧肉"]}, ("A1桌", "红烧肉刚刚卖完")),
        ("dropped", {"reason": "staff"}, ("A005号没有入座", "红烧肉×2就不做了")),
        ("dropped", {"reason": "closed"}, ("一店已经打烊", "没有收费")),
        ("dropped", {"reason": "late"}, ("红烧肉×2没有下单", "扫桌上的码")),
    ],
)
async def test_what_became_of_it_is_said_once(hears: Hears, what: str, fields: Mapping[str, Any], parts: tuple[str, ...]) -> None:
    await hears(what, fields)
    (message,) = await hears(what, fields)

    assert [part for part in parts if part not in message.content["reply"]["text"]] == []


async def test_where_the_kitchen_waits_for_the_money_the_card_pays_and_says_what_is_missing(hears: Hears) -> None:
    (message,) = await hears("placed", _PLACED | {"payment_id": "P1", "sold_out": ["米饭"]})

    [[title, text, url, _]] = message.content["reply"]["cards"]
    assert (title, url) == ("待付款 ￥116.00", "/pay/P1")
    assert "米饭刚刚卖完" in text


async def test_who_gave_the_number_up_was_told_at_once_and_hears_nothing_more(hears: Hears) -> None:
    assert await hears("dropped", {"reason": "diner"}) == []


async def test_what_a_night_ends_is_told_by_day(hears: Hears, clock: SettableClock) -> None:
    clock.set(datetime(2026, 11, 21, 20, 0, tzinfo=UTC))  # four in the morning in Shanghai

    (message,) = await hears("dropped", {"reason": "day_over"})

    assert message.leaves_at == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
