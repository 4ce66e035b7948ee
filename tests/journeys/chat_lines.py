"""What each line of a chat script does. FORMS has every line there is, in the order in which they are tried."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.inbox import Outcome
from bot.messages import InboundKind, ReplyKind
from bot.understanding.engine import ACT, ASK
from domain.bookings.finding import Wish
from domain.bookings.lifecycle import cancel_booking
from domain.bookings.service import book
from domain.bookings.strikes import strike
from domain.checkout.changes import void
from domain.coupons.terms import terms_of
from domain.grants.service import grant_coupon, grant_points
from domain.kernel.clock import business_date
from domain.kernel.ids import new_id
from domain.kernel.money import fen_from_yuan, yuan
from domain.members.merging import Proof, merge
from domain.menu.portions import mark_sold_out
from domain.messaging import emit
from domain.messaging.housekeeping import HousekeepingDue
from domain.orders.rules import OrderState
from domain.orders.service import move_order, placed_lines
from domain.shop.booking_records import BookingRecord, DepositRecord
from domain.shop.menu_records import DishRecord
from domain.shop.snapshot import load_snapshot
from domain.staff.binding import make_code
from domain.staff.models import TaskKind
from domain.staff.roster import add_staff
from domain.staff.rules import ROLE_TITLES, Role
from domain.staff.tasks import open_task
from tests.journeys.experience_lines import EXPERIENCE_FORMS
from tests.journeys.queue_lines import QUEUE_FORMS
from tests.journeys.restaurant import Diner, Restaurant

_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


class Talk:
    """A journey under way. `lines` is what was written and what was really said."""

    def __init__(self, restaurant: Restaurant) -> None:
        self.restaurant = restaurant
        self.lines: list[str] = []
        self._diners: dict[str, Diner] = {}
        self._spoke: Diner | None = None

    def diner(self, name: str) -> Diner:
        """The diner of this name, who is the one that 好味 answers next."""
        self._spoke = self._diners.setdefault(name, self.restaurant.diner(name))
        return self._spoke

    @property
    def answered(self) -> Diner:
        """Who got the last reply."""
        assert self._spoke is not None, "nobody has said anything yet"
        return self._spoke


async def _starts_at(talk: Talk, moment: str) -> None:
    talk.restaurant.clock.set(datetime.fromisoformat(moment))


async def _time_passes(talk: Talk, n: str, unit: str) -> None:
    talk.restaurant.clock.advance(timedelta(**{_UNITS[unit]: int(n)}))


async def _answers(talk: Talk, parts: str) -> None:
    for part in filter(None, map(str.strip, parts.split("…"))):
        assert part in talk.answered.heard, f"expected: {part}"


async def _does_not_say(talk: Talk, words: str) -> None:
    assert words not in talk.answered.heard, f"must not be said: {words}"


async def _hands_over(talk: Talk, parts: str | None) -> None:
    assert talk.answered.last.reply.kind is ReplyKind.HANDOFF, "expected: a person has the talk"
    if parts is None:
        assert not talk.answered.last.reply.text, "expected: no word of the bot"
    else:
        await _answers(talk, parts)


async def _is_silent(talk: Talk) -> None:
    assert talk.answered.last.reply.kind is ReplyKind.SILENCE, "expected: silence"


async def _has_sent(talk: Talk, parts: str) -> None:
    await talk.restaurant.works()
    sent = [message["text"] for message in await talk.restaurant.messages()]
    assert sent, "nothing was sent"
    talk.lines.append(f"    ┊ {sent[-1]}")
    for part in filter(None, map(str.strip, parts.split("…"))):
        assert part in sent[-1], f"expected: {part}"


async def _orders_are(talk: Talk, n: str) -> None:
    placed = len(await talk.restaurant.orders())
    assert placed == int(n), f"orders placed: {placed}"


async def _kitchen_accepts(talk: Talk) -> None:
    """Every kitchen ticket of the newest order is on paper."""
    newest = [order for order in await talk.restaurant.orders() if order.split_from is None][-1]
    await talk.restaurant.database.transaction(move_order, newest.id, OrderState.ACCEPTED, now=talk.restaurant.clock.now())


async def _tickets_are(talk: Talk, role: str, n: str) -> None:
    await talk.restaurant.works()
    roles = [of for of, _ in await talk.restaurant.tickets()]
    assert roles.count(role) == int(n), f"tickets so far: {roles}"


async def _pays(talk: Talk, amount: str | None) -> None:
    fen = await talk.restaurant.pays()
    assert amount is None or fen == fen_from_yuan(amount), f"the bill was {yuan(fen)}元"


async def _changes_price(talk: Talk, dish: str, price: str) -> None:
    await _changes_dish(talk, dish, {"price": fen_from_yuan(price)})


async def _limits_hours(talk: Talk, dish: str, hours: str) -> None:
    await _changes_dish(
        talk, dish, {"available": DishRecord.model_validate({"id": "x", "name": "x", "price": "1", "available": [hours]}).available}
    )


async def _changes_dish(talk: Talk, dish: str, changed: dict[str, Any]) -> None:
    """Import the shop's file again with one dish changed."""
    shop = talk.restaurant.shop
    menu = tuple(
        part.model_copy(update={"dishes": tuple(item.model_copy(update=changed) if item.name == dish else item for item in part.dishes)})
        for part in shop.menu
    )
    assert menu != shop.menu, f"the menu has no dish {dish}"
    await talk.restaurant.imports(shop.model_copy(update={"menu": menu}))


