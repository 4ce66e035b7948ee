"""A whole meal by chat with Rasa behind the bot, and the same meal when Rasa dies in the middle of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import haowei
from bot.responses import NLU_DATA, Responses
from bot.understanding.engine import Engine, Entity, Understanding
from domain.shop.reading import read_shop
from domain.storage import Database
from tests.clock import SettableClock
from tests.journeys.restaurant import Diner, Restaurant
from tests.rasa.server import RasaServer
from tests.rasa.test_server import all_fallbacks, fallbacks

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_SHOP = Path(haowei.__file__).parent / "demo" / "shop.yaml"
_TITLES = Responses.load(NLU_DATA / "responses").intent_titles()


class Heard:
    """An engine, and every text that it was asked about."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.texts: list[str] = []

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        self.texts.append(text)
        return await self._engine.parse(text, expected=expected, known=known)


@pytest.fixture
def heard(asking: Engine) -> Heard:
    return Heard(asking)


@pytest.fixture
async def restaurant(database: Database, clock: SettableClock, heard: Heard) -> Restaurant:
    restaurant = Restaurant(database, clock, heard)
    await restaurant.imports(read_shop(_SHOP.read_bytes()).document)
    return restaurant


async def means(diner: Diner, said: str, intent: str) -> None:
    """Say something; asked 「您是想…吗？」, which a model of a few rounds may ask, choose what was meant."""
    await diner.says(said)
    choices = [choice.label for choice in diner.last.reply.choices]
    if _TITLES[intent] in choices:
        await diner.taps(_TITLES[intent])


async def orders(diner: Diner) -> None:
    """Look at the menu, choose a meal, and look at what was chosen."""
    await diner.scans("t.chunxi.A01")
    await means(diner, "有没有菜单给我看一下", "view_menu")
    diner.hears("春熙路店菜单")
    await diner.says("来两份红烧肉")
    diner.hears("秘制红烧肉×2")
    await diner.says("再来一碗米饭")
    diner.hears("米饭×1")
    await means(diner, "看一下我都点了啥", "view_cart")
    diner.hears("秘制红烧肉×2", "米饭×1", "合计")


async def finishes(restaurant: Restaurant, diner: Diner) -> None:
    """Have it cooked, and pay."""
    await means(diner, "可以下单了让后厨做吧", "checkout")
    diner.hears("秘制红烧肉×2", "米饭×1", "确认下单吗")
    await diner.taps("确认下单")
    diner.hears("单号 0001")
    await restaurant.works()
    await means(diner, "等了二十分钟了怎么还没上呀", "order_status")
    diner.hears("单号 0001")
    await means(diner, "我们吃完了 结一下账", "pay_bill")
    [card] = diner.last.reply.cards
    assert card.url.startswith("/pay/")

    paid = await restaurant.pays()

    [order] = await restaurant.orders()
    assert (order.payment_status, order.paid_fen) == ("paid", paid)
    roles = [role for role, _ in await restaurant.tickets()]
    assert {"kitchen:热菜", "receipt"} <= set(roles)


async def test_a_meal_by_chat(restaurant: Restaurant, heard: Heard) -> None:
    before = all_fallbacks()
    diner = restaurant.diner()

    await orders(diner)
    await finishes(restaurant, diner)

    assert len(heard.texts) >= 3
    assert all_fallbacks() == before  # Rasa answered each of them


async def test_rasa_dies_in_the_middle(restaurant: Restaurant, heard: Heard, rasa: RasaServer) -> None:
    before, dead = all_fallbacks(), fallbacks("dead")
    diner = restaurant.diner()

    await orders(diner)
    by_rasa = len(heard.texts)
    assert by_rasa >= 1
    assert all_fallbacks() == before
    rasa.kill()
    await finishes(restaurant, diner)

    lost = len(heard.texts) - by_rasa
    assert lost >= 2
    assert all_fallbacks() == before + lost
    assert fallbacks("dead") == dead + min(lost, 3)
