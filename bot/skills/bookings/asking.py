"""What is asked about bookings that books nothing: a room's deposit, a least spend, how many it seats; and whether one has paid."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Found, Offer, Prompt
from bot.skill import Context
from bot.skills.bookings.wording import booked_values, deposit_card
from bot.understanding.booking_words import BOOK, VIEW
from bot.understanding.room_questions import DEPOSIT, MINIMUM
from domain.bookings.deposits import ask_deposit, deposit_left
from domain.bookings.listing import bookings_of
from domain.bookings.rules import BookingState
from domain.kernel.money import short_yuan, yuan
from domain.payments.rules import PaymentState
from domain.shop.store import Store

_BOOK = Offer("订位", (Ask(BOOK),))


def room_asked(context: Context, args: Mapping[str, Any]) -> Answer:
    """What a room costs in advance, that nothing must be spent, and how many it seats: of the store of the talk, or of all.

    Args: about, as of room_questions; place, when one was named.
    """
    named = str(args.get("place", ""))
    stores = _stores(context, named)
    if args["about"] in {DEPOSIT, MINIMUM}:
        lines = "\n".join(f"{store.name}：{_deposit_said(store)}" for store in stores)
        return Found((Prompt("room_minimum" if args["about"] == MINIMUM else "room_deposit", {"lines": lines}, (_BOOK,)),))
    lines = "\n".join(filter(None, (_seats_said(store, named) for store in stores)))
    return Found((Prompt("room_seats", {"lines": lines}, (_BOOK,)) if lines else Prompt("no_rooms", offers=(_BOOK,)),))


def deposit_paid(context: Context, args: Mapping[str, Any]) -> Answer:
    """付了吗, 付好了: how the deposit of the next booking stands, with the card that pays it while it is open."""
    for booked in bookings_of(context.session, context.diner_id, now=context.now):
        if booked.state is BookingState.HELD:
            payment = ask_deposit(context.session, booked.id, diner_id=context.diner_id, now=context.now)
            values = booked_values(context, booked)
            if payment.state == PaymentState.PAID:
                return Found((Prompt("deposit_came", values),))
            card = deposit_card(payment, f"{values['store']} {values['time']} {values['people']}")
            return Found((Prompt("deposit_open", values, cards=(card,)),))
        left = deposit_left(context.session, booked.id)
        if left and booked.state is BookingState.CONFIRMED:
            return Found((Prompt("deposit_came", booked_values(context, booked) | {"deposit": yuan(left)}),))
    return Found(then=(Ask(VIEW),))


def _stores(context: Context, named: str) -> list[Store]:
    """The store of the talk where it has what was named; else every store that has it; else all that take bookings."""
    here = context.store()
    having = [one for one in context.shop.stores.values() if named and named in _places(one)]
    if here is not None and (not having or here in having):
        return [here]
    return having or [one for one in context.shop.stores.values() if one.bookings.open]


def _places(store: Store) -> set[str]:
    return {room.name for room in store.rooms} | {table.area for table in store.tables.values() if table.area}


def _deposit_said(store: Store) -> str:
    asked = store.bookings.deposit
    parts = []
    if asked is not None and asked.rooms:
        parts.append(f"包间订金{short_yuan(asked.rooms)}元")
    if asked is not None and asked.amount:
        parts.append(f"{asked.people}位及以上订金{short_yuan(asked.amount)}元")
    if asked is None or not parts:
        return "订位和包间都不收订金"
    return f"{'，'.join(parts)}；到店入座原路全退，提前{asked.refund_hours}小时取消也全退"


def _seats_said(store: Store, named: str) -> str:
    rooms = [room for room in store.rooms if room.name == named] or (list(store.rooms) if named not in _places(store) else [])
    if rooms:
        return f"{store.name}：" + "，".join(f"包间“{room.name}”坐{room.seats}位" for room in rooms)
    tables = [table.seats for table in store.tables.values() if table.area == named]
    return f"{store.name}：{named}有{len(tables)}张桌，最大的坐{max(tables)}位，一共{sum(tables)}位" if tables else ""