async def _brings_out(talk: Talk, dish: str, price: str) -> None:
    shop = talk.restaurant.shop
    first, *others = shop.menu
    new = DishRecord.model_validate({"id": f"new-{len(first.dishes)}", "name": dish, "price": price})
    await talk.restaurant.imports(shop.model_copy(update={"menu": (first.model_copy(update={"dishes": (*first.dishes, new)}), *others)}))


async def _stops_selling(talk: Talk, dish: str) -> None:
    """No store sells the dish any more."""
    shop = talk.restaurant.shop
    gone = [item.id for part in shop.menu for item in part.dishes if item.name == dish]
    assert gone, f"the menu has no dish {dish}"
    stores = [
        store.model_copy(update={"menu": store.menu.model_copy(update={"without": (*store.menu.without, *gone)})}) for store in shop.stores
    ]
    await talk.restaurant.imports(shop.model_copy(update={"stores": tuple(stores)}))


async def _limits_portions(talk: Talk, dish: str, n: str) -> None:
    await _changes_dish(talk, dish, {"daily_limit": int(n)})


async def _sells_out(talk: Talk, dish: str) -> None:
    """The staff of every store stop the sale of a dish for today."""
    shop, now = talk.restaurant.shop, talk.restaurant.clock.now()
    dish_id = next(item.id for part in shop.menu for item in part.dishes if item.name == dish)
    for store in shop.stores:
        day = business_date(now, store.timezone or shop.brand.timezone)
        await talk.restaurant.database.transaction(mark_sold_out, store.id, dish_id, day, now=now)


async def _takes_back(talk: Talk, dish: str, n: str) -> None:
    """The staff take n of a dish off the newest order."""
    restaurant, now = talk.restaurant, talk.restaurant.clock.now()
    order = (await restaurant.orders())[-1]

    def take_back(session: Session) -> bool:
        line = next(line for line in placed_lines(session, order.id) if line.name == dish)
        portions = {line.id: Decimal(n)}
        return void(session, load_snapshot(session), order.id, portions, by="staff-1", reason="客人退菜", key=new_id(now), now=now)

    await restaurant.database.transaction(take_back)


async def _gives_coupon(talk: Talk, template: str, who: str) -> None:
    """The house gives a coupon of the shop file's templates, through the one door."""
    diner_id, now = await talk.diner(who).id(), talk.restaurant.clock.now()

    def give(session: Session) -> None:
        shop = load_snapshot(session)
        record = shop.brand.coupons[template]
        day = shop.brand.business_day(now)
        reason = {"campaign": "rewards", "rule_version": "test", "reason": "test"}
        key = f"{template}:{talk.restaurant.next_key()}"
        grant_coupon(session, shop, diner_id, terms_of(record), template_id=template, key=key, day=day, days=record.days, now=now, **reason)

    await talk.restaurant.database.transaction(give)


async def _gives_points(talk: Talk, n: str, who: str) -> None:
    diner_id, now = await talk.diner(who).id(), talk.restaurant.clock.now()

    def give(session: Session) -> None:
        shop = load_snapshot(session)
        reason = {"campaign": "rewards", "rule_version": "test", "reason": "test"}
        key = f"points:{talk.restaurant.next_key()}"
        grant_points(session, shop, diner_id, int(n), key=key, day=shop.brand.business_day(now), now=now, **reason)

    await talk.restaurant.database.transaction(give)


async def _night_comes(talk: Talk) -> None:
    """Four in the morning: what a night does is done, and it is eleven o'clock."""
    restaurant = talk.restaurant
    local = restaurant.clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    night = datetime.combine(local.date() + timedelta(days=1), time(4), tzinfo=local.tzinfo)
    restaurant.clock.set(night)
    await restaurant.database.transaction(lambda session: emit(session, HousekeepingDue(day=f"{night:%F}"), now=night))
    await restaurant.works()
    restaurant.clock.set(night + timedelta(hours=7))
    await restaurant.works()


