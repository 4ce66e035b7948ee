"""A party is here, or did not come: one that was called, or one that has booked. Both have numbers like B018."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.desk import AT_THE_DOOR, give_tables, is_elsewhere
from bot.skills.staff.no_way_back import stands
from bot.skills.staff.place import at_store
from bot.skills.staff.queue import elsewhere, named_ticket
from bot.skills.staff.reservations import named_bookings, party_said, tables_said
from bot.skills.staff.tables import table_said
from bot.understanding.door_words import CALL_ONE, PARTY_MISSED, PARTY_SEATED
from domain.bookings.errors import BookingOverError
from domain.bookings.lifecycle import miss_booking
from domain.bookings.listing import Booked, bookings_of_day, get_booking
from domain.bookings.rules import COMING
from domain.preorders.service import find_preorder
from domain.shop.store import Store
from domain.staff.errors import WrongStoreError
from domain.staff.roster import Staff, record_act
from domain.staff.rules import Act
from domain.storage import savepoint
from domain.waitlist.booked_parties import hold_floor, seat_booking
from domain.waitlist.calling import miss_call
from domain.waitlist.errors import BookedTableTakenError, NumberMovedError
from domain.waitlist.line import Ticket, tickets_in
from domain.waitlist.rules import AT_CALL, IN_LINE
from domain.waitlist.seating import seat

_TOGETHER = "together"  # who has scanned at the table belongs to the party
_MOST_OFFERED = 8


def seat_party(context: Context, args: Mapping[str, Any]) -> Answer:
    """A005到了, 陈先生到了, A005坐A06. Args: number or name, or ticket or booking; table, where it is not the one of the call.

    With no party named it is the one that is called to the table, or that is called at all.
    """
    meant = _meant(context, PARTY_SEATED, args)
    if not isinstance(meant, tuple):
        return meant
    staff, store, party = meant
    if isinstance(party, Booked):
        tables = [table_said(store, str(args["table"]))] if _goes_elsewhere(args) else []
        try:
            with savepoint(context.session):  # the table that was said is not kept when it cannot be had
                return _seat_booked(context, staff, store, party, tables, together=bool(args.get(_TOGETHER)))
        except BookedTableTakenError as refused:
            this = {**args, "booking": party.id, "store": store.id, _TOGETHER: True}
            ours = Offer(f"{refused.details['table']}坐的就是他们"[:20], (Start(PARTY_SEATED, this),))
            return Refused(refused.code, refused.details, (ours,) if refused.scanned else ())
    table = table_said(store, str(args["table"])) if _goes_elsewhere(args) else None
    if table is not None and table not in store.tables:
        return Refused("staff.no_such_table", {"store": store.name, "table": table})
    try:
        seated = seat(context.session, context.shop, store.id, party.id, by=staff.id, now=context.now, table_code=table)
    except NumberMovedError as refused:
        return _not_called(store, party, table, refused)
    record_act(context.session, staff, Act.DOOR, f"{seated.id} seated", store_id=store.id, now=context.now)
    told = [Prompt("party_sits", {"party": seated.number, "people": seated.people, "table": seated.table_code or ""})]
    preorder = find_preorder(context.session, context.shop, seated)
    if preorder is not None and preorder.confirmed:
        told.append(Prompt("party_preordered", {"count": str(sum(line.quantity for line in preorder.cart.lines))}))
    return stands(Done(tuple(told)), f"{seated.number}入座")


def miss_party(context: Context, args: Mapping[str, Any]) -> Answer:
    """A005过号, B018没来. Args: number or name, or ticket or booking, or table; with none of them whoever is called."""
    meant = _meant(context, PARTY_MISSED, args)
    if not isinstance(meant, tuple):
        return meant
    staff, store, party = meant
    if isinstance(party, Booked):
        return _miss_booked(context, staff, store, party)
    try:
        missed = miss_call(context.session, context.shop, store.id, party.id, by=staff.id, now=context.now)
    except NumberMovedError as refused:
        return elsewhere(refused)
    record_act(context.session, staff, Act.DOOR, f"{missed.id} missed", store_id=store.id, now=context.now)
    name = "party_missed_twice" if missed.misses > 1 else "party_missed"
    told = Done((Prompt(name, {"number": missed.number, "table": party.table_code or ""}),))
    this = {"ticket": missed.id, "store": store.id} if missed.misses == 1 else None
    return stands(told, f"{missed.number}过号", missed=this)


def _seat_booked(context: Context, staff: Staff, store: Store, booked: Booked, tables: Sequence[str], *, together: bool) -> Answer:
    """Args: tables: Where they sit, when it is not where they were to sit. Named long before their time, they are chosen for them;
    together: who has scanned there is of the party.
    """
    hold_floor(context.session, context.shop, store, now=context.now)
    if tables:
        given = give_tables(context, staff, store, booked, tables)
        if isinstance(given, Refused) or context.now < booked.starts_at - AT_THE_DOOR:
            return given
    try:
        seated = seat_booking(context.session, context.shop, booked.id, now=context.now, together=together)
    except BookingOverError as refused:
        return is_elsewhere(refused)
    record_act(context.session, staff, Act.DOOR, f"{seated.id} seated", store_id=store.id, now=context.now)
    sits = Prompt("party_sits", {"party": party_said(seated), "people": seated.people, "table": tables_said(seated)})
    return stands(Done((sits,)), f"{seated.number}入座")


def _miss_booked(context: Context, staff: Staff, store: Store, booked: Booked) -> Answer:
    try:
        missed = miss_booking(context.session, context.shop, booked.id, now=context.now)
    except BookingOverError as refused:
        return is_elsewhere(refused)
    record_act(context.session, staff, Act.DOOR, f"{missed.id} missed", store_id=store.id, now=context.now)
    return stands(
        Done((Prompt("booked_party_missed", {"party": party_said(missed), "table": tables_said(missed)}),)), f"{missed.number}没来"
    )


def _not_called(store: Store, party: Ticket, table: str | None, refused: NumberMovedError) -> Refused:
    """A party that was not called sits down at no table; one that waits can be called to it."""
    told = elsewhere(refused)
    if table is None or party.state not in IN_LINE:
        return told
    call = Start(CALL_ONE, {"ticket": party.id, "table": table, "store": store.id})
    return replace(told, offers=(Offer(f"叫{party.number}到{table}"[:20], (call,)),))


def _meant(context: Context, intent: str, args: Mapping[str, Any]) -> tuple[Staff, Store, Ticket | Booked] | Answer:
    """The party that was tapped, or the one of today that was named; of several it is asked which."""
    at = at_store(context, Act.DOOR, intent, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    if "booking" in args:
        booked = get_booking(context.session, str(args["booking"]))
        if booked.store_id != store.id:
            raise WrongStoreError(name=staff.name)
        return staff, store, booked
    if not _names_party(args):
        return _awaited(context, staff, store, intent, args)
    ticket = named_ticket(context, store, args)
    if "ticket" in args and ticket is not None:
        return staff, store, ticket
    bookings = named_bookings(context, store, args)
    found: list[Ticket | Booked] = [*([ticket] if ticket is not None else []), *bookings]
    expected = [party for party in found if party.state in (AT_CALL if isinstance(party, Ticket) else COMING)]
    parties = expected or found[:1]
    if not parties:
        return Refused("staff.no_such_party", {"store": store.name, "which": str(args.get("number") or args.get("name") or "")})
    if len(parties) == 1:
        return staff, store, parties[0]
    return Done((Prompt("staff_which_party", offers=tuple(_offer(store, intent, args, party) for party in parties[:_MOST_OFFERED])),))


def _names_party(args: Mapping[str, Any]) -> bool:
    return any(args.get(key) for key in ("number", "name", "ticket"))


def _goes_elsewhere(args: Mapping[str, Any]) -> bool:
    """A table that was named beside the party is where it sits; named alone it only says which party is meant."""
    return "table" in args and (_names_party(args) or "booking" in args)


def _awaited(
    context: Context, staff: Staff, store: Store, intent: str, args: Mapping[str, Any]
) -> tuple[Staff, Store, Ticket | Booked] | Answer:
    """The party that was called to a table or is booked there at this hour; of no table in particular, the one that is called."""
    day = context.shop.brand.business_day(context.now, store.timezone)
    called = sorted(
        tickets_in(context.session, store.id, day, AT_CALL), key=lambda one: (one.called_at or one.taken_at, one.id), reverse=True
    )
    found: list[Ticket | Booked] = [*called]
    if "table" in args:
        table = table_said(store, str(args["table"]))
        if table not in store.tables:
            return Refused("staff.no_such_table", {"store": store.name, "table": table})
        soon = context.now + AT_THE_DOOR
        here = [
            one
            for one in bookings_of_day(context.session, store.id, day)
            if one.state in COMING and table in one.tables and one.starts_at <= soon
        ]
        found = [*(one for one in called if one.table_code == table), *here]
        if not found:
            return Refused("staff.nobody_called_there", {"table": table})
    if not found:
        return Refused("staff.nobody_called", {"store": store.name})
    if len(found) == 1:
        return staff, store, found[0]
    return Done((Prompt("staff_which_party", offers=tuple(_offer(store, intent, {}, party) for party in found[:_MOST_OFFERED])),))


def _offer(store: Store, intent: str, args: Mapping[str, Any], party: Ticket | Booked) -> Offer:
    table = {"table": args["table"]} if "table" in args else {}
    if isinstance(party, Ticket):
        this, label = {"ticket": party.id}, f"叫号 {party.number} {party.people}人"
    else:
        this, label = {"booking": party.id}, f"订位 {store.clock_said(party.starts_at)} {party_said(party)}"
    return Offer(label[:20], (Start(intent, {**this, **table, "store": store.id}),))
