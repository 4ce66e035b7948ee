"""What a skill is: the flows and effects a feature owns, and what its effects may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bot.dialogue.effects import Answer
from bot.dialogue.flows import Flow
from bot.dialogue.state import State
from domain.members.vault import Vault
from domain.messages.asking import Asking
from domain.orders.cart import Cart, find_cart
from domain.orders.places import Place
from domain.orders.repricing import at_todays_prices
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.tables.service import Seat, find_seat
from domain.waitlist.arriving import place_of, ticket_today
from domain.waitlist.line import Ticket


@dataclass
class Context:
    """What an effect may use: the turn's transaction, the shop as it is, who speaks, and the keys of contact data and member codes.

    `openid_digest` is the address that speaks, of a diner who may have several; None when a stored message is taken up late.
    `asking` is with what the diner is asked to allow a notice.
    """

    session: Session
    shop: ShopSnapshot
    diner_id: str
    state: State
    now: datetime
    vault: Vault
    member_code_key: bytes
    openid_digest: str | None = None
    asking: Asking = field(default_factory=Asking)

    @cached_property
    def seat(self) -> Seat | None:
        """Where the diner sits, or None."""
        return find_seat(self.session, self.diner_id, now=self.now)

    @cached_property
    def number(self) -> Ticket | None:
        """The diner's number of today, while it is good for anything; of who waits nowhere, None."""
        return ticket_today(self.session, self.shop, self.diner_id, now=self.now)

    @property
    def place(self) -> Place | None:
        """Where what the diner orders goes: to their table, or to the one they wait for; None for a takeaway."""
        if self.seat is not None or self.number is None:
            return self.seat
        return place_of(self.number)

    def cart(self) -> Cart | None:
        """The open order of the table or the diner as the database has it now, at the menu's prices of now."""
        cart = find_cart(self.session, self.place, self.diner_id)
        return at_todays_prices(cart, self.shop) if cart else None

    def store(self) -> Store | None:
        """Which store the talk is about, or None when the diner must be asked.

        Table session, number in line, open order, store chosen in the last three hours, only store. Source: CONVERSATION §2.
        """
        if self.place:
            return self.shop.known_stores[self.place.store_id]
        cart = find_cart(self.session, None, self.diner_id)
        if cart is not None and (cart.lines or cart.rounds):
            return self.shop.known_stores[cart.store_id]
        chosen = self.shop.stores.get(self.state.store_id or "")
        if chosen is not None:
            return chosen
        return next(iter(self.shop.stores.values())) if len(self.shop.stores) == 1 else None


EffectHandler = Callable[[Context, Mapping[str, Any]], Answer]


@dataclass(frozen=True)
class Skill:
    """A feature's part of the conversation.

    Attributes:
        intents: Questions that a diner may ask at any time; they change nothing.
        flows: What a diner may do, each named by its intent.
        effects: What the flows call: their acts and read-backs. Nothing that is said reaches them by name.
    """

    intents: Mapping[str, EffectHandler] = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    effects: Mapping[str, EffectHandler] = field(default_factory=dict)