_ROLES = {title: role for role, title in ROLE_TITLES.items()} | {"经理": Role.MANAGER}


async def _asks_deposits(talk: Talk, n: str) -> None:
    """From now on rooms and parties of eight and more leave a deposit."""
    shop = talk.restaurant.shop
    deposit = DepositRecord.model_validate({"rooms": n, "amount": n})
    stores = [
        store.model_copy(update={"bookings": (store.bookings or BookingRecord()).model_copy(update={"deposit": deposit})})
        for store in shop.stores
    ]
    await talk.restaurant.imports(shop.model_copy(update={"stores": tuple(stores)}))


async def _joins_the_staff(talk: Talk, who: str, title: str, store: str | None) -> None:
    """The house hires a diner: on the roster, and bound by typing the code."""
    restaurant, now = talk.restaurant, talk.restaurant.clock.now()
    stores = [one.id for one in restaurant.shop.stores if store and store in one.name]

    def hire(session: Session) -> str:
        staff_id = add_staff(session, who, _ROLES[title], stores, now=now)
        return make_code(session, restaurant.vault.digest, staff_id, now=now)

    await talk.diner(who).says(f"绑定 {await restaurant.database.transaction(hire)}")


async def _did_not_come(talk: Talk, who: str, n: str) -> None:
    """So many times a diner had a table of the first store, and did not come."""
    restaurant = talk.restaurant
    diner, now = talk.diner(who), restaurant.clock.now()
    await diner.says("你好")
    diner_id = await diner.id()

    def miss(session: Session) -> None:
        shop = load_snapshot(session)
        store = next(iter(shop.stores.values()))
        for time_ in range(1, int(n) + 1):
            wish = Wish(now + timedelta(days=20, hours=3 * time_), 2)
            booked = book(session, shop, store.id, None, wish, key=f"missed:{restaurant.next_key()}", now=now)
            strike(session, booked.id, diner_id, now=now)
            cancel_booking(session, booked.id, diner_id=None, now=now)

    await restaurant.database.transaction(miss)


async def _merges(talk: Talk, who: str, into: str) -> None:
    """Staff have scanned both member codes: two diners are one."""
    restaurant = talk.restaurant
    source, target = await talk.diner(who).id(), await talk.diner(into).id()
    await restaurant.database.transaction(merge, target, source, proof=Proof.STAFF, now=restaurant.clock.now())
    await restaurant.works()


async def _opens_task(talk: Talk, kind: str, store: str, text: str) -> None:
    """Something waits for the staff of a store."""
    restaurant, now = talk.restaurant, talk.restaurant.clock.now()
    store_id = next(one.id for one in restaurant.shop.stores if store in one.name)

    def put(session: Session) -> bool:
        key = f"task:{restaurant.next_key()}"
        return open_task(session, TaskKind(kind), key, text, key=key, store_id=store_id, due_at=now + timedelta(hours=2), now=now)

    await restaurant.database.transaction(put)


async def _person(talk: Talk, comes: str, who: str) -> None:
    kind = InboundKind.PERSON_CAME if comes == "接待" else InboundKind.PERSON_LEFT
    await talk.diner(who).sends(kind)


async def _scans(talk: Talk, who: str, code: str) -> None:
    await talk.diner(who).scans(code)


async def _taps(talk: Talk, who: str, label: str) -> None:
    await talk.diner(who).taps(label)


async def _taps_older(talk: Talk, who: str, label: str) -> None:
    await talk.diner(who).taps_older(label)


async def _opens(talk: Talk, who: str, intent: str) -> None:
    await talk.diner(who).menu(intent)


async def _sends_place(talk: Talk, who: str, latitude: str, longitude: str) -> None:
    await talk.diner(who).sends(InboundKind.LOCATION, latitude=float(latitude), longitude=float(longitude))


async def _speaks(talk: Talk, who: str, words: str | None) -> None:
    """A voice message: with words recognised it comes as text."""
    await talk.diner(who).sends(InboundKind.TEXT if words else InboundKind.VOICE, text=words or "")


async def _sends_picture(talk: Talk, who: str) -> None:
    await talk.diner(who).sends(InboundKind.PICTURE)


async def _follows(talk: Talk, who: str, code: str | None) -> None:
    await talk.diner(who).follows(code or "")


async def _leaves(talk: Talk, who: str) -> None:
    await talk.diner(who).sends(InboundKind.UNFOLLOW)


async def _comes_again(talk: Talk, who: str) -> None:
    diner = talk.diner(who)
    before = diner.last.reply
    await diner.repeats(diner.message)
    assert (diner.last.outcome, diner.last.reply) == (Outcome.REPEATED, before), "a repeated push gets the answer it got"


async def _rants(talk: Talk, who: str, length: str, words: str) -> None:
    n = int(length)
    await talk.diner(who).says((words * (n // len(words) + 1))[:n])


async def _says_vaguely(talk: Talk, who: str, ways: str) -> None:
    """Say the first of these that the engine is unsure of: which one that is changes with what it learns."""
    for words in ways.split(" / "):
        understood = await talk.restaurant.engine.parse(words)
        if ASK <= understood.confidence < ACT:
            await talk.diner(who).says(words)
            return
    raise AssertionError("the engine is sure of all of them, or of none")


async def _says(talk: Talk, who: str, words: str) -> None:
    await talk.diner(who).says(words.replace("⏎", "\n"))


FORMS: tuple[tuple[re.Pattern[str], Callable[..., Awaitable[None]]], ...] = tuple(
    (re.compile(pattern), act)
    for pattern, act in (
        *QUEUE_FORMS,
        *EXPERIENCE_FORMS,
        (r"@now (?P<moment>\S+)", _starts_at),
        (r"… 过了 (?P<n>\d+)(?P<unit>秒|分钟|小时|天)", _time_passes),
        (r"好味: (?P<parts>.+)", _answers),
        (r"好味! (?P<words>.+)", _does_not_say),
        (r"好味 转接(?:: (?P<parts>.+))?", _hands_over),
        (r"好味 不出声", _is_silent),
        (r"随后: (?P<parts>.+)", _has_sent),
        (r"订单 (?P<n>\d+)", _orders_are),
        (r"后厨 接单", _kitchen_accepts),
        (r"票 (?P<role>\S+) (?P<n>\d+)", _tickets_are),
        (r"付款(?: (?P<amount>[\d.]+)元)?", _pays),
        (r"店家 改价 (?P<dish>\S+) (?P<price>[\d.]+)元", _changes_price),
        (r"店家 上新 (?P<dish>\S+) (?P<price>[\d.]+)元", _brings_out),
        (r"店家 限时 (?P<dish>\S+) (?P<hours>.+)", _limits_hours),
        (r"店家 停售 (?P<dish>\S+)", _stops_selling),
        (r"店家 估清 (?P<dish>\S+)", _sells_out),
        (r"店家 限量 (?P<dish>\S+) (?P<n>\d+)", _limits_portions),
        (r"店家 送券 (?P<template>\S+) (?P<who>\S+)", _gives_coupon),
        (r"店家 送积分 (?P<n>\d+) (?P<who>\S+)", _gives_points),
        (r"夜里", _night_comes),
        (r"店家 收订金 (?P<n>\d+)元", _asks_deposits),
        (r"店家 退菜 (?P<dish>\S+) (?P<n>[\d.]+)", _takes_back),
        (r"店员 (?P<who>\S+) (?P<title>服务员|厨师|收银员|店长|经理|老板)(?: (?P<store>\S+))?", _joins_the_staff),
        (r"店家 待办 (?P<kind>\w+) (?P<store>\S+) (?P<text>.+)", _opens_task),
        (r"会员 (?P<who>\S+) 并入 (?P<into>\S+)", _merges),
        (r"失约 (?P<who>\S+) (?P<n>\d+)次", _did_not_come),
        (r"客服 (?P<comes>接待|离开) (?P<who>\S+)", _person),
        (r"(?P<who>\S+) 说不清: (?P<ways>.+)", _says_vaguely),
        (r"(?P<who>[^\s:!]+): ?(?P<words>.*)", _says),
        (r"(?P<who>\S+) 扫码 (?P<code>\S+)", _scans),
        (r"(?P<who>\S+) 点 (?P<label>.+)", _taps),
        (r"(?P<who>\S+) 旧卡 (?P<label>.+)", _taps_older),
        (r"(?P<who>\S+) 菜单 (?P<intent>\w+)", _opens),
        (r"(?P<who>\S+) 位置 (?P<latitude>[\d.]+),(?P<longitude>[\d.]+)", _sends_place),
        (r"(?P<who>\S+) 语音(?: (?P<words>.+))?", _speaks),
        (r"(?P<who>\S+) 图片", _sends_picture),
        (r"(?P<who>\S+) 关注(?: (?P<code>\S+))?", _follows),
        (r"(?P<who>\S+) 取消关注", _leaves),
        (r"(?P<who>\S+) 再发", _comes_again),
        (r"(?P<who>\S+) 念叨 (?P<length>\d+)字: (?P<words>.+)", _rants),
    )
)
SPOKEN = {act for pattern, act in FORMS if "who" in pattern.groupindex}
